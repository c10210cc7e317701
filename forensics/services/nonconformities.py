"""Nonconformities: reported or opened by a failed check, investigated, closed by another person."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.laboratory import Batch
from forensics.domain.lines import NonconformityLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.quality import Nonconformity, NonconformityKind, NonconformityState
from forensics.domain.samples import Sample
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query


@dataclass(frozen=True, slots=True)
class NonconformityRecord:
    """A nonconformity with what it concerns, as its page shows it."""

    nonconformity: Nonconformity
    batch: Batch | None
    profile: Profile | None
    sample: Sample | None


@query(Permission.PROFILE_READ)
def nonconformities(tx: Transaction, query: ListQuery) -> Page[NonconformityLine]:
    """The list of nonconformities."""
    return lines.NONCONFORMITIES.page(tx, query)


@query(Permission.PROFILE_READ)
def nonconformity_record(tx: Transaction, id: UUID) -> NonconformityRecord:
    """Everything about a nonconformity for its page."""
    found = tx.get(Nonconformity, id)
    return NonconformityRecord(
        found,
        tx.get(Batch, found.batch) if found.batch else None,
        tx.get(Profile, found.profile) if found.profile else None,
        tx.get(Sample, found.sample) if found.sample else None,
    )


@command(Permission.NONCONFORMITY_RECORD)
def report_nonconformity(
    tx: Transaction,
    kind: NonconformityKind,
    what: str,
    *,
    batch: UUID | None = None,
    sample: UUID | None = None,
    caused_by: UUID | None = None,
) -> Nonconformity:
    """Somebody noticed that something was not as it should be."""
    if not what.strip():
        raise Invalid("Say what was not as it should be.")
    return open_one(tx, kind, what.strip(), batch=batch, sample=sample, caused_by=caused_by)


def open_one(
    tx: Transaction,
    kind: NonconformityKind,
    what: str,
    *,
    batch: UUID | None = None,
    profile: UUID | None = None,
    sample: UUID | None = None,
    caused_by: UUID | None = None,
) -> Nonconformity:
    """Open a nonconformity in the name of the person who acts, for use cases that find one themselves."""
    return tx.add(
        Nonconformity(
            kind=kind,
            what=what,
            batch=batch,
            profile=profile,
            sample=sample,
            found_by=tx.me,
            caused_by=caused_by,
        )
    )


@command(Permission.NONCONFORMITY_RECORD)
def investigate(tx: Transaction, id: UUID, cause: str, action: str) -> Nonconformity:
    """The cause as far as it is known, and what was done about it."""
    if not cause.strip() or not action.strip():
        raise Invalid("Say what the cause was, or that none was found, and what was done about it.")
    return tx.change(
        tx.get(Nonconformity, id),
        state=NonconformityState.INVESTIGATED,
        cause=cause.strip(),
        action=action.strip(),
        investigated_by=tx.me,
    )


@command(Permission.QUALITY_MANAGE)
def send_back(tx: Transaction, id: UUID, why: str) -> Nonconformity:
    """The investigation is not enough; say what is missing."""
    if not why.strip():
        raise Invalid("Say what is missing in the investigation.")
    return tx.change(tx.get(Nonconformity, id), state=NonconformityState.OPEN, conclusion=why.strip())


@command(Permission.QUALITY_MANAGE)
def close_nonconformity(tx: Transaction, id: UUID, conclusion: str) -> Nonconformity:
    """The action was effective; closed by another person than who reported it or whose work it concerns."""
    if not conclusion.strip():
        raise Invalid("Say why it can be closed: how it was seen that the action helped.")
    return tx.change(
        tx.get(Nonconformity, id),
        state=NonconformityState.CLOSED,
        closed_by=tx.me,
        conclusion=conclusion.strip(),
    )
