"""The first examination: recorded as a draft, signed by its examiner, superseded but never changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from forensics.domain.auditing import canonical
from forensics.domain.errors import Invalid, Refused
from forensics.domain.examinations import Examination, ExaminationState
from forensics.domain.people import Permission
from forensics.domain.remains import ItemState, RemainsItem
from forensics.persistence.conversion import plain
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command, query
from forensics.services.people import prove
from forensics.services.progressing import advance
from forensics.services.remains import demand_unfrozen

_CONTENT = (
    "case",
    "version",
    "examiner",
    "inventory",
    "minimum_individuals",
    "sex",
    "sex_method",
    "age_minimum",
    "age_maximum",
    "age_method",
    "stature_minimum",
    "stature_maximum",
    "stature_method",
    "marks",
    "dental",
    "rationale",
    "results",
    "unblinded_reason",
)


@query(Permission.EXAMINATION_READ)
def examinations(tx: Transaction, case: UUID) -> list[Examination]:
    """All examinations of a case, oldest first."""
    return tx.find(Examination, case=case, voided_at=None)


@query(Permission.EXAMINATION_READ)
def examination(tx: Transaction, id: UUID) -> Examination:
    """One examination."""
    return tx.get(Examination, id)


@command(Permission.EXAMINATION_RECORD)
def begin_examination(tx: Transaction, case: UUID) -> Examination:
    """A new draft; after a signed one it is its next version."""
    earlier = tx.find(Examination, case=case, voided_at=None)
    open_draft = next((e for e in earlier if e.state is ExaminationState.DRAFT), None)
    if open_draft:
        raise Invalid(f"{open_draft.number} of this case is still a draft; finish that one.")
    last = earlier[-1] if earlier else None
    draft = Examination(case=case, examiner=tx.me)
    if last:
        kept = {name: getattr(last, name) for name in _CONTENT if name not in ("version", "examiner")}
        draft = replace(draft, **kept, version=last.version + 1, supersedes=last.id)
    items = tx.find(RemainsItem, case=case, voided_at=None)
    demand_unfrozen(items)
    advance(tx, items, ItemState.UNDER_EXAMINATION)
    return tx.add(draft)


@command(Permission.EXAMINATION_RECORD)
def change_examination(tx: Transaction, seen: Examination, fields: Mapping[str, Any]) -> Examination:
    """Write into a draft; `seen` is the version the person worked on."""
    _demand_own_draft(tx, seen)
    return tx.change(seen, **fields)


def _demand_own_draft(tx: Transaction, seen: Examination) -> None:
    if seen.state is not ExaminationState.DRAFT:
        raise Refused(f"{seen.number} is signed; begin a new version instead.")
    if seen.examiner != tx.me:
        raise Refused("Only the examiner writes into this examination; begin a version of your own later.")


@command(Permission.EXAMINATION_RECORD)
def record_signature(tx: Transaction, seen: Examination) -> Examination:
    """Fix the examination; `sign_examination` is the way in."""
    _demand_own_draft(tx, seen)
    _demand_complete(seen)
    content = {name: plain(getattr(seen, name)) for name in _CONTENT}
    digest = hashlib.sha256(canonical(content).encode()).hexdigest()
    signed = tx.change(seen, state=ExaminationState.SIGNED, signed_at=tx.now, content_digest=digest)
    if seen.supersedes:
        tx.change(tx.get(Examination, seen.supersedes), state=ExaminationState.SUPERSEDED)
    advance(tx, tx.find(RemainsItem, case=seen.case, voided_at=None), ItemState.INVENTORIED)
    return signed


def sign_examination(lab: Laboratory, seen: Examination, password: str) -> Examination:
    """Sign after proving again who one is."""
    prove(lab, password)
    return lab.run(record_signature, seen)


def _demand_complete(seen: Examination) -> None:
    if not seen.inventory:
        raise Invalid("The inventory is empty; record which elements are there before signing.")
    ranges = (
        ("age", seen.age_minimum, seen.age_maximum, seen.age_method),
        ("stature", seen.stature_minimum, seen.stature_maximum, seen.stature_method),
    )
    for what, low, high, method in ranges:
        if low is not None and high is not None and low > high:
            raise Invalid(f"The {what} range begins after it ends; write the smaller value first.")
        if (low is not None or high is not None) and not method.strip():
            raise Invalid(f"Name the method of the {what} range; without it the range can't be judged.")
    if seen.sex and seen.sex != "undetermined" and not seen.sex_method.strip():
        raise Invalid("Name what the sex estimate rests on.")
