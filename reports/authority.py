"""The laboratory as its own certificate authority, and the certificates of the people who sign.

Keys are EC P-256; private keys leave this module only encrypted (PKCS#8 or PKCS#12). Personal certificates
carry the extended use emailProtection, without which common viewers don't trust a signature, and key usages
digitalSignature and nonRepudiation (RFC 5280, 4.2.1.3 and 4.2.1.12).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from forensics.domain.errors import Invalid, Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

AUTHORITY_YEARS, PERSON_YEARS = 20, 3


@dataclass(frozen=True, slots=True)
class Authority:
    """A laboratory's certificate and its private key, PEM; the key is encrypted with a passphrase."""

    certificate: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """A person's certificate with the chain above it, and the encrypted private key, all PEM."""

    certificate: bytes
    key: bytes = field(repr=False)
    chain: tuple[bytes, ...] = ()

    @property
    def name(self) -> str:
        return common_name(self.certificate)


@dataclass(frozen=True, slots=True)
class Credential:
    """An unlocked identity, kept in memory for one act of signing."""

    certificate: bytes
    chain: tuple[bytes, ...]
    key: "PrivateKeyTypes" = field(repr=False)

    @property
    def name(self) -> str:
        return common_name(self.certificate)


def create_authority(laboratory: str, passphrase: bytes, now: datetime | None = None) -> Authority:
    """A self-signed authority for one laboratory, valid twenty years from `now` (default: the present)."""
    from cryptography import x509

    key, start = _new_key(), _moment(now)
    name = _name(f"{laboratory} authority", laboratory)
    builder = _builder(name, name, key.public_key(), start, AUTHORITY_YEARS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(authority=True), critical=True)
    return Authority(_signed(builder, key), _locked(key, passphrase))


def issue_identity(
    authority: Authority,
    passphrase: bytes,
    person: str,
    laboratory: str,
    personal_passphrase: bytes,
    number: str = "",
    now: datetime | None = None,
    years: int = PERSON_YEARS,
) -> Identity:
    """A certificate for `person`; `passphrase` opens the authority, `personal_passphrase` locks the new key."""
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    issuer = x509.load_pem_x509_certificate(authority.certificate)
    key = _new_key()
    builder = _builder(
        _name(person, laboratory, number), issuer.subject, key.public_key(), _moment(now), years
    )
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(authority=False), critical=True)
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    builder = builder.add_extension(uses, critical=False)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]
    builder = builder.add_extension(above, critical=False)
    signed = _signed(builder, _opened(authority.key, passphrase, "the authority of the laboratory"))
    return Identity(signed, _locked(key, personal_passphrase), (authority.certificate,))


def unlock(identity: Identity, passphrase: bytes) -> Credential:
    """The credential for signing; `Refused` when the passphrase does not open the key."""
    key = _opened(identity.key, passphrase, f"the signing key of {identity.name}")
    return Credential(identity.certificate, identity.chain, key)


def export_pkcs12(identity: Identity, passphrase: bytes, password: bytes) -> bytes:
    """The identity as a PKCS#12 file under `password`, for another machine or a card."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    own = x509.load_pem_x509_certificate(identity.certificate)
    above = [x509.load_pem_x509_certificate(pem) for pem in identity.chain]
    key = unlock(identity, passphrase).key
    name = identity.name.encode()
    return serialize_key_and_certificates(name, key, own, above, BestAvailableEncryption(password))  # type: ignore[arg-type]


def import_pkcs12(
    data: bytes, password: bytes, personal_passphrase: bytes, now: datetime | None = None
) -> Identity:
    """An identity from a PKCS#12 file, its key locked again with `personal_passphrase`.

    `Invalid`: no PKCS#12 file, wrong password, or a part is missing; `Refused`: expired or not yet valid.
    """
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        key, own, above = load_key_and_certificates(data, password)
    except (ValueError, TypeError) as error:
        raise Invalid(
            "The certificate file can't be opened: either the password is wrong or it is not a PKCS#12 file "
            "(.p12, .pfx); type the password again or choose another file."
        ) from error
    if own is None or key is None:
        lacking = "certificate that belongs to its key" if own is None else "private key"
        raise Invalid(f"The certificate file holds no {lacking}; export it again together with both.")
    for certificate in (own, *above):
        _demand_comparable(certificate)
    check_valid(own, _moment(now))
    pem = _pem(own)
    return Identity(pem, _locked(key, personal_passphrase), tuple(_pem(c) for c in above))


def check_valid(certificate: "Certificate", now: datetime) -> None:
    """`Refused` outside the certificate's period of validity."""
    name = _common_name(certificate)
    if now > certificate.not_valid_after_utc:
        end = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
        raise Refused(
            f"The certificate of {name} expired on {end}; ask the administrator to issue a new one."
        )
    if now < certificate.not_valid_before_utc:
        start = f"{certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
        raise Refused(f"The certificate of {name} is valid only from {start}; check this machine's clock.")


