"""Where things end, and come back from: graves, exhumations, destruction by two authorisations, missing and located."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from forensics.domain.custody import CustodyKind
from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Permission
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command


@dataclass(frozen=True, slots=True)
class Grave:
    """Where remains are laid down: cemetery, number of the grave or niche, coordinates in degrees (WGS 84)."""

    cemetery: str
    number: str
    latitude: float
    longitude: float

    @property
    def words(self) -> str:
        return ", ".join(part.strip() for part in (self.cemetery, self.number) if part.strip())


@command(Permission.CUSTODY_MOVE)
def inter(tx: Transaction, items: Sequence[UUID], grave: Grave, note: str = "") -> list[RemainsItem | Sample]:
    """Lay remains into a grave or niche; those of an identified person that were released stay released."""
    if not grave.number.strip():
        raise Invalid("Give the number of the grave or niche; without it nobody finds the remains again.")
    if not (-90 <= grave.latitude <= 90 and -180 <= grave.longitude <= 180):
        raise Invalid("Latitude goes from -90 to 90 and longitude from -180 to 180 degrees; check them.")
    done = []
    for thing in custody.things_of(tx, items):
        if isinstance(thing, Sample):
            raise Refused(f"{thing.token} is a sample; samples are destroyed or given back, not interred.")
        released = thing.custody is CustodyState.RELEASED
        done.append(thing if released else custody.settle(tx, thing, CustodyState.INTERRED))
        custody.note_event(
            tx, CustodyKind.INTER, item=thing.id, place_text=grave.words,
            latitude=grave.latitude, longitude=grave.longitude, note=note,
        )  # fmt: skip
    return done


@command(Permission.CUSTODY_MOVE)
def bring_back(
    tx: Transaction, items: Sequence[UUID], place: UUID, order: str, condition: str = ""
) -> list[RemainsItem | Sample]:
    """Remains come back from a grave or from the family, on an order."""
    if not order.strip():
        raise Invalid("Name the order or the reason for which the remains come back.")
    done = []
    for thing in custody.things_of(tx, items):
        if thing.custody not in (CustodyState.INTERRED, CustodyState.RELEASED):
            raise Refused(f"{custody.named(thing)} is {thing.custody} by the records; it was not away.")
        done.append(custody.settle(tx, thing, CustodyState.IN_STORAGE, place=place))
        custody.note_event(
            tx,
            CustodyKind.EXHUME,
            **custody.of(thing),
            place=place,
            condition=condition.strip(),
            note=order.strip(),
        )
    return done


@command(Permission.DESTRUCTION_AUTHORISE)
def authorise_destruction(tx: Transaction, thing: UUID, reason: str) -> RemainsItem | Sample:
    """The first, then the second of two people allows it; only then can anybody carry it out."""
    (found,) = custody.things_of(tx, [thing])
    if not reason.strip():
        raise Invalid("Say why it is to be destroyed, and on whose order.")
    if found.custody in (CustodyState.DESTROYED, CustodyState.RELEASED, CustodyState.INTERRED):
        raise Refused(f"{custody.named(found)} is {found.custody}; there is nothing here to destroy.")
    if found.destruction_second is not None:
        raise Refused(f"Two people have already authorised the destruction of {custody.named(found)}.")
    field = "destruction_second" if found.destruction_first else "destruction_first"
    changed = tx.change(found, **{field: tx.me})
    custody.note_event(tx, CustodyKind.AUTHORISE_DESTRUCTION, **custody.of(found), note=reason.strip())
    return changed


@command(Permission.DESTRUCTION_AUTHORISE)
def withdraw_destruction(tx: Transaction, thing: UUID, reason: str) -> RemainsItem | Sample:
    """The thing stays after all; both authorisations are gone."""
    (found,) = custody.things_of(tx, [thing])
    if found.destruction_first is None or found.custody is CustodyState.DESTROYED:
        raise Refused(f"No destruction of {custody.named(found)} waits to be carried out.")
    if not reason.strip():
        raise Invalid("Say why it is kept.")
    custody.note_event(
        tx, CustodyKind.AUTHORISE_DESTRUCTION, **custody.of(found), note=f"withdrawn: {reason.strip()}"
    )
    return tx.change(found, destruction_first=None, destruction_second=None)


@command(Permission.CUSTODY_MOVE)
def destroy(tx: Transaction, thing: UUID, method: str) -> RemainsItem | Sample:
    """Carry out what two people authorised."""
    (found,) = custody.things_of(tx, [thing])
    if not method.strip():
        raise Invalid("Say how and where it was destroyed.")
    done = custody.settle(tx, found, CustodyState.DESTROYED)
    custody.note_event(tx, CustodyKind.DESTROY, **custody.of(found), note=method.strip())
    return done


@command(Permission.CUSTODY_MOVE)
def mark_missing(tx: Transaction, thing: UUID, note: str) -> RemainsItem | Sample:
    """The thing is not where it should be, and nobody has it."""
    (found,) = custody.things_of(tx, [thing])
    if not note.strip():
        raise Invalid("Say where it was looked for.")
    custody.note_event(
        tx, CustodyKind.COUNT_MISSING, **custody.of(found), place=found.place, note=note.strip()
    )
    return custody.settle(tx, found, CustodyState.MISSING)


def locate(tx: Transaction, thing: RemainsItem | Sample, place: UUID, note: str) -> RemainsItem | Sample:
    """What was missing lies here."""
    custody.note_event(tx, CustodyKind.LOCATED, **custody.of(thing), place=place, note=note)
    return custody.settle(tx, thing, CustodyState.IN_STORAGE, place=place)
