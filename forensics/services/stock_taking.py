"""Stock-take: scan everything in a place, hold it against the records, settle each discrepancy, finish.

Each scan is an act of its own, so that nothing is lost when the program or the power goes.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forensics.domain.custody import CustodyKind, StorageLocation
from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Permission, Person
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from forensics.domain.stock_take import Finding, Resolution, StockLine, StockTake, StockTakeState
from forensics.persistence.transaction import Transaction
from forensics.services import custody, disposal, storage
from forensics.services.door import command, query
from forensics.services.scanning import Scanned, identify

_F, _R = Finding, Resolution
WAYS: dict[Finding, tuple[Resolution, ...]] = {
    _F.MISPLACED: (_R.RECORD_MOVED, _R.LEFT),
    _F.FOUND_AGAIN: (_R.LOCATED, _R.LEFT),
    _F.NOT_HERE: (_R.LEFT,),
    _F.UNKNOWN: (_R.LEFT,),
    _F.MISSING: (_R.MARKED_MISSING, _R.LEFT),
}
"""How each discrepancy may be settled; what is left as it is needs a note."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A thing that the records have in the place and that was not scanned yet."""

    id: UUID
    entity: str
    number: str
    called: str
    where: str


@dataclass(frozen=True, slots=True)
class Count:
    """A stock-take as its page shows it; `lines` newest first."""

    stock_take: StockTake
    where: str
    lines: tuple[StockLine, ...]
    missing: tuple[Expected, ...]
    begun_by: str
    finished_by: str

    @property
    def tally(self) -> dict[Finding, int]:
        """How many of each finding, what is not scanned yet among the missing."""
        counted = Counter(line.finding for line in self.lines)
        return {one: counted[one] + (len(self.missing) if one is _F.MISSING else 0) for one in Finding}

    @property
    def open(self) -> int:
        """Discrepancies that nobody has settled."""
        return len(self.missing) + sum(line.resolution is _R.OPEN for line in self.lines)


@dataclass(frozen=True, slots=True)
class StockTakeLine:
    """A stock-take in the list."""

    id: UUID
    number: str
    stock_take: StockTake
    where: str
    begun_by: str
    scanned: int
    discrepancies: int


@command(Permission.CUSTODY_MOVE)
def begin_stock_take(tx: Transaction, place: UUID, note: str = "") -> StockTake:
    """Begin a count of a place and all places in it."""
    found = tx.get(StorageLocation, place)
    tx.alone()
    if running := tx.one(StockTake, place=place, state=StockTakeState.OPEN):
        raise Refused(f"{running.number} of {found.name} is still open; go on with it, or give it up.")
    return tx.add(StockTake(place=place, begun_by=tx.me, note=note.strip()))


@command(Permission.CUSTODY_MOVE)
def record_scan(tx: Transaction, stock_take: UUID, code: str, place: UUID | None = None) -> StockLine:
    """One scan, saved at once; `place` is the shelf or box that was scanned before. A second scan counts once."""
    count = _open(tx, stock_take)
    written = code.strip()
    if not written:
        raise Invalid("Scan or type a code.")
    tx.alone()  # two people may scan the same thing at once; it counts once
    scanned = [one for one in identify(tx, written) if one.is_thing]
    thing = scanned[0] if len(scanned) == 1 else None
    before = _before(tx, stock_take, written, thing)
    if before is not None:
        return before
    scope = storage.within(tx, count.place)
    here = place or count.place
    if here not in scope:
        raise Refused(
            "That place is not in what is being counted; scan one that is, or begin another stock-take."
        )
    finding, why = _finding(thing, here, count.place, scope, len(scanned))
    return tx.add(
        StockLine(
            stock_take=stock_take,
            code=thing.number if thing else written[:80],
            finding=finding,
            item=thing.id if thing and thing.entity == "remains_item" else None,
            sample=thing.id if thing and thing.entity == "sample" else None,
            place=here,
            why=why,
            resolution=_R.NONE_NEEDED if finding is _F.CONFIRMED else _R.OPEN,
        )
    )


