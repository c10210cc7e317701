"""Saying what a finding of a blind search was, so that the next search does not bring it back as open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from forensics.domain.blind import BlindSearch, Finding, FindingKind, Outcome, Settlement
from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Permission
from forensics.domain.rescreening import short_digest
from forensics.persistence.transaction import Transaction
from forensics.services.blind_questions import BlindQuestion
from forensics.services.door import command, query

HELD_AGAINST_DRAWING = (FindingKind.CONTRADICTED, FindingKind.OTHER_SEX)


@query(Permission.MATCH_READ)
def blind_searches(tx: Transaction, operation: UUID) -> list[BlindSearch]:
    """Searches of an operation, newest first."""
    return tx.find(BlindSearch, order="-id", operation=operation, voided_at=None)


@command(Permission.REMAINS_ASSOCIATE)
def settle_finding(
    tx: Transaction, seen: BlindSearch, finding: Finding, outcome: Outcome, reason: str
) -> BlindSearch:
    """What a finding of the newest search was; it stays settled while its profiles and its drawing stand."""
    if not reason.strip():
        raise Invalid("Say how you know what the finding was.")
    said = Settlement(outcome, reason.strip(), tx.me, tx.now.isoformat(), finding.basis)
    return _change(tx, seen, finding, said)


@command(Permission.REMAINS_ASSOCIATE)
def reopen_finding(tx: Transaction, seen: BlindSearch, finding: Finding, reason: str) -> BlindSearch:
    """A finding is looked at again; the audit keeps why, and what was said before."""
    if not reason.strip():
        raise Invalid("Say why the finding is looked at again.")
    tx.reason = reason.strip()
    return _change(tx, seen, finding, None)


def _change(tx: Transaction, seen: BlindSearch, finding: Finding, said: Settlement | None) -> BlindSearch:
    newest = blind_searches(tx, seen.operation)[0]
    if newest.id != seen.id:
        raise Refused(f"{seen.number} was followed by {newest.number}; say there what its findings were.")
    if finding not in seen.findings:
        raise Invalid(f"{seen.number} does not have this finding; look at the search again.")
    findings = tuple(replace(f, settled=said) if f == finding else f for f in seen.findings)
    return tx.change(seen, findings=findings)


def carried(
    searches: Sequence[BlindSearch], question: BlindQuestion, findings: Iterable[Finding]
) -> list[Finding]:
    """Findings with what they rest on, and with what was said of them after earlier searches, newest first."""
    said = {f.key: f.settled for search in reversed(searches) for f in search.findings}
    return [replace(f, basis=_basis(question, f), settled=said.get(f.key)) for f in findings]


def _basis(question: BlindQuestion, finding: Finding) -> str:
    tokens = sorted(token for token in (finding.first, finding.second) if token)
    drawn = []
    if finding.kind in HELD_AGAINST_DRAWING:
        families = {question.references[token].family.id for token in tokens}
        drawn = [repr(question.drawings[family].members) for family in sorted(families)]
    return short_digest([[question.numbers[token] for token in tokens], drawn])
