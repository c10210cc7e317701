"""Identification: the evidence grid, three people's decision, the family, the return of the remains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from forensics.domain import consistency
from forensics.domain.anthropology import AgeRange, SexEstimate, StatureRange
from forensics.domain.consistency import Consistency, Finding
from forensics.domain.custody import CustodyKind
from forensics.domain.dates import years_between
from forensics.domain.errors import Invalid, Refused
from forensics.domain.evidence import power_of_ten
from forensics.domain.examinations import Examination, ExaminationState
from forensics.domain.facts import Category
from forensics.domain.families import MissingPerson, MissingState
from forensics.domain.identifications import (
    GridLine,
    Handover,
    Identification,
    IdentificationState,
    Notification,
)
from forensics.domain.kinship import Sex
from forensics.domain.lines import IdentificationLine, ItemLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.operations import Operation
from forensics.domain.people import Permission
from forensics.domain.profiles import Profile
from forensics.domain.remains import CustodyState, ItemState, RemainsItem
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import Laboratory, command, query
from forensics.services.families import missing_person
from forensics.services.matching import demand_up_to_date
from forensics.services.people import prove
from forensics.services.progressing import advance


@dataclass(frozen=True)
class IdentificationRecord:
    """An identification as its page shows it."""

    identification: Identification
    operation: Operation
    hypothesis: Hypothesis
    missing: MissingPerson
    items: tuple[ItemLine, ...]
    examination: Examination | None
    notifications: tuple[Notification, ...]
    handovers: tuple[Handover, ...]


@query(Permission.IDENTIFICATION_READ)
def identifications(tx: Transaction, query: ListQuery) -> Page[IdentificationLine]:
    """The list of identifications."""
    return lines.IDENTIFICATIONS.page(tx, query)


@query(Permission.IDENTIFICATION_READ)
def identification_record(tx: Transaction, id: UUID) -> IdentificationRecord:
    """Everything about an identification for its page."""
    found = tx.get(Identification, id)
    items = items_of(tx, found)
    page = lines.ITEMS.page(tx, ListQuery(filters={"case": tuple({i.case for i in items})}, limit=2000))
    ids = {i.id for i in items}
    return IdentificationRecord(
        found,
        tx.get(Operation, found.operation),
        tx.get(Hypothesis, found.hypothesis),
        missing_person(tx, found.missing_person),
        tuple(line for line in page.rows if line.id in ids),
        signed_examination(tx, items),
        tuple(tx.find(Notification, identification=id)),
        tuple(tx.find(Handover, identification=id)),
    )


def items_of(tx: Transaction, found: Identification) -> list[RemainsItem]:
    """The items that the decision is about: the whole individual where there is one."""
    if found.individual:
        return tx.find(RemainsItem, individual=found.individual, voided_at=None)
    return [tx.get(RemainsItem, found.item)]


def signed_examination(tx: Transaction, items: Sequence[RemainsItem]) -> Examination | None:
    """The newest signed examination of the items' cases.

    An examination describes a case; where a case holds many individuals it says nothing about one of them.
    """
    signed = []
    for case in {item.case for item in items}:
        others = {i.individual or i.id for i in tx.find(RemainsItem, case=case, voided_at=None)}
        if len(others) == 1:
            signed += tx.find(Examination, case=case, state=ExaminationState.SIGNED)
    return max(signed, key=lambda e: e.id, default=None)


# the grid


@query(Permission.IDENTIFICATION_READ)
def grid(tx: Transaction, hypothesis: UUID) -> tuple[GridLine, ...]:
    """The evidence of a hypothesis side by side with what is known; unknown is never a mismatch."""
    return build_grid(tx, tx.get(Hypothesis, hypothesis))


def build_grid(tx: Transaction, h: Hypothesis) -> tuple[GridLine, ...]:
    item = tx.get(RemainsItem, h.item)
    items = tx.find(RemainsItem, individual=item.individual) if item.individual else [item]
    person, exam = tx.get(MissingPerson, h.missing_person), signed_examination(tx, items)
    profile = tx.get(Profile, h.profile)
    return (
        _dna(h),
        _line("sex by amelogenin", _sex(profile.sex), _sex(person.sex), _amelogenin(profile.sex, person.sex)),
        *_examined(exam, person),
    )


def _dna(h: Hypothesis) -> GridLine:
    found = "LR 0" if h.log10_lr is None else f"LR {power_of_ten(h.log10_lr)} over {h.loci_compared} loci"
    needed = h.required_log10_lr or 0.0
    if h.log10_lr is not None and h.log10_lr >= needed:
        finding = Finding(Consistency.CONSISTENT, "The LR reaches what the policy requires.")
    elif h.log10_lr is not None and h.log10_lr > 0:
        finding = Finding(
            Consistency.NEUTRAL, "The LR supports the link but does not reach the policy's threshold."
        )
    else:
        finding = Finding(Consistency.INCONSISTENT, "The LR does not support the link.")
    return _line("DNA", found, f"the policy requires LR {power_of_ten(needed, up=True)}", finding)


def _line(aspect: str, remains: str, ante_mortem: str, finding: Finding) -> GridLine:
    return GridLine(
        aspect=aspect,
        remains=remains,
        ante_mortem=ante_mortem,
        verdict=str(finding.verdict),
        explanation=finding.sentence,
    )


def _sex(sex: Sex) -> str:
    return {Sex.MALE: "male", Sex.FEMALE: "female"}.get(sex, "unknown")


def _amelogenin(found: Sex, known: Sex) -> Finding:
    if Sex.UNKNOWN in (found, known):
        return Finding(Consistency.UNKNOWN, "One of the two is not known.")
    if found is known:
        return Finding(Consistency.CONSISTENT, f"Both are {_sex(found)}.")
    return Finding(
        Consistency.INCONSISTENT, f"The profile is {_sex(found)}, the missing person {_sex(known)}."
    )


def _examined(exam: Examination | None, person: MissingPerson) -> tuple[GridLine, ...]:
    sex = SexEstimate(exam.sex) if exam and exam.sex else None
    age = (
        AgeRange(exam.age_minimum, exam.age_maximum)
        if exam and _any(exam.age_minimum, exam.age_maximum)
        else None
    )
    stature = (
        StatureRange(exam.stature_minimum, exam.stature_maximum)
        if exam and _any(exam.stature_minimum, exam.stature_maximum)
        else None
    )
    lived = _age_when_last_seen(person)
    height = StatureRange(person.height_cm, person.height_cm) if person.height_cm else None
    return (
        _line(
            "sex by examination",
            str(sex) if sex else "not examined",
            _sex(person.sex),
            consistency.compare_sex(sex, person.sex),
        ),
        _line("age", _shown(age), _shown(lived), consistency.compare_age(age, lived)),
        _line("stature", _shown(stature), _shown(height), consistency.compare_stature(stature, height)),
        _described("marks and old injuries", exam.marks if exam else "", person.marks),
        _described("teeth", exam.dental if exam else "", person.dental),
    )


def _any(low: float | None, high: float | None) -> bool:
    return low is not None or high is not None


def _age_when_last_seen(person: MissingPerson) -> AgeRange | None:
    if person.birth is None or person.last_seen is None:
        return None
    years = years_between(person.birth, person.last_seen)
    return AgeRange(years[0], years[1] + 1) if years else None


def _shown(value: object) -> str:
    return str(value) if value is not None else "unknown"


def _described(aspect: str, remains: str, ante_mortem: str) -> GridLine:
    """Words can't be compared by rule: both are shown, and a person judges."""
    if remains and ante_mortem:
        finding = Finding(Consistency.NEUTRAL, "Both are described; a person must judge.")
    else:
        finding = Finding(Consistency.UNKNOWN, "Not described on both sides.")
    return _line(aspect, remains or "not described", ante_mortem or "not described", finding)


