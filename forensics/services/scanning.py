"""What a scanned or typed code names: an item, a sample, a storage place, a person's badge, or a case."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.custody import StorageLocation
from forensics.domain.errors import Invalid
from forensics.domain.numbers import demand_sound, looks_like_ours
from forensics.domain.people import Permission, Person
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import custody, external_numbers, storage
from forensics.services.door import query
from forensics.services.searching import READ


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
    """What carries the code: by our own numbers; only where none fits, by those of other institutions.

    Several where another institution's number is no number of one thing. `Invalid` when nothing carries it and
    it is a mistyped one of ours.
    """
    written = code.strip()
    try:
        found = _ours(tx, demand_sound(written))
    except Invalid:
        found = []
    found = found or _theirs(tx, written)
    if not found and looks_like_ours(written):
        demand_sound(written)
    return found


def _ours(tx: Transaction, number: str) -> list[Scanned]:
    """Samples by token or number, items, storage places, badges."""
    found: list[Scanned] = []
    if Permission.SAMPLE_READ in tx.permissions:
        samples = tx.find(Sample, token=number, voided_at=None) or tx.find(
            Sample, number=number, voided_at=None
        )
        found += [_thing(tx, sample) for sample in samples]
    if Permission.CASE_READ in tx.permissions:
        found += [_thing(tx, item) for item in tx.find(RemainsItem, number=number, voided_at=None)]
        for place in tx.find(StorageLocation, number=number, voided_at=None):
            path = storage.path_of(tx, place.id)
            found.append(
                Scanned("storage_location", place.id, place.number, place.name, path, place.revision)
            )
    for person in tx.find(Person, number=number, voided_at=None):
        found.append(Scanned("person", person.id, person.number, person.name, "", person.revision))
    return found


def _theirs(tx: Transaction, code: str) -> list[Scanned]:
    """Whatever carries the number of another institution: things, cases, deliveries, missing persons…"""
    readable = [entity for entity in external_numbers.CARRYING if READ[entity] in tx.permissions]
    return [
        _thing(tx, one.record)
        if isinstance(one.record, RemainsItem | Sample)
        else Scanned(one.entity, one.id, one.number, one.number, "", one.record.revision)
        for one in external_numbers.carriers(tx, code, readable)
    ]


def _thing(tx: Transaction, thing: RemainsItem | Sample) -> Scanned:
    is_sample = isinstance(thing, Sample)
    called = (thing.element if isinstance(thing, RemainsItem) else "") or str(thing.kind)
    where = str(thing.custody)
    if thing.place is not None:
        where = f"{storage.path_of(tx, thing.place)} {thing.position}".strip()
    elif thing.holder is not None:
        where = f"with {tx.get(Person, thing.holder).name}"
    return Scanned(
        "sample" if is_sample else "remains_item", thing.id, custody.named(thing), called, where, thing.revision,
        thing.place, thing.position, thing.holder, thing.custody,
    )  # fmt: skip
