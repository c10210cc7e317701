"""A certificate in words, and the own certificate asked for before the first signature."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from forensics.services.door import Laboratory
from reports.issuing import my_credential


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Whom a certificate names, who issued it, from when until when it is valid, its SHA-256."""

    subject: str
    organisation: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    fingerprint: str

    def is_valid(self, at: datetime) -> bool:
        return self.valid_from <= at <= self.valid_until


def certificate_facts(pem: str) -> CertificateFacts:
    """The facts of a PEM certificate; the fingerprint is that of its DER bytes."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509.oid import NameOID

    found = x509.load_pem_x509_certificate(pem.encode())

    def part(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
        values = name.get_attributes_for_oid(oid)
        return str(values[0].value) if values else ""

    return CertificateFacts(
        part(found.subject, NameOID.COMMON_NAME) or found.subject.rfc4514_string(),
        part(found.subject, NameOID.ORGANIZATION_NAME),
        part(found.issuer, NameOID.COMMON_NAME) or found.issuer.rfc4514_string(),
        found.not_valid_before_utc,
        found.not_valid_after_utc,
        hashlib.sha256(found.public_bytes(Encoding.DER)).hexdigest(),
    )


def ensure_certificate(lab: Laboratory, password: str) -> str:
    """The own certificate (PEM), issued by the laboratory now where there is none yet."""
    return my_credential(lab, password).certificate.decode()
