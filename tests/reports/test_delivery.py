"""The receipt of a delivery says what came, what does not agree, and who stood at both ends."""

from __future__ import annotations

from forensics.domain.remains import Description
from forensics.services import deliveries
from forensics.services.deliveries import NewCase
from reports.delivery import render_receipt
from tests.reports.test_stock_take import words
from tests.services.test_deliveries import FEMUR, LOT, received
from tests.support.laboratories import Staffed


def test_the_receipt_names_cases_seals_discrepancies_and_both_people(staffed: Staffed) -> None:
    custodian = staffed["custodian"]
    odd = NewCase(Description.COMMINGLED, "H-2", (FEMUR, LOT), 5, "A-2, A-3", "A-2 broken")
    delivery = received(staffed, NewCase(Description.BODY_PART, "H-1", (FEMUR,)), odd)
    record = custodian.run(deliveries.delivery_record, delivery.id)
    custodian.run(deliveries.settle_discrepancy, record.discrepancies[1], "Counted again.")
    record = custodian.run(deliveries.delivery_record, delivery.id)
    pdf = render_receipt(record, "Test laboratory")
    text = words(pdf)
    for expected in (
        f"Receipt of delivery {delivery.number}", "Harbour police", "KT-204/24", "body part H-1 1 not stated",
        "commingled remains H-2 2 5", "A-2 broken", "A-3 missing", "Settled: Counted again.",
        "Sgt. Okafor Nuno Carvalho", "date and signature",
    ):  # fmt: skip
        assert expected in text, (expected, text)
    assert pdf == render_receipt(record, "Test laboratory")