def _open(tx: Transaction, stock_take: UUID) -> StockTake:
    count = tx.get(StockTake, stock_take)
    if count.state is not StockTakeState.OPEN:
        raise Refused(f"{count.number} is {count.state}; begin another stock-take.")
    return count


def _before(tx: Transaction, stock_take: UUID, code: str, thing: Scanned | None) -> StockLine | None:
    """The line of an earlier scan of the same; what was marked missing and turns up gets a new one."""
    if thing is None:
        return tx.one(StockLine, stock_take=stock_take, code=code[:80], finding=_F.UNKNOWN, voided_at=None)
    field = "sample" if thing.entity == "sample" else "item"
    same: dict[str, Any] = {field: thing.id, "stock_take": stock_take, "voided_at": None}
    lines = tx.find(StockLine, **same)
    return next((line for line in lines if line.finding is not _F.MISSING), None)


def _finding(
    thing: Scanned | None, here: UUID, whole: UUID, scope: set[UUID], found: int
) -> tuple[Finding, str]:
    if thing is None:
        words = (
            "no item and no sample carries it"
            if not found
            else f"{found} things carry it; use our own number"
        )
        return _F.UNKNOWN, words
    if thing.custody is CustodyState.MISSING:
        return _F.FOUND_AGAIN, "it was missing"
    if thing.custody is not CustodyState.IN_STORAGE:
        return _F.NOT_HERE, f"recorded as {thing.custody}: {thing.where}"
    near = thing.place == here or (here == whole and thing.place in scope)
    if near:
        return _F.CONFIRMED, ""
    return _F.MISPLACED, f"recorded in {thing.where}" if thing.place else "recorded without a place"


@query(Permission.CASE_READ)
def stock_takes(tx: Transaction) -> list[StockTakeLine]:
    """All stock-takes, the open ones first, then the newest."""
    people = {person.id: person.name for person in tx.find(Person)}
    counts = tx.find(StockTake, voided_at=None, order="-id")
    lines: dict[UUID, list[StockLine]] = {}
    for line in tx.find(StockLine, voided_at=None):
        lines.setdefault(line.stock_take, []).append(line)
    told = [
        StockTakeLine(
            one.id,
            one.number,
            one,
            storage.path_of(tx, one.place),
            people.get(one.begun_by, ""),
            sum(line.finding is not _F.MISSING for line in lines.get(one.id, ())),
            sum(line.finding is not _F.CONFIRMED for line in lines.get(one.id, ())),
        )
        for one in counts
    ]
    return sorted(told, key=lambda line: line.stock_take.state is not StockTakeState.OPEN)


@query(Permission.CASE_READ)
def stock_take_record(tx: Transaction, id: UUID) -> Count:
    """A stock-take with its scans and what is not scanned yet."""
    count = tx.get(StockTake, id)
    lines = tx.find(StockLine, stock_take=id, voided_at=None, order="-id")
    people = {person.id: person.name for person in tx.find(Person)}
    missing = _unscanned(tx, count, lines) if count.state is StockTakeState.OPEN else ()
    finisher = people.get(count.finished_by, "") if count.finished_by else ""
    where = storage.path_of(tx, count.place)
    return Count(count, where, tuple(lines), tuple(missing), people.get(count.begun_by, ""), finisher)


def _unscanned(tx: Transaction, count: StockTake, lines: list[StockLine]) -> list[Expected]:
    """What the records have there and nobody scanned."""
    scope = list(storage.within(tx, count.place))
    seen = {line.item or line.sample for line in lines}
    stored: dict[str, Any] = {"place": scope, "custody": CustodyState.IN_STORAGE, "voided_at": None}
    names = {p.id: p.name for p in tx.find(StorageLocation, id=scope)}
    items = [
        Expected(i.id, "remains_item", i.number, i.element or str(i.kind), _at(names, i))
        for i in tx.find(RemainsItem, **stored)
        if i.id not in seen
    ]
    samples = [
        Expected(s.id, "sample", s.token, str(s.kind), _at(names, s))
        for s in tx.find(Sample, **stored)
        if s.id not in seen
    ]
    return sorted(items + samples, key=lambda one: (storage.natural(one.where), one.number))


