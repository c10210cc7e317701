"""Storage: the tree of places, what lies in each, and putting things from one place into another."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forensics.domain.custody import CustodyKind, PlaceKind, StorageLocation
from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Permission
from forensics.domain.remains import CustodyState, RemainsItem, Thing
from forensics.domain.samples import Sample
from forensics.persistence.lists import tally
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command, query

_STORED: dict[str, Any] = {"custody": CustodyState.IN_STORAGE, "voided_at": None}
_ORDER = tuple(PlaceKind)
_ELSEWHERE = {
    CustodyState.IN_TRANSIT: "is in transit; record its arrival or return first",
    CustodyState.ELSEWHERE: "is recorded as being at another laboratory; record its return first",
    CustodyState.RELEASED: "was released to the family; record that it was brought back first",
    CustodyState.INTERRED: "lies in its grave by the records; record the exhumation first",
    CustodyState.DESTROYED: "was destroyed by the records, and can't be put anywhere",
}
"""Why a thing can't simply be put into a place, and what to do."""


@dataclass(frozen=True, slots=True)
class StorageLine:
    """A storage place: its names from the building down, how many items and samples lie right there.

    `inside` counts what lies there and in all places below, `places` those that stand right in it.
    """

    id: UUID
    place: StorageLocation
    path: tuple[str, ...]
    items: int
    samples: int
    inside: int
    places: int = 0

    @property
    def held(self) -> int:
        """Things that lie right there."""
        return self.items + self.samples

    @property
    def taken(self) -> int:
        """How much of its room is taken: by things, and by the boxes or shelves that stand in it."""
        return self.held + self.places