def common_name(pem: bytes) -> str:
    """The name that a PEM certificate was issued to."""
    from cryptography import x509

    return _common_name(x509.load_pem_x509_certificate(pem))


def _common_name(certificate: "Certificate") -> str:
    from cryptography.x509.oid import NameOID

    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def _new_key() -> "ec.EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def certified_name(name: str) -> str:
    """The name as a certificate holds it: at most 64 characters (X.520), in Latin where it must be.

    Names are compared by RFC 4518, which refuses what mixes the directions of writing or is too new for its
    tables; a certificate with such a name would verify nowhere.
    """
    cut = name[:64].strip()
    if _is_comparable(cut):
        return cut
    from anyascii import anyascii

    return str(anyascii(cut))[:64].strip() or "?"


def _is_comparable(text: str) -> bool:
    from asn1crypto.x509 import Name as Comparable

    try:
        return bool(Comparable.build({"common_name": text}).hashable)
    except ValueError:
        return False


def _demand_comparable(certificate: "Certificate") -> None:
    """`Invalid` for a certificate whose names no verifier can compare (see `certified_name`)."""
    from asn1crypto.x509 import Certificate as Comparable
    from cryptography.hazmat.primitives.serialization import Encoding

    found = Comparable.load(certificate.public_bytes(Encoding.DER))
    try:
        found.subject.hashable, found.issuer.hashable  # noqa: B018 - reading them compares
    except ValueError:
        raise Invalid(
            f"The certificate of {_common_name(certificate)} holds a name that mixes the directions of writing; "
            "signatures with it would verify nowhere: ask for one with the name in one script."
        ) from None


def _name(common: str, laboratory: str, number: str = "") -> "Name":
    """A subject; X.520 limits every part to 64 characters."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    parts = [
        (NameOID.ORGANIZATION_NAME, laboratory),
        (NameOID.COMMON_NAME, common),
        (NameOID.SERIAL_NUMBER, number),
    ]
    return x509.Name([x509.NameAttribute(oid, certified_name(text)) for oid, text in parts if text])


def _builder(
    subject: "Name", issuer: "Name", public: "ec.EllipticCurvePublicKey", start: datetime, years: int
) -> "CertificateBuilder":
    """What both kinds of certificate have; five minutes of grace for clocks that disagree."""
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - timedelta(minutes=5))
        .not_valid_after(start + timedelta(days=round(365.25 * years)))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(authority: bool) -> "KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,  # the newer name of nonRepudiation
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _signed(builder: "CertificateBuilder", key: Any) -> bytes:
    from cryptography.hazmat.primitives import hashes

    return _pem(builder.sign(key, hashes.SHA256()))


def _pem(certificate: "Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _locked(key: "PrivateKeyTypes", passphrase: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

    if not passphrase:
        raise Invalid("A signing key needs a passphrase; enter one that is not empty.")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase))


def _opened(key: bytes, passphrase: bytes, whose: str) -> "PrivateKeyTypes":
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(key, passphrase)
    except (ValueError, TypeError) as error:
        raise Refused(f"The passphrase does not open {whose}; type it again.") from error


def _moment(now: datetime | None) -> datetime:
    """`now` or the present, to the second, as certificates count."""
    return (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
