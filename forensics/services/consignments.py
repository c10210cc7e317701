"""What is sent to other laboratories: loans and analyses, when they are due, the seals, and what is still out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from forensics.domain.custody import (
    Consignment,
    ConsignmentKind,
    ConsignmentState,
    CustodyEvent,
    CustodyKind,
)
from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Permission
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command, query


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A consignment in a list: how many things it had, how many are still out, for how long, how late."""

    id: UUID
    number: str
    consignment: Consignment
    things: int
    out: int
    days: int
    overdue: int  # days; 0 when it is not, or has no date

    @property
    def waits(self) -> bool:
        """Whether something is still to come back."""
        return self.out > 0 and self.consignment.state is not ConsignmentState.CLOSED


@dataclass(frozen=True, slots=True)
class SentThing:
    """One thing of a consignment, and whether it is back."""

    thing: RemainsItem | Sample
    entity: str
    number: str
    is_back: bool


@command(Permission.CUSTODY_MOVE)
def send(tx: Transaction, new: Consignment, things: Sequence[UUID]) -> Consignment:
    """Things leave the laboratory together, under one seal."""
    if not new.to_party.strip() or not new.purpose.strip():
        raise Invalid("Say to whom it is sent, and for what purpose.")
    if not things:
        raise Invalid("Choose what is sent.")
    if new.due is None and new.kind is not ConsignmentKind.TRANSFER:
        raise Invalid("Say when it is expected back; the list of what is outstanding goes by that day.")
    if new.due is not None and new.due < new.sent_at.date():
        raise Invalid("It can't be due before it is sent; check the date.")
    found = custody.things_of(tx, things)
    for thing in found:
        if thing.custody not in (CustodyState.IN_STORAGE, CustodyState.CHECKED_OUT):
            raise Refused(f"{custody.named(thing)} is {thing.custody} by the records and can't be sent.")
    saved = tx.add(replace(new, to_party=new.to_party.strip(), sent_by=tx.me))
    for thing in found:
        custody.settle(tx, thing, CustodyState.IN_TRANSIT)
        custody.note_event(
            tx, CustodyKind.SEND, **custody.of(thing), at=saved.sent_at,
            to_party=saved.to_party, consignment=saved.id, seal_after=saved.seal, note=saved.purpose,
        )  # fmt: skip
    return saved


@command(Permission.CUSTODY_MOVE)
def accept(
    tx: Transaction, seen: Consignment, by: str, at: datetime, seal_found: str, note: str = ""
) -> Consignment:
    """The other institution confirms that it arrived, under which seal."""
    if not by.strip():
        raise Invalid("Say who took it over there.")
    if at < seen.sent_at:
        raise Invalid("It can't have arrived before it was sent; check the time.")
    state = ConsignmentState.CLOSED if seen.kind is ConsignmentKind.TRANSFER else ConsignmentState.ACCEPTED
    changed = tx.change(
        seen, state=state, accepted_at=at, accepted_by=by.strip(), seal_found=seal_found.strip()
    )
    for one in _contents(tx, seen.id):
        if one.thing.custody is CustodyState.IN_TRANSIT:
            custody.settle(tx, one.thing, CustodyState.ELSEWHERE)
            custody.note_event(
                tx, CustodyKind.ACCEPT, **custody.of(one.thing), at=at, to_party=f"{by.strip()}, {seen.to_party}",
                consignment=seen.id, seal_before=seal_found.strip(), note=note,
            )  # fmt: skip
    return changed


@command(Permission.CUSTODY_MOVE)
def take_back(
    tx: Transaction,
    seen: Consignment,
    things: Sequence[UUID],
    place: UUID | None,
    seal_found: str = "",
    condition: str = "",
) -> Consignment:
    """Things come back, all or some; the consignment is over when the last one is here."""
    contents = {one.thing.id: one for one in _contents(tx, seen.id)}
    if not things or any(id not in contents or contents[id].is_back for id in things):
        raise Invalid(
            f"Choose what came back of {seen.number}; one of these is not, or no longer, out with it."
        )
    for id in things:
        thing = contents[id].thing
        state = CustodyState.IN_STORAGE if place else CustodyState.CHECKED_OUT
        custody.settle(tx, thing, state, place=place, holder=None if place else tx.me)
        custody.note_event(
            tx, CustodyKind.RETURN, **custody.of(thing), from_party=seen.to_party, consignment=seen.id,
            place=place, seal_before=seal_found.strip(), condition=condition.strip(),
        )  # fmt: skip
    if set(things) >= {id for id, one in contents.items() if not one.is_back}:
        return tx.change(seen, state=ConsignmentState.RETURNED, returned_at=tx.now)
    return seen


@command(Permission.CUSTODY_MOVE)
def note_seal(tx: Transaction, thing: UUID, seal_before: str, seal_after: str, why: str) -> CustodyEvent:
    """A seal was opened, and the thing perhaps closed again with another one."""
    (found,) = custody.things_of(tx, [thing])
    if not (seal_before.strip() or seal_after.strip()) or not why.strip():
        raise Invalid("Give the number of the seal, and why it was opened or put on.")
    kind = CustodyKind.RESEAL if seal_after.strip() else CustodyKind.OPEN_SEAL
    return custody.note_event(
        tx,
        kind,
        **custody.of(found),
        seal_before=seal_before.strip(),
        seal_after=seal_after.strip(),
        note=why.strip(),
    )


@query(Permission.CASE_READ)
def sent_out(tx: Transaction) -> list[Outstanding]:
    """Every consignment, what is still out first, the longest overdue at the top."""
    consignments = tx.find(Consignment, voided_at=None)
    sent = tx.find(CustodyEvent, consignment=[c.id for c in consignments], kind=CustodyKind.SEND)
    back = tx.find(CustodyEvent, consignment=[c.id for c in consignments], kind=CustodyKind.RETURN)
    lines = [
        _line(
            tx,
            one,
            {e.item or e.sample for e in sent if e.consignment == one.id},
            {e.item or e.sample for e in back if e.consignment == one.id},
        )
        for one in consignments
    ]
    return sorted(lines, key=lambda line: (not line.waits, -line.overdue, line.consignment.sent_at))


def _line(tx: Transaction, one: Consignment, sent: set[UUID | None], back: set[UUID | None]) -> Outstanding:
    out = len(sent - back) if one.state is not ConsignmentState.CLOSED else 0
    late = (tx.now.date() - one.due).days if one.due and out else 0
    return Outstanding(one.id, one.number, one, len(sent), out, (tx.now - one.sent_at).days, max(0, late))


@query(Permission.CASE_READ)
def contents(tx: Transaction, id: UUID) -> list[SentThing]:
    """What went out with a consignment, each with whether it is back."""
    return _contents(tx, id)


def _contents(tx: Transaction, id: UUID) -> list[SentThing]:
    events = tx.find(CustodyEvent, consignment=id)
    sent = [e.item or e.sample for e in events if e.kind is CustodyKind.SEND]
    back = {e.item or e.sample for e in events if e.kind is CustodyKind.RETURN}
    things = custody.things_of(tx, [one for one in sent if one is not None])
    return [
        SentThing(t, "sample" if isinstance(t, Sample) else "remains_item", custody.named(t), t.id in back)
        for t in things
    ]
