"""Certificates: the laboratory's authority and each person's signing identity, as they are kept.

The keys are made and used in `reports`; here they are only stored, locked, and found again.
"""

import hashlib

from forensics.domain.errors import Invalid
from forensics.domain.operations import Authority
from forensics.domain.people import Permission, SigningIdentity
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query


@query(Permission.REPORT_READ)
def authority(tx: Transaction) -> Authority | None:
    """The laboratory's own authority; None before the first signature."""
    return tx.one(Authority, voided_at=None)


@command(Permission.REPORT_READ)
def record_authority(tx: Transaction, certificate: bytes, locked_key: bytes) -> Authority:
    """Keep the authority that was made for the first signature; there is only ever one."""
    existing = tx.one(Authority, voided_at=None)
    return existing or tx.add(
        Authority(
            certificate=certificate.decode(),
            locked_key=locked_key,
            fingerprint=hashlib.sha256(certificate).hexdigest(),
        )
    )


@query(Permission.REPORT_READ)
def my_identity(tx: Transaction) -> SigningIdentity | None:
    """The newest certificate of the person who is signed in."""
    found = tx.find(SigningIdentity, person=tx.me, voided_at=None)
    return found[-1] if found else None


@command(Permission.REPORT_READ)
def record_identity(
    tx: Transaction,
    certificate: bytes,
    chain: tuple[bytes, ...],
    locked_key: bytes,
    *,
    imported: bool = False,
) -> SigningIdentity:
    """Keep the own new certificate; an earlier one steps back."""
    if not certificate or not locked_key:
        raise Invalid("A signing identity needs a certificate and its key.")
    for old in tx.find(SigningIdentity, person=tx.me, voided_at=None):
        tx.void(old, "replaced by a newer certificate")
    return tx.add(
        SigningIdentity(
            person=tx.me,
            certificate=certificate.decode(),
            chain=tuple(pem.decode() for pem in chain),
            locked_key=locked_key,
            fingerprint=hashlib.sha256(certificate).hexdigest(),
            imported=imported,
        )
    )