@dataclass(frozen=True, slots=True)
class Stored:
    """A thing that lies in a place."""

    id: UUID
    entity: str
    number: str
    what: str
    position: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: where to, the things as they are now, and a remark where the place is over its capacity."""

    path: str
    things: tuple[RemainsItem | Sample, ...]
    remark: str = ""


# the tree


@command(Permission.CUSTODY_MOVE)
def create_location(
    tx: Transaction,
    name: str,
    parent: UUID | None = None,
    capacity: int | None = None,
    kind: PlaceKind | None = None,
    rows: int | None = None,
    columns: int | None = None,
) -> StorageLocation:
    """A building, room, unit, shelf or box; without a kind the one that comes below its parent."""
    above = tx.get(StorageLocation, parent) if parent else None
    new = StorageLocation(
        name=name.strip(),
        parent=parent,
        kind=kind or _below(above),
        capacity=capacity,
        rows=rows,
        columns=columns,
    )
    _demand_sensible(new, above)
    return tx.add(new)


def _below(above: StorageLocation | None) -> PlaceKind:
    if above is None:
        return PlaceKind.BUILDING
    return _ORDER[min(_ORDER.index(above.kind) + 1, len(_ORDER) - 1)]


def _demand_sensible(place: StorageLocation, above: StorageLocation | None) -> None:
    if not place.name:
        raise Invalid("Give the place a name.")
    if bool(place.rows) != bool(place.columns):
        raise Invalid("Give both the rows and the columns of the box, or neither.")
    if min(place.capacity or 1, place.rows or 1, place.columns or 1) < 1:
        raise Invalid("Capacity, rows and columns are whole numbers from 1.")
    if above is not None and _ORDER.index(above.kind) > _ORDER.index(place.kind):
        raise Invalid(f"A {place.kind} does not stand in a {above.kind}; choose another place or kind.")
    _ = place.positions  # refuses a grid that is too large


@command(Permission.CUSTODY_MOVE)
def change_location(tx: Transaction, seen: StorageLocation, fields: Mapping[str, Any]) -> StorageLocation:
    """Another name, kind, capacity or grid; what lies there stays there, and no filled position may vanish."""
    if set(fields) - {"name", "kind", "capacity", "rows", "columns"}:
        raise Invalid("A place keeps its number; where it stands is changed by moving it.")
    fields = {**fields, "name": str(fields.get("name", seen.name)).strip()}
    changed = tx.change(seen, **fields)
    _demand_sensible(changed, tx.get(StorageLocation, seen.parent) if seen.parent else None)
    lost = {one.position for one in _lying(tx, seen.id) if one.position} - set(changed.positions)
    if lost:
        raise Refused(f"Something lies in {', '.join(sorted(lost))}; move it before the box gets smaller.")
    return changed


@query(Permission.CASE_READ)
def locations(tx: Transaction) -> list[StorageLocation]:
    """All storage places by name."""
    return tx.find(StorageLocation, order="name", voided_at=None)


@query(Permission.CASE_READ)
def storage_tree(tx: Transaction) -> list[StorageLine]:
    """The tree of storage places from the top, each with what lies in it."""
    below = _children(tx.find(StorageLocation, voided_at=None))
    items, samples = tally(tx, RemainsItem, "place", **_STORED), tally(tx, Sample, "place", **_STORED)

    def walk(parent: UUID | None, above: tuple[str, ...]) -> tuple[list[StorageLine], int]:
        found: list[StorageLine] = []
        whole = 0
        for place in sorted(below.get(parent, ()), key=lambda place: natural(place.name)):
            path = (*above, place.name)
            inner, count = walk(place.id, path)
            own = items.get(place.id, 0), samples.get(place.id, 0)
            whole += sum(own) + count
            within = len(below.get(place.id, ()))
            found += [StorageLine(place.id, place, path, *own, sum(own) + count, within), *inner]
        return found, whole

    return walk(None, ())[0]


def _children(places: Iterable[StorageLocation]) -> dict[UUID | None, list[StorageLocation]]:
    below: dict[UUID | None, list[StorageLocation]] = {}
    for place in places:
        below.setdefault(place.parent, []).append(place)
    return below


def natural(name: str) -> list[tuple[int, str]]:
    """A key by which Shelf 2 comes before Shelf 10."""
    return [(int(part) if part.isdigit() else 0, part) for part in re.split(r"(\d+)", name.casefold())]


def within(tx: Transaction, place: UUID) -> set[UUID]:
    """The ids of a place and of all places in it."""
    below = _children(tx.find(StorageLocation, voided_at=None))
    found, open_ = set(), [place]
    while open_:
        one = open_.pop()
        found.add(one)
        open_ += [child.id for child in below.get(one, ())]
    return found


def path_of(tx: Transaction, place: UUID) -> str:
    """`Building A › Cold room 2 › Shelf 3`."""
    names = []
    at: UUID | None = place
    while at is not None:
        found = tx.get(StorageLocation, at)
        names.append(found.name)
        at = found.parent
    return " › ".join(reversed(names))


@query(Permission.CASE_READ)
def lying_in(tx: Transaction, place: UUID) -> list[Stored]:
    """What lies right in a place, by position and number."""
    return sorted(_lying(tx, place), key=lambda one: (natural(one.position), one.number))


def _lying(tx: Transaction, place: UUID) -> list[Stored]:
    items = tx.find(RemainsItem, place=place, **_STORED)
    samples = tx.find(Sample, place=place, **_STORED)
    return [
        *(Stored(i.id, "remains_item", i.number, i.element or str(i.kind), i.position) for i in items),
        *(Stored(s.id, "sample", s.token, str(s.kind), s.position) for s in samples),
    ]


# moving


@command(Permission.CUSTODY_MOVE)
def move_things(
    tx: Transaction,
    things: Sequence[UUID],
    place: UUID,
    position: str = "",
    note: str = "",
    revisions: Mapping[UUID, int] | None = None,
) -> Moved:
    """Put items and samples in one place, all or none; in a box with positions each gets one.

    The first gets `position`, if it is given, and the others the next free ones. `revisions` are those that
    were scanned: `Conflict` where somebody else was faster. Capacity without positions is a remark, no refusal:
    a body can't wait in the corridor; a filled position and a full box refuse.
    """
    target = tx.get(StorageLocation, place)
    if target.voided_at is not None:
        raise Refused(f"{target.name} is no longer in use; choose another place.")
    tx.alone()  # two people may fill the same box at once
    found = custody.things_of(tx, things)
    for thing in found:
        custody.demand_seen(tx, thing, revisions or {})
        if thing.custody in _ELSEWHERE:
            raise Refused(f"{custody.named(thing)} {_ELSEWHERE[thing.custody]}.")
    lying = _lying(tx, place)
    spots = _spots(target, found, lying, position)
    moved = []
    for thing, spot in zip(found, spots, strict=True):
        moved.append(custody.settle(tx, thing, CustodyState.IN_STORAGE, place=place, position=spot))
        custody.note_event(
            tx,
            CustodyKind.LOCATED if thing.custody is CustodyState.MISSING else CustodyKind.MOVE,
            **custody.of(thing),
            from_person=thing.holder if thing.holder != tx.me else None,
            place=place,
            position=spot,
            note=note,
        )
    room = target.room
    there = len({one.id for one in lying} | {thing.id for thing in found})
    if room is not None and not target.positions:
        there += tx.count(StorageLocation, parent=place, voided_at=None)
    remark = f"It now holds {there}, more than its {room}." if room is not None and there > room else ""
    return Moved(path_of(tx, place), tuple(moved), remark)


def _spots(
    target: StorageLocation, found: Sequence[Thing], lying: Sequence[Stored], position: str
) -> list[str]:
    """A position for each thing, or none where the place has no grid."""
    mine = {thing.id for thing in found}
    taken = {one.position: one.number for one in lying if one.position and one.id not in mine}
    wanted = position.strip().upper()
    if not target.positions:
        if wanted:
            raise Invalid(f"{target.name} has no positions; leave the position empty.")
        return [""] * len(found)
    if wanted and wanted not in target.positions:
        raise Invalid(f"{target.name} has no position {wanted}; it goes to {target.positions[-1]}.")
    if wanted in taken:
        raise Refused(f"{taken[wanted]} already lies in {target.name} {wanted}; choose a free position.")
    start = target.positions.index(wanted) if wanted else 0
    free = [spot for spot in target.positions[start:] if spot not in taken]
    if len(free) < len(found):
        raise Refused(
            f"{target.name} has {len(free)} free positions{f' from {wanted}' if wanted else ''}, "
            f"and {len(found)} are needed; choose another box."
        )
    return free[: len(found)]


@command(Permission.CUSTODY_MOVE)
def put_back(
    tx: Transaction, thing: UUID, seen: int, place: UUID | None, position: str, holder: UUID | None
) -> RemainsItem | Sample:
    """Undo a move that was just made: the thing is again where it was; both moves stay in its story."""
    (found,) = custody.things_of(tx, [thing])
    custody.demand_seen(tx, found, {thing: seen})
    if place is not None:
        return move_things(tx, [thing], place, position, "move undone").things[0]
    if holder is None:
        raise Refused(f"{custody.named(found)} lay nowhere before; say where it is instead.")
    back = custody.settle(tx, found, CustodyState.CHECKED_OUT, holder=holder)
    giver = tx.me if tx.me != holder else None
    custody.note_event(
        tx, CustodyKind.MOVE, **custody.of(found), from_person=giver, to_person=holder, note="move undone"
    )
    return back


@command(Permission.CUSTODY_MOVE)
def move_place(tx: Transaction, seen: StorageLocation, into: UUID | None, note: str = "") -> StorageLocation:
    """Put a box or another place, with everything in it, somewhere else; each thing in it gets its leg of custody."""
    inside = within(tx, seen.id)
    if into in inside:
        raise Refused(f"{seen.name} can't be put into itself.")
    moved = tx.change(seen, parent=into)
    above = tx.get(StorageLocation, into) if into else None
    _demand_sensible(moved, above)
    where = f"with {seen.name} to {above.name if above else 'the top'}"
    said = "; ".join(part for part in (where, note) if part)
    stored = {**_STORED, "place": list(inside)}
    things: list[RemainsItem | Sample] = [*tx.find(RemainsItem, **stored), *tx.find(Sample, **stored)]
    tx.add_all(
        custody.leg(tx, CustodyKind.MOVE, **custody.of(t), place=t.place, position=t.position, note=said)
        for t in things
    )
    return moved


@command(Permission.CUSTODY_MOVE)
def give_up_location(tx: Transaction, seen: StorageLocation, reason: str) -> StorageLocation:
    """A place that is no longer used; it must be empty."""
    if len(within(tx, seen.id)) > 1 or _lying(tx, seen.id):
        raise Refused(f"{seen.name} is not empty; move what lies in it first.")
    return tx.void(seen, reason)
