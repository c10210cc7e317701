"""Custody: legs of it as every use case writes them, where a thing is, and the story of where it has been."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from forensics.domain.chain import Joint, joints
from forensics.domain.custody import Consignment, CustodyEvent, CustodyKind, StorageLocation
from forensics.domain.errors import Conflict, Invalid
from forensics.domain.people import Permission, Person
from forensics.domain.remains import CustodyState, RemainsItem, Thing
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.door import query


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One leg of custody in words; `joint` is what stands between it and the leg before."""

    at: datetime
    what: str
    who: str
    where: str
    detail: str
    event: CustodyEvent
    joint: Joint | None = None


# legs


def leg(tx: Transaction, kind: CustodyKind, **details: Any) -> CustodyEvent:
    """A leg of custody by the person who acts, not saved yet; `details` are fields of the event."""
    given = {name: value for name, value in details.items() if value is not None}
    return CustodyEvent(kind=kind, **{"at": tx.now, "to_person": tx.me, **given})


def note_event(tx: Transaction, kind: CustodyKind, **details: Any) -> CustodyEvent:
    """Save a leg of custody; `details` as for `leg`."""
    return tx.add(leg(tx, kind, **details))


# things


def things_of(tx: Transaction, ids: Sequence[UUID]) -> list[RemainsItem | Sample]:
    """Items and samples by their ids, in this order."""
    found: dict[UUID, RemainsItem | Sample] = {}
    for item in tx.find(RemainsItem, id=list(ids), voided_at=None):
        found[item.id] = item
    if len(found) < len(set(ids)):
        for sample in tx.find(Sample, id=list(ids), voided_at=None):
            found[sample.id] = sample
    if len(found) < len(set(ids)):
        raise Invalid("One of these is neither an item nor a sample; it may have been voided meanwhile.")
    return [found[id] for id in dict.fromkeys(ids)]


def named(thing: Thing) -> str:
    """The number of an item, the token of a sample."""
    return thing.token if isinstance(thing, Sample) else thing.number


def of(thing: Thing) -> dict[str, Any]:
    """The thing as a leg of custody names it."""
    return {"sample" if isinstance(thing, Sample) else "item": thing.id}


def demand_seen(tx: Transaction, thing: Thing, revisions: Mapping[UUID, int]) -> None:
    """`Conflict` when somebody changed the thing after it was scanned."""
    if revisions.get(thing.id, thing.revision) != thing.revision:
        who = tx.one(Person, id=thing.changed_by) if thing.changed_by else None
        raise Conflict(
            f"{named(thing)} was changed by {who.name if who else 'somebody else'} after you scanned it; "
            "scan it again to see where it is now.",
            None,
            thing,
        )


def settle(
    tx: Transaction,
    thing: RemainsItem | Sample,
    custody: CustodyState,
    *,
    place: UUID | None = None,
    position: str = "",
    holder: UUID | None = None,
) -> RemainsItem | Sample:
    """The thing where it is now: in a place, in somebody's hands, or neither."""
    if custody is thing.custody and (place, position, holder) == (thing.place, thing.position, thing.holder):
        return thing
    return tx.change(thing, custody=custody, place=place, position=position, holder=holder)


# the story


@query(Permission.CASE_READ)
def item_story(tx: Transaction, item: UUID) -> list[StoryLine]:
    """Where an item and its samples have been, oldest first."""
    samples = [s.id for s in tx.find(Sample, item=item)]
    events = tx.find(CustodyEvent, item=item) + (tx.find(CustodyEvent, sample=samples) if samples else [])
    once = {event.id: event for event in events}  # taking a sample names the item and the sample
    return story(tx, list(once.values()))


@query(Permission.CASE_READ)
def case_story(tx: Transaction, case: UUID) -> list[StoryLine]:
    """Where the items of a case and their samples have been, oldest first; what befell many at once stands once."""
    items = [item.id for item in tx.find(RemainsItem, case=case, voided_at=None)]
    if not items:
        return []
    samples = [s.id for s in tx.find(Sample, item=items)]
    events = tx.find(CustodyEvent, item=items) + (tx.find(CustodyEvent, sample=samples) if samples else [])
    told: dict[tuple[object, ...], StoryLine] = {}
    for line in story(tx, list({event.id: event for event in events}.values())):
        told.setdefault((line.at, line.what, line.who, line.where, line.detail), line)
    return list(told.values())


@query(Permission.SAMPLE_READ)
def sample_story(tx: Transaction, sample: UUID) -> list[StoryLine]:
    """Where a sample has been, oldest first."""
    return story(tx, tx.find(CustodyEvent, sample=sample), own=sample)


def story(tx: Transaction, events: list[CustodyEvent], own: UUID | None = None) -> list[StoryLine]:
    """Legs of custody in words, oldest first, with what lies between them; `own` is the sample of the page."""
    people = {p.id: p.name for p in tx.find(Person)}
    places = _by_id(tx.find(StorageLocation, id=_given(e.place for e in events)))
    samples = _by_id(tx.find(Sample, id=_given(e.sample for e in events)))
    sent = _by_id(tx.find(Consignment, id=_given(e.consignment for e in events)))
    between = joints(events, people)
    told = []
    for e in sorted(events, key=lambda e: (e.at, e.id)):
        subject = f"Sample {samples[e.sample].token} " if e.sample in samples and e.sample != own else ""
        where = places[e.place].name if e.place else e.place_text
        number = sent[e.consignment].number if e.consignment else ""
        told.append(
            StoryLine(
                e.at,
                _what(subject, e, people),
                people.get(e.to_person, "") if e.to_person else "",
                f"{where} {e.position}".strip(),
                _detail(e, number),
                e,
                between.get(e.id),
            )
        )
    return told


def _given(ids: Iterable[UUID | None]) -> list[UUID]:
    return [id for id in ids if id is not None]


def _by_id(records: Sequence[Any]) -> dict[UUID | None, Any]:
    return {record.id: record for record in records}


def _what(subject: str, e: CustodyEvent, people: Mapping[UUID, str]) -> str:
    giver = e.from_party or (people.get(e.from_person, "") if e.from_person else "")
    taker = e.to_party or (
        people.get(e.to_person, "") if e.kind is CustodyKind.TRANSFER and e.to_person else ""
    )
    ways = [f"from {giver}" if giver else "", f"to {taker}" if taker else ""]
    what = f"{subject}{e.kind} {' '.join(w for w in ways if w)}".strip()
    return what[:1].upper() + what[1:]


def _detail(e: CustodyEvent, consignment: str) -> str:
    seals = (
        f"seal {e.seal_before} → {e.seal_after}"
        if e.seal_before and e.seal_after
        else f"seal {e.seal_before or e.seal_after}"
        if e.seal_before or e.seal_after
        else ""
    )
    where = (
        f"{e.latitude:.5f}, {e.longitude:.5f}" if e.latitude is not None and e.longitude is not None else ""
    )
    return "; ".join(part for part in (consignment, seals, where, e.condition, e.note) if part)