# the decision


@command(Permission.IDENTIFICATION_PROPOSE)
def propose(
    tx: Transaction, hypothesis: UUID, proposal: str, category: Category = Category.IDENTIFIED
) -> Identification:
    """Put a reviewed and supported match forward as an identification."""
    h = tx.get(Hypothesis, hypothesis)
    _demand_ready(tx, h, category)
    item = tx.get(RemainsItem, h.item)
    assert h.reviewed_by is not None
    made = tx.add(
        Identification(
            operation=h.operation,
            hypothesis=h.id,
            item=h.item,
            individual=item.individual,
            missing_person=h.missing_person,
            category=category,
            grid=build_grid(tx, h),
            proposed_by=tx.me,
            proposal=proposal.strip(),
            reviewed_by=h.reviewed_by,
        )
    )
    advance(tx, items_of(tx, made), ItemState.PRESUMPTIVE)
    return made


def _demand_ready(tx: Transaction, h: Hypothesis, category: Category) -> None:
    demand_up_to_date(h)
    if h.state is not HypothesisState.SUPPORTED:
        raise Refused(
            f"{h.number} is {h.state}; a reviewer must support the match before it can be proposed."
        )
    op = tx.get(Operation, h.operation)
    if category is Category.IDENTIFIED and (h.posterior or 0.0) < op.threshold:
        raise Refused(
            f"The posterior of {h.number} does not reach {op.threshold:.2%}: the policy requires an LR of "
            f"{power_of_ten(h.required_log10_lr, up=True)}, found is {power_of_ten(h.log10_lr)}; "
            "type another relative or more markers."
        )
    ended = (IdentificationState.REJECTED, IdentificationState.ANNULLED)
    for other in tx.find(Identification, item=h.item, voided_at=None):
        if other.state not in ended:
            raise Refused(f"These remains already have {other.number} ({other.state}).")


