"""The register of issued reports, as a verification asks it."""

from forensics.domain.documents import Report
from forensics.domain.people import Permission
from forensics.persistence.transaction import Transaction
from forensics.services.door import query


@query(Permission.REPORT_READ)
def issued_digests(tx: Transaction, number: str, version: int) -> frozenset[str]:
    """SHA-256 of every file that was issued under this number and version; empty when none was."""
    found = tx.find(Report, number=number, version=version)
    return frozenset(report.pdf_digest for report in found if report.pdf_digest)
