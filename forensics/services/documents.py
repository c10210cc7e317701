"""The register of reports: drafted with frozen facts, signed by the author, authorised, issued.

The facts are frozen when a report is drafted; every later page and number comes from them. Rendering and
signing happen in `reports`, which calls the `record_…` commands here.
"""

import hashlib
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain.documents import Report, ReportFile, ReportState
from forensics.domain.errors import Invalid, Refused
from forensics.domain.facts import ReportFacts
from forensics.domain.lines import ReportLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Authorisation, Permission, Person, Role, permissions_of
from forensics.formats import facts as codec
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query


@dataclass(frozen=True)
class ReportRecord:
    """A report as its page shows it: the register entry, its facts, its newest file."""

    report: Report
    author: str
    authoriser: str
    facts: ReportFacts
    pdf: bytes | None


@query(Permission.REPORT_READ)
def reports(tx: Transaction, query: ListQuery) -> Page[ReportLine]:
    """The register."""
    return lines.REPORTS.page(tx, query)


@query(Permission.REPORT_READ)
def report_record(tx: Transaction, id: UUID) -> ReportRecord:
    """A report with its frozen facts and the newest signed file."""
    report = tx.get(Report, id)
    signed = tx.find(ReportFile, report=id, stage=[ReportState.SIGNED, ReportState.ISSUED])
    draft = tx.one(ReportFile, report=id, stage=ReportState.DRAFT)
    if draft is None:
        raise Invalid(f"The facts of {report.number} are missing from the register.")
    return ReportRecord(
        report,
        tx.get(Person, report.author).name,
        tx.get(Person, report.authoriser).name if report.authoriser else "",
        codec.read(draft.content),
        signed[-1].content if signed else None,
    )


@query(Permission.REPORT_READ)
def authorisers(tx: Transaction) -> list[Person]:
    """Everybody who may authorise a report, except the person who asks."""
    roles: dict[UUID, list[Role]] = {}
    for held in tx.find(Authorisation, voided_at=None):
        roles.setdefault(held.person, []).append(held.role)
    return [
        person
        for person in tx.find(Person, order="name", active=True)
        if person.id != tx.me and Permission.REPORT_AUTHORISE in permissions_of(roles.get(person.id, []))
    ]


@command(Permission.REPORT_AUTHOR)
def record_draft(
    tx: Transaction,
    facts: ReportFacts,
    authoriser: UUID,
    *,
    hypothesis: UUID | None = None,
    identification: UUID | None = None,
    supersedes: UUID | None = None,
) -> Report:
    """Put a draft into the register: it gets its number, and its facts are frozen with the audit's head."""
    if authoriser == tx.me:
        raise Refused("The report must be authorised by another person than its author.")
    head = tx.audit_head()
    old = tx.get(Report, supersedes) if supersedes else None
    version = old.version + 1 if old else 1
    number = old.number if old else tx.numbers(Report, 1)[0]
    frame = replace(facts.frame, number=number, version=version, audit=head)
    frozen = replace(
        facts, frame=replace(frame, supersedes=f"{old.number} version {old.version}" if old else "")
    )
    report = tx.add(
        Report(
            number=number,
            kind=codec.kind_of(frozen),
            version=version,
            language=frame.language,
            title=frame.title,
            hypothesis=hypothesis,
            identification=identification,
            facts_digest=codec.digest(frozen),
            author=tx.me,
            authoriser=authoriser,
            audit_sequence=head.sequence,
            audit_head=head.digest,
            supersedes=supersedes,
        )
    )
    _keep(tx, report, ReportState.DRAFT, codec.write(frozen))
    return report


def _keep(tx: Transaction, report: Report, stage: ReportState, content: bytes) -> ReportFile:
    digest = hashlib.sha256(content).hexdigest()
    return tx.add(ReportFile(report=report.id, stage=stage, content=content, digest=digest))


@command(Permission.REPORT_AUTHOR)
def record_signed(tx: Transaction, seen: Report, pdf: bytes) -> Report:
    """The author has signed."""
    if seen.author != tx.me:
        raise Refused("Only the author of a report signs it as author.")
    _keep(tx, seen, ReportState.SIGNED, pdf)
    return tx.change(seen, state=ReportState.SIGNED)


@command(Permission.REPORT_AUTHORISE)
def record_issue(tx: Transaction, seen: Report, pdf: bytes) -> Report:
    """The authoriser has signed: the report is issued, its digest registered; an earlier version is amended."""
    if seen.authoriser != tx.me:
        raise Refused("This report names another authoriser; that person signs, or the draft is withdrawn.")
    _keep(tx, seen, ReportState.ISSUED, pdf)
    digest = hashlib.sha256(pdf).hexdigest()
    issued = tx.change(seen, state=ReportState.ISSUED, pdf_digest=digest, issued_at=tx.now)
    if seen.supersedes:
        tx.change(
            tx.get(Report, seen.supersedes),
            state=ReportState.AMENDED,
            reason=f"version {seen.version} issued",
        )
    return issued


@command(Permission.REPORT_AUTHOR)
def withdraw(tx: Transaction, seen: Report, reason: str) -> Report:
    """Withdraw a report, with the reason; the file stays readable."""
    if not reason.strip():
        raise Invalid("Say why the report is withdrawn.")
    return tx.change(seen, state=ReportState.WITHDRAWN, reason=reason.strip())
