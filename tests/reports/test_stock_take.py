"""The report of a stock-take on paper says every discrepancy and how it ended."""

from __future__ import annotations

import pypdfium2

from forensics.domain.stock_take import Finding, Resolution
from forensics.services import stock_taking
from reports.stock_take import render_stock_take
from tests.support.storeroom import Storeroom, storeroom

__all__ = ["storeroom"]


def words(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_the_report_of_a_finished_stock_take(storeroom: Storeroom) -> None:
    room, run = storeroom, storeroom.custodian.run
    count = run(stock_taking.begin_stock_take, room.shelf.id, "spring")
    for code in (room.item(0).number, room.item(1).number, "MORT-7"):
        run(stock_taking.record_scan, count.id, code)
    open_ = render_stock_take(run(stock_taking.stock_take_record, count.id), "Test laboratory")
    assert f"{room.item(3).number} not scanned recorded in Shelf 2 open" in words(open_)
    run(stock_taking.resolve_all, count.id, Finding.MISSING, Resolution.MARKED_MISSING)
    run(stock_taking.resolve_all, count.id, Finding.UNKNOWN, Resolution.LEFT, "an empty bag")
    run(stock_taking.finish_stock_take, count.id)
    done = run(stock_taking.stock_take_record, count.id)
    pdf = render_stock_take(done, "Test laboratory")
    text = words(pdf)
    for expected in (
        f"Stock-take {count.number}", "House › Room 1 › Shelf 2", "Nuno Carvalho", "confirmed 2", "missing 2",
        "MORT-7 unknown code", "left as it is; an empty bag", f"{room.item(3).number} missing", "marked missing",
    ):  # fmt: skip
        assert expected in text, (expected, text)
    assert pdf == render_stock_take(done, "Test laboratory")
