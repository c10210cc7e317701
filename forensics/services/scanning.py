"""What a scanned or typed code names: an item, a sample, a storage place, a person's badge, or a case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forensics.domain.custody import StorageLocation
from forensics.domain.errors import Invalid
from forensics.domain.numbers import demand_sound, looks_like_ours
from forensics.domain.people import Permission, Person
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import storage
from forensics.services.door import query

MOST = 20  # things that share another institution's number


@dataclass(frozen=True, slots=True)
class Scanned:
    """A record that carries a code exactly; `revision` is what was seen, `where` its place in words."""

    entity: str
    id: UUID
    number: str
    called: str
    where: str
    revision: int
    place: UUID | None = None
    position: str = ""
    holder: UUID | None = None
    custody: CustodyState | None = None

    @property
    def is_thing(self) -> bool:
        """Whether it can be put somewhere or handed over."""
        return self.entity in ("remains_item", "sample")


@query(Permission.SIGN_IN)
def identify(tx: Transaction, code: str) -> list[Scanned]:
    """What carries the code, ours or another institution's; several where another institution's is no number of one.

    `Invalid` when nothing does and the code is a mistyped one of ours.
    """
    written = code.strip()
    found = _identified(tx, written) or _things(tx, external_number=written)
    if not found and looks_like_ours(written):
        demand_sound(written)
    return found


def _identified(tx: Transaction, code: str) -> list[Scanned]:
    """By our own numbers; only where none fits by another institution's, which may be one of ours by chance."""
    try:
        return _things(tx, number=(ours := demand_sound(code))) + _others(tx, ours)
    except Invalid:
        return _things(tx, external_number=code)


def _things(tx: Transaction, **carries: str) -> list[Scanned]:
    """Samples (by their token too) and items."""
    found: list[Scanned] = []
    asked: dict[str, Any] = {**carries, "voided_at": None}
    if Permission.SAMPLE_READ in tx.permissions:
        samples = tx.find(Sample, limit=MOST, **asked)
        if "number" in carries:
            samples += tx.find(Sample, token=carries["number"], voided_at=None)
        found += [_thing(tx, s, "sample", s.token, str(s.kind)) for s in samples]
    if Permission.CASE_READ in tx.permissions:
        items = tx.find(RemainsItem, limit=MOST, **asked)
        found += [_thing(tx, i, "remains_item", i.number, i.element or str(i.kind)) for i in items]
    return found


def _others(tx: Transaction, ours: str) -> list[Scanned]:
    """Storage places and badges."""
    found: list[Scanned] = []
    if Permission.CASE_READ in tx.permissions:
        for place in tx.find(StorageLocation, number=ours, voided_at=None):
            path = storage.path_of(tx, place.id)
            found.append(
                Scanned("storage_location", place.id, place.number, place.name, path, place.revision)
            )
    for person in tx.find(Person, number=ours, voided_at=None):
        found.append(Scanned("person", person.id, person.number, person.name, "", person.revision))
    return found


def _thing(tx: Transaction, thing: RemainsItem | Sample, entity: str, number: str, called: str) -> Scanned:
    where = str(thing.custody)
    if thing.place is not None:
        where = f"{storage.path_of(tx, thing.place)} {thing.position}".strip()
    elif thing.holder is not None:
        where = f"with {tx.get(Person, thing.holder).name}"
    return Scanned(
        entity, thing.id, number, called, where, thing.revision,
        thing.place, thing.position, thing.holder, thing.custody,
    )  # fmt: skip
