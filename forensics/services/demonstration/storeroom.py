"""The demonstration's storeroom: boxes filled with samples, loans, a consignment on its way, a finished stock-take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from forensics.domain.custody import Consignment, ConsignmentKind, PlaceKind
from forensics.domain.ledger import Quantity
from forensics.domain.lists import ListQuery
from forensics.domain.samples import SampleState
from forensics.domain.stock_take import Finding, Resolution
from forensics.services import (
    consignments,
    ledger,
    samples,
    stock_taking,
    storage,
    transfers,
)
from forensics.services.demonstration.stage import Stage

_SIDE = 9  # a box has 9 × 9 positions
_BOXES = 3


def fill_boxes(stage: Stage) -> None:
    """Samples in boxes of a freezer, some used, two loans."""
    custodian, technician = stage.staff["custodian"], stage.staff["tamara"]
    tree = custodian.run(storage.storage_tree)
    room = next(line for line in tree if line.place.kind is PlaceKind.ROOM)
    freezer = custodian.run(storage.create_location, "Freezer 1 (−20 °C)", room.id, kind=PlaceKind.UNIT)
    drawer = custodian.run(storage.create_location, "Drawer 1", freezer.id, 6, PlaceKind.SHELF)
    lines = technician.run(samples.samples, ListQuery(filters={"reference": (False,)}, limit=1000)).rows
    kept = [line for line in lines if line.state in (SampleState.PROFILED, SampleState.ACCESSIONED)]
    size = _SIDE * _SIDE
    for number in range(_BOXES):
        box = custodian.run(
            storage.create_location, f"Box {number + 1}", drawer.id, None, PlaceKind.BOX, _SIDE, _SIDE
        )
        part = [line.id for line in kept[number * (size - 9) : (number + 1) * (size - 9)]]
        if part:
            custodian.run(storage.move_things, part, box.id)
    for line in kept[:4]:
        technician.run(ledger.record_correction, line.id, Quantity.VOLUME, 50.0, "eluate measured")
        technician.run(ledger.record_use, line.id, Quantity.VOLUME, 5.0, "quantification")
        technician.run(ledger.record_use, line.id, Quantity.VOLUME, 15.0, "amplification")
    now = datetime.now(UTC)
    _send(
        stage,
        [line.id for line in kept[4:6]],
        "Institute of Radiocarbon Dating",
        "dating",
        now - timedelta(days=7),
    )
    _send(
        stage,
        [line.id for line in kept[6:9]],
        "University laboratory for mtDNA",
        "mtDNA",
        now + timedelta(days=40),
    )


def _send(
    stage: Stage,
    things: list[UUID],
    to: str,
    purpose: str,
    due: datetime | None,
    kind: ConsignmentKind = ConsignmentKind.ANALYSIS,
) -> Consignment:
    custodian = stage.staff["custodian"]
    sent = Consignment(
        kind=kind,
        to_party=to,
        purpose=purpose,
        sent_by=custodian.person.id,
        sent_at=custodian.store.clock(),
        carrier="courier, parcel 70 815",
        seal=f"K-{stage.dice.randint(10000, 99999)}",
        due=due.date() if due else None,
    )
    return custodian.run(consignments.send, sent, things)


def take_stock(stage: Stage) -> None:
    """A stock-take of a shelf, a bone in somebody's hands, a parcel on its way."""
    custodian, technician = stage.staff["custodian"], stage.staff["tamara"]
    away = custodian.run(consignments.sent_out)[-1].consignment
    custodian.run(consignments.accept, away, "Dr B. Keller", away.sent_at + timedelta(days=2), away.seal)
    shelf, other = stage.places[2], stage.places[3]
    items = custodian.run(storage.lying_in, shelf)
    stray = custodian.run(storage.lying_in, other)[0]
    count = custodian.run(stock_taking.begin_stock_take, shelf, "quarterly count")
    for one in [*items[1:], stray]:
        custodian.run(stock_taking.record_scan, count.id, one.number)
    custodian.run(stock_taking.record_scan, count.id, "MORT-1187")
    custodian.run(stock_taking.resolve_all, count.id, Finding.MISPLACED, Resolution.RECORD_MOVED)
    custodian.run(stock_taking.resolve_all, count.id, Finding.MISSING, Resolution.MARKED_MISSING)
    custodian.run(
        stock_taking.resolve_all,
        count.id,
        Finding.UNKNOWN,
        Resolution.LEFT,
        "label of the mortuary on an empty bag",
    )
    custodian.run(stock_taking.finish_stock_take, count.id)
    custodian.run(storage.move_things, [items[0].id], shelf, "", "behind the drawer")
    bones = custodian.run(storage.lying_in, stage.places[4])
    custodian.run(transfers.record_transfer, custodian.person.id, technician.person.id, [bones[0].id])
    _send(
        stage,
        [bones[1].id],
        "Institute of Anthropology",
        "returned to its owner",
        None,
        ConsignmentKind.TRANSFER,
    )