def _at(names: dict[UUID, str], thing: RemainsItem | Sample) -> str:
    return f"{names[thing.place]} {thing.position}".strip() if thing.place else ""


@command(Permission.CUSTODY_MOVE)
def resolve(tx: Transaction, stock_take: UUID, id: UUID, resolution: Resolution, note: str = "") -> StockLine:
    """Settle one discrepancy: `id` is that of a scan, or of a thing that was not scanned."""
    count = _open(tx, stock_take)
    line = tx.one(StockLine, id=id)
    if line is None:
        (thing,) = custody.things_of(tx, [id])
        number = custody.named(thing)
        line = tx.add(
            StockLine(
                stock_take=stock_take, code=number, finding=_F.MISSING, place=thing.place, why="not scanned",
                resolution=_R.OPEN, **custody.of(thing),
            )
        )  # fmt: skip
    if line.stock_take != stock_take or line.resolution is not _R.OPEN:
        raise Refused(f"{line.code} is already settled: {line.resolution}.")
    if resolution not in WAYS[line.finding]:
        ways = ", ".join(WAYS[line.finding])
        raise Invalid(f"{line.code} is {line.finding}; it can be settled as: {ways}.")
    if resolution is _R.LEFT and not note.strip():
        raise Invalid("Say why it is left as it is.")
    _carry_out(tx, count, line, resolution, note)
    return tx.change(line, resolution=resolution, resolved_by=tx.me, note=note.strip())


def _carry_out(tx: Transaction, count: StockTake, line: StockLine, resolution: Resolution, note: str) -> None:
    id = line.item or line.sample
    if resolution is _R.LEFT or id is None:
        return
    said = "; ".join(part for part in (f"stock-take {count.number}", note.strip()) if part)
    if resolution is _R.MARKED_MISSING:
        disposal.mark_missing(tx, id, said)
        return
    storage.move_things(tx, [id], line.place or count.place, note=said)


@command(Permission.CUSTODY_MOVE)
def resolve_all(
    tx: Transaction, stock_take: UUID, finding: Finding, resolution: Resolution, note: str = ""
) -> int:
    """Settle all open discrepancies of one kind alike; how many there were."""
    count = tx.get(StockTake, stock_take)
    lines = tx.find(StockLine, stock_take=stock_take, finding=finding, resolution=_R.OPEN, voided_at=None)
    ids = [line.id for line in lines]
    if finding is _F.MISSING:
        whole = tx.find(StockLine, stock_take=stock_take, voided_at=None)
        ids += [one.id for one in _unscanned(tx, count, whole)]
    for id in ids:
        resolve(tx, stock_take, id, resolution, note)
    return len(ids)


@command(Permission.CUSTODY_MOVE)
def finish_stock_take(tx: Transaction, stock_take: UUID) -> StockTake:
    """The end: every discrepancy is settled, and each thing that was found in its place has that in its story."""
    count = _open(tx, stock_take)
    lines = tx.find(StockLine, stock_take=stock_take, voided_at=None)
    left = len(_unscanned(tx, count, lines)) + sum(line.resolution is _R.OPEN for line in lines)
    if left:
        raise Refused(
            f"{left} discrepancies are not settled yet; settle each, or leave it as it is with a reason."
        )
    tx.add_all(
        custody.leg(
            tx,
            CustodyKind.COUNT_CONFIRMED,
            item=line.item,
            sample=line.sample,
            place=line.place,
            note=count.number,
        )
        for line in lines
        if line.finding is _F.CONFIRMED
    )
    return tx.change(count, state=StockTakeState.FINISHED, finished_by=tx.me, finished_at=tx.now)


@command(Permission.CUSTODY_MOVE)
def give_up_stock_take(tx: Transaction, stock_take: UUID, why: str) -> StockTake:
    """Stop without a result; what was settled stays settled."""
    if not why.strip():
        raise Invalid("Say why the stock-take is given up.")
    count = _open(tx, stock_take)
    return tx.change(
        count, state=StockTakeState.GIVEN_UP, finished_by=tx.me, finished_at=tx.now, note=why.strip()
    )
