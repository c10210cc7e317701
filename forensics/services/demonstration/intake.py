"""A delivery of the demonstration: two cases, one with a broken seal and a bone fewer than its paper says."""

import struct
import zlib
from datetime import timedelta

from forensics.domain.attachments import Sensitivity
from forensics.domain.dates import UncertainDate
from forensics.domain.deliveries import Delivery
from forensics.domain.remains import Description
from forensics.services import attachments, deliveries, external_numbers, remains
from forensics.services.attachments import NewAttachment
from forensics.services.deliveries import NewCase
from forensics.services.demonstration.stage import Stage

_ORDER = """Order KT-311/24

The remains recovered at the pier on 2 June are to be examined and sampled.
Package 1: one femur, one humerus. Package 2: fourteen ribs, three lumbar vertebrae, one mandible.
"""


def accept_delivery(stage: Stage) -> None:
    """A delivery of two cases with its papers"""
    custodian = stage.staff["custodian"]
    site = stage.sites[0].id

    def bones(typed: str) -> tuple[remains.NewItem, ...]:
        return custodian.run(remains.contents_from, typed)

    odd = NewCase(
        Description.COMMINGLED,
        "PIER-02",
        bones("14 ribs, L3-5"),
        18,
        "A-118, A-119",
        "A-118 broken, A-119",
        "Wet, sand",
        site,
    )
    sound = NewCase(Description.SKELETAL, "PIER-01", bones("L fem, R hum"), 2, "A-117", "A-117", "Dry", site)
    paper = Delivery(
        operation=stage.operation.id,
        received_at=custodian.store.clock() - timedelta(minutes=20),
        received_by=custodian.person.id,
        place="Loading bay",
        delivered_by="Sgt. Marta Okafor",
        institution="Harbour police",
        authority="Public prosecutor, Marsala",
        order_reference="KT-311/24",
    )
    received = custodian.run(deliveries.receive_delivery, paper, [odd, sound], stage.places[0])
    record = custodian.run(deliveries.delivery_record, received.id)
    order = NewAttachment("order-kt-311-24.txt", _ORDER.encode(), "The prosecutor's order")
    seal = NewAttachment(
        "seal-a-118.png",
        _drawing(),
        "Seal A-118 as it was found",
        Sensitivity.GRAPHIC,
        UncertainDate(received.received_at.date().isoformat()),
    )
    custodian.run(attachments.attach, "delivery", received.id, order)
    custodian.run(attachments.attach, "delivery", received.id, seal)
    custodian.run(
        external_numbers.add_number, "remains_case", record.cases[0].id, "M-4471/24", "City mortuary"
    )


def _drawing(side: int = 96) -> bytes:
    """A grey picture of two rings, as a PNG."""
    lines = bytearray()
    for y in range(side):
        lines.append(0)
        for x in range(side):
            far = ((x - side / 2) ** 2 + (y - side / 2) ** 2) ** 0.5
            lines.append(60 if 30 < far < 36 or 14 < far < 18 else 225)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(lines))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
