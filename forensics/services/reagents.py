"""Reagent lots and instruments: what may be used in a batch, and what is about to expire."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from forensics.domain.errors import Invalid, Refused
from forensics.domain.laboratory import (
    INSTRUMENT_OF,
    NEEDED_LOT,
    Instrument,
    InstrumentKind,
    LotKind,
    LotState,
    ReagentLot,
    Stage,
)
from forensics.domain.lines import InstrumentLine, LotLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.people import Permission
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query

SOON = timedelta(days=30)
"""How long before its end a lot is announced."""


@query(Permission.PROFILE_READ)
def lots(tx: Transaction, query: ListQuery) -> Page[LotLine]:
    """The list of reagent lots."""
    return lines.LOTS.page(tx, query)


@query(Permission.PROFILE_READ)
def lot(tx: Transaction, id: UUID) -> ReagentLot:
    """One lot."""
    return tx.get(ReagentLot, id)


@query(Permission.PROFILE_READ)
def instruments(tx: Transaction, query: ListQuery) -> Page[InstrumentLine]:
    """The list of instruments."""
    return lines.INSTRUMENTS.page(tx, query)


@query(Permission.PROFILE_READ)
def instrument(tx: Transaction, id: UUID) -> Instrument:
    """One instrument."""
    return tx.get(Instrument, id)


@query(Permission.PROFILE_READ)
def usable(tx: Transaction, stage: Stage) -> tuple[list[ReagentLot], list[Instrument]]:
    """The lots that can be used today, those that the stage needs first, and the instruments of the stage."""
    today, needed = tx.now.date(), NEEDED_LOT[stage]
    found = [lot for lot in tx.find(ReagentLot, state=LotState.IN_USE) if not lot.why_not(today)]
    apt = tx.find(Instrument, kind=INSTRUMENT_OF[stage], retired=False, voided_at=None)
    return sorted(found, key=lambda lot: (lot.kind is not needed, lot.expires)), [
        one for one in apt if not one.why_not(today)
    ]


@command(Permission.BATCH_RUN)
def register_lot(
    tx: Transaction, kind: LotKind, name: str, lot: str, expires: date, opened_on: date | None = None
) -> ReagentLot:
    """A delivery of a reagent; the same lot of the same reagent stands here once."""
    name, lot = name.strip(), lot.strip()
    if not name or not lot:
        raise Invalid("Give the reagent its name and the lot number that stands on the box.")
    if opened_on is not None and opened_on > tx.now.date():
        raise Invalid(f"It can't have been opened on {opened_on:%Y-%m-%d}, which is still to come.")
    earlier = tx.one(ReagentLot, name=name, lot=lot, voided_at=None)
    if earlier is not None:
        raise Invalid(f"Lot {lot} of {name} is known already as {earlier.number}.")
    return tx.add(ReagentLot(kind=kind, name=name, lot=lot, expires=expires, opened_on=opened_on))


@command(Permission.BATCH_RUN)
def open_lot(tx: Transaction, id: UUID) -> ReagentLot:
    """The first use of a lot; the day is kept."""
    return tx.change(tx.get(ReagentLot, id), opened_on=tx.now.date())


@command(Permission.BATCH_RUN)
def end_lot(tx: Transaction, id: UUID, state: LotState) -> ReagentLot:
    """The lot is used up or withdrawn, or after all in use; batches that used it keep naming it."""
    return tx.change(tx.get(ReagentLot, id), state=state)


@command(Permission.BATCH_RUN)
def register_instrument(
    tx: Transaction, kind: InstrumentKind, name: str, serial: str, service_due: date
) -> Instrument:
    """An instrument with the day by which it must be serviced."""
    name, serial = name.strip(), serial.strip()
    if not name or not serial:
        raise Invalid("Give the instrument its name and its serial number.")
    earlier = tx.one(Instrument, serial=serial, voided_at=None)
    if earlier is not None:
        raise Invalid(f"The serial number {serial} is that of {earlier.name} ({earlier.number}).")
    return tx.add(Instrument(kind=kind, name=name, serial=serial, service_due=service_due))


@command(Permission.BATCH_RUN)
def note_service(tx: Transaction, id: UUID, next_due: date) -> Instrument:
    """It was serviced; the next service is due on `next_due`."""
    if next_due <= tx.now.date():
        raise Invalid("The next service must lie in the future.")
    return tx.change(tx.get(Instrument, id), service_due=next_due)


@command(Permission.BATCH_RUN)
def retire_instrument(tx: Transaction, id: UUID, retired: bool = True) -> Instrument:
    """Out of use, or in use again."""
    return tx.change(tx.get(Instrument, id), retired=retired)


def demand_usable(
    tx: Transaction, stage: Stage, lots: Sequence[UUID], instrument: UUID | None, *, complete: bool = False
) -> None:
    """`Refused` when a lot or the instrument can't be used today; `complete` asks for what the stage needs."""
    today = tx.now.date()
    found = tx.find(ReagentLot, id=list(lots)) if lots else []
    for one in found:
        if why := one.why_not(today):
            raise Refused(why)
    used = tx.get(Instrument, instrument) if instrument is not None else None
    if used is not None and (why := used.why_not(today)):
        raise Refused(why)
    if used is not None and used.kind is not INSTRUMENT_OF[stage]:
        raise Refused(f"{used.name} is a {used.kind}; the {stage} needs a {INSTRUMENT_OF[stage]}.")
    if not complete:
        return
    if NEEDED_LOT[stage] not in {one.kind for one in found}:
        raise Refused(
            f"Say which lot of the {NEEDED_LOT[stage]} is used; the {stage} can't be traced without."
        )
    if used is None and stage is not Stage.EXTRACTION:
        raise Refused(f"Say on which {INSTRUMENT_OF[stage]} the {stage} is run.")


def expiring(tx: Transaction) -> list[ReagentLot]:
    """Lots in use that expire within thirty days or have expired, the earliest first."""
    end = tx.now.date() + SOON
    found = tx.find(ReagentLot, order="expires", state=LotState.IN_USE, voided_at=None)
    return [one for one in found if one.expires <= end]
