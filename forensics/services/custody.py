"""Custody: moving things, storage places, and the story of where a thing has been."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from forensics.domain.custody import CustodyEvent, CustodyKind, StorageLocation
from forensics.domain.errors import Invalid
from forensics.domain.people import Permission, Person
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.lists import tally
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One leg of custody in words."""

    at: datetime
    what: str
    who: str
    where: str
    detail: str
    event: CustodyEvent


@dataclass(frozen=True, slots=True)
class StorageLine:
    """A storage place: its names from the building down, how many items and samples lie right there."""

    id: UUID
    place: StorageLocation
    path: tuple[str, ...]
    items: int
    samples: int


@command(Permission.CUSTODY_MOVE)
def create_location(
    tx: Transaction, name: str, parent: UUID | None = None, capacity: int | None = None
) -> StorageLocation:
    """A building, room, shelf, box…"""
    if not name.strip():
        raise Invalid("Give the place a name.")
    return tx.add(StorageLocation(name=name.strip(), parent=parent, capacity=capacity))


@query(Permission.CASE_READ)
def locations(tx: Transaction) -> list[StorageLocation]:
    """All storage places by name."""
    return tx.find(StorageLocation, order="name", voided_at=None)


@command(Permission.CUSTODY_MOVE)
def change_location(
    tx: Transaction, seen: StorageLocation, name: str, capacity: int | None
) -> StorageLocation:
    """Another name or capacity; what lies there stays there."""
    if not name.strip():
        raise Invalid("Give the place a name.")
    return tx.change(seen, name=name.strip(), capacity=capacity)


@query(Permission.CASE_READ)
def storage(tx: Transaction) -> list[StorageLine]:
    """The tree of storage places from the top, each with what lies in it."""
    places = tx.find(StorageLocation, order="name", voided_at=None)
    stored = {"custody": CustodyState.IN_STORAGE, "voided_at": None}
    items, samples = tally(tx, RemainsItem, "place", **stored), tally(tx, Sample, "place", **stored)
    below: dict[UUID | None, list[StorageLocation]] = {}
    for place in sorted(places, key=lambda place: _natural(place.name)):
        below.setdefault(place.parent, []).append(place)

    def walk(parent: UUID | None, above: tuple[str, ...]) -> list[StorageLine]:
        found = []
        for place in below.get(parent, ()):
            path = (*above, place.name)
            found.append(StorageLine(place.id, place, path, items.get(place.id, 0), samples.get(place.id, 0)))
            found += walk(place.id, path)
        return found

    return walk(None, ())


def _natural(name: str) -> list[tuple[int, str]]:
    """Shelf 2 before Shelf 10."""
    return [(int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", name.casefold())]


@command(Permission.CUSTODY_MOVE)
def move_item(tx: Transaction, item: UUID, place: UUID, note: str = "") -> RemainsItem:
    """Put an item in another place."""
    found = tx.get(RemainsItem, item)
    moved = tx.change(found, place=place, custody=CustodyState.IN_STORAGE)
    note_event(tx, CustodyKind.MOVE, item=item, place=place, note=note)
    return moved


@command(Permission.CUSTODY_MOVE)
def move_items(tx: Transaction, items: Sequence[UUID], place: UUID, note: str = "") -> list[RemainsItem]:
    """Put several items in one place, all or none."""
    return [move_item(tx, item, place, note) for item in items]


@command(Permission.CUSTODY_MOVE)
def move_sample(tx: Transaction, sample: UUID, place: UUID, note: str = "") -> Sample:
    """Put a sample in another place."""
    found = tx.get(Sample, sample)
    moved = tx.change(found, place=place, custody=CustodyState.IN_STORAGE)
    note_event(tx, CustodyKind.MOVE, sample=sample, place=place, note=note)
    return moved


def leg(
    tx: Transaction,
    kind: CustodyKind,
    *,
    item: UUID | None = None,
    sample: UUID | None = None,
    at: datetime | None = None,
    from_party: str = "",
    to_party: str = "",
    place: UUID | None = None,
    place_text: str = "",
    seal_before: str = "",
    condition: str = "",
    note: str = "",
) -> CustodyEvent:
    """A leg of custody by the person who acts, not saved yet."""
    return CustodyEvent(
        kind=kind,
        at=at or tx.now,
        item=item,
        sample=sample,
        to_person=tx.me,
        from_party=from_party,
        to_party=to_party,
        place=place,
        place_text=place_text,
        seal_before=seal_before,
        condition=condition,
        note=note,
    )


def note_event(tx: Transaction, kind: CustodyKind, **details: Any) -> CustodyEvent:
    """Save a leg of custody; `details` as for `leg`."""
    return tx.add(leg(tx, kind, **details))


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
    for line in story(tx, events):
        told.setdefault((line.at, line.what, line.who, line.where, line.detail), line)
    return list(told.values())


@query(Permission.SAMPLE_READ)
def sample_story(tx: Transaction, sample: UUID) -> list[StoryLine]:
    """Where a sample has been, oldest first."""
    return story(tx, tx.find(CustodyEvent, sample=sample))


def story(tx: Transaction, events: list[CustodyEvent]) -> list[StoryLine]:
    """Legs of custody in words, oldest first."""
    people = {p.id: p.name for p in tx.find(Person)}
    places = {p.id: p.name for p in tx.find(StorageLocation)}
    samples = {s.id: s.token for s in tx.find(Sample, id=[e.sample for e in events if e.sample])}
    return [_line(e, people, places, samples) for e in sorted(events, key=lambda e: (e.at, e.id))]


def _line(
    e: CustodyEvent, people: dict[UUID, str], places: dict[UUID, str], samples: dict[UUID, str]
) -> StoryLine:
    subject = f"Sample {samples[e.sample]} " if e.sample in samples else ""
    ways = [f"from {e.from_party}" if e.from_party else "", f"to {e.to_party}" if e.to_party else ""]
    what = f"{subject}{e.kind} {' '.join(w for w in ways if w)}".strip()
    detail = "; ".join(
        part for part in (f"seal {e.seal_before}" if e.seal_before else "", e.condition, e.note) if part
    )
    who = people.get(e.to_person, "") if e.to_person else ""
    where = places.get(e.place, "") if e.place else e.place_text
    return StoryLine(e.at, what[:1].upper() + what[1:], who, where, detail, e)
