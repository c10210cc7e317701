"""From a drafted report to an issued one: render, sign with the own certificate, put into the register.

On first use the laboratory gets its own authority and the person a certificate; keys never leave the
laboratory unlocked.
"""

from datetime import UTC, datetime

from forensics.domain.documents import Report, ReportState
from forensics.domain.errors import Refused
from forensics.services import documents, identities, operations
from forensics.services.authorities import remember_authority
from forensics.services.door import Laboratory
from forensics.services.people import prove
from reports import signing
from reports.authority import (
    Authority,
    Credential,
    Identity,
    create_authority,
    import_pkcs12,
    issue_identity,
    unlock,
)
from reports.rendering import render


def preview(lab: Laboratory, report: Report, paper: str = "A4") -> bytes:
    """The PDF as it stands: the newest signed file, or a draft with its watermark."""
    record = lab.run(documents.report_record, report.id)
    return record.pdf or render(report.kind, record.facts, "DRAFT", paper)


def sign(lab: Laboratory, report: Report, password: str, paper: str = "A4") -> Report:
    """The author signs, after proving again who one is; the pages are final from here on."""
    return sign_with(lab, report, my_credential(lab, password), paper)


def sign_with(lab: Laboratory, report: Report, credential: Credential, paper: str = "A4") -> Report:
    """The author signs with the own certificate, which was unlocked for this."""
    record = lab.run(documents.report_record, report.id)
    if report.author != lab.person.id:
        raise Refused(f"{record.author} wrote this report and signs it first.")
    pdf = render(report.kind, record.facts, None, paper)
    author = record.facts.frame.author
    signed = signing.sign_author(pdf, credential, author.role, author.meaning)
    return lab.run(documents.record_signed, report, signed)


def authorise(lab: Laboratory, report: Report, password: str) -> Report:
    """The authoriser signs what the author signed; with that the report is issued."""
    return authorise_with(lab, report, my_credential(lab, password))


def authorise_with(lab: Laboratory, report: Report, credential: Credential) -> Report:
    """The authoriser signs with the own certificate, which was unlocked for this."""
    record = lab.run(documents.report_record, report.id)
    if report.state is not ReportState.SIGNED or record.pdf is None:
        raise Refused(f"{report.number} is {report.state}; the author signs first.")
    who = record.facts.frame.authoriser
    signed = signing.sign_authoriser(record.pdf, credential, who.role, who.meaning)
    return lab.run(documents.record_issue, report, signed)


def my_credential(lab: Laboratory, password: str) -> Credential:
    """The own unlocked certificate; made by the laboratory's authority on first use."""
    own_secret = prove(lab, password)
    kept = lab.run(identities.my_identity)
    if kept is None:
        return unlock(_first_identity(lab, own_secret), own_secret.hex().encode())
    chain = tuple(pem.encode() for pem in kept.chain)
    identity = Identity(kept.certificate.encode(), kept.locked_key, chain)
    return unlock(identity, own_secret.hex().encode())


def _first_identity(lab: Laboratory, own_secret: bytes) -> Identity:
    authority, vault = _authority(lab), lab.vault_key.hex().encode()
    laboratory = lab.run(operations.laboratory).name
    person = lab.person
    made = issue_identity(authority, vault, person.name, laboratory, own_secret.hex().encode(), person.login)
    lab.run(identities.record_identity, made.certificate, made.chain, made.key)
    return made


def _authority(lab: Laboratory) -> Authority:
    """The laboratory's authority, made for the first signature; its key is locked with the vault key."""
    kept = lab.run(identities.authority)
    if kept is None:
        laboratory = lab.run(operations.laboratory).name
        made = create_authority(laboratory, lab.vault_key.hex().encode(), datetime.now(UTC))
        kept = lab.run(identities.record_authority, made.certificate, made.key)
    certificate = kept.certificate.encode()
    remember_authority(lab.name, certificate)
    return Authority(certificate, kept.locked_key)


def take_certificate(lab: Laboratory, pkcs12: bytes, file_password: str, password: str) -> None:
    """Use a certificate from elsewhere (PKCS#12) for the own signatures from now on."""
    own_secret = prove(lab, password)
    taken = import_pkcs12(pkcs12, file_password.encode(), own_secret.hex().encode())
    lab.run(identities.record_identity, taken.certificate, taken.chain, taken.key, imported=True)