@command(Permission.IDENTIFICATION_PROPOSE)
def judge(
    tx: Transaction, seen: Identification, aspect: str, verdict: Consistency, explanation: str
) -> Identification:
    """A person's verdict on a line that the rules leave open, or the explanation of an inconsistency."""
    line = next((row for row in seen.grid if row.aspect == aspect), None)
    if line is None:
        raise Invalid(f"The grid has no line “{aspect}”.")
    if not explanation.strip():
        raise Invalid("Explain the verdict in a sentence; it is printed on the report.")
    if line.verdict == Consistency.INCONSISTENT and verdict is not Consistency.EXPLAINED:
        raise Refused("An inconsistency can be explained, it can't be called something else.")
    judged = replace(line, verdict=str(verdict), explanation=explanation.strip())
    return tx.change(seen, grid=tuple(judged if row.aspect == aspect else row for row in seen.grid))


@command(Permission.IDENTIFICATION_CONFIRM)
def record_confirmation(tx: Transaction, seen: Identification, decision: str) -> Identification:
    """The third person's decision; `confirm` is the way in."""
    unexplained = [row.aspect for row in seen.grid if row.verdict == Consistency.INCONSISTENT]
    if unexplained:
        raise Refused(f"Inconsistent and not explained: {', '.join(unexplained)}; explain it or reject.")
    confirmed = tx.change(
        seen, state=IdentificationState.CONFIRMED, confirmed_by=tx.me, confirmed_at=tx.now, decision=decision
    )
    for item in items_of(tx, seen):
        tx.change(item, state=ItemState.IDENTIFIED)
    tx.change(tx.get(MissingPerson, seen.missing_person), state=MissingState.IDENTIFIED)
    return confirmed


def confirm(lab: Laboratory, seen: Identification, decision: str, password: str) -> Identification:
    """Confirm after proving again who one is."""
    prove(lab, password)
    return lab.run(record_confirmation, seen, decision)


@command(Permission.IDENTIFICATION_CONFIRM)
def reject(tx: Transaction, seen: Identification, decision: str) -> Identification:
    """Decide against it, with reasons."""
    if not decision.strip():
        raise Invalid("Say why the identification is rejected.")
    for item in items_of(tx, seen):
        if item.state is ItemState.PRESUMPTIVE:
            tx.change(item, state=ItemState.IN_COMPARISON)
    return tx.change(seen, state=IdentificationState.REJECTED, confirmed_by=tx.me, decision=decision.strip())


# the family and the return


@command(Permission.HANDOVER_RECORD)
def record_notification(tx: Transaction, new: Notification) -> Notification:
    """The conversation with the family."""
    if not new.present.strip():
        raise Invalid("Say who of the family was present.")
    saved = tx.add(replace(new, by=tx.me))
    found = tx.get(Identification, new.identification)
    if found.state is IdentificationState.CONFIRMED:
        tx.change(found, state=IdentificationState.NOTIFIED)
    return saved


@command(Permission.HANDOVER_RECORD)
def record_handover(tx: Transaction, new: Handover, items: Sequence[UUID]) -> Handover:
    """Return items to the family; complete when none of the person's remains stay behind."""
    found = tx.get(Identification, new.identification)
    if found.state not in (IdentificationState.NOTIFIED, IdentificationState.PARTLY_HANDED_OVER):
        raise Refused(
            f"{found.number} is {found.state}; the family must be notified before the remains are returned."
        )
    if not new.receiver.strip() or not items:
        raise Invalid("Say who receives the remains, and which items.")
    mine = {item.id: item for item in items_of(tx, found)}
    for id in items:
        if id not in mine:
            raise Invalid("One of the items does not belong to this identification.")
        custody.settle(tx, mine[id], CustodyState.RELEASED)
        custody.note_event(
            tx,
            CustodyKind.RELEASE,
            item=id,
            at=new.at,
            to_party=new.receiver,
            place_text=new.burial_place,
            note=new.documents,
        )
    left = [i for i in mine.values() if i.id not in items and i.custody is not CustodyState.RELEASED]
    inventory = tuple(_named(mine[id]) for id in items)
    saved = tx.add(replace(new, by=tx.me, inventory=inventory, complete=not left))
    state = IdentificationState.PARTLY_HANDED_OVER if left else IdentificationState.HANDED_OVER
    if found.state is not state:
        tx.change(found, state=state)
    return saved


def _named(item: RemainsItem) -> str:
    side = "" if item.side in ("unsided", "midline") else f"{item.side} "
    what = f"{side}{item.element}".strip() or str(item.kind)
    return f"{item.number} {what}"


@command(Permission.HANDOVER_RECORD)
def close(tx: Transaction, seen: Identification) -> Identification:
    """The end: only after a recorded, complete handover."""
    if not tx.find(Handover, identification=seen.id, complete=True):
        raise Refused(f"{seen.number} can't be closed: no complete handover is recorded yet.")
    return tx.change(seen, state=IdentificationState.CLOSED, closed_at=tx.now)
