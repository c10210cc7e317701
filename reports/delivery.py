"""The receipt of a delivery for the one who brought it: what was received, how it was found, and both names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.domain.deliveries import DiscrepancyState, SealFinding
from reports import document as content
from reports.document import Align, Tone
from reports.plain import plain_pdf

if TYPE_CHECKING:
    from forensics.services.deliveries import DeliveryRecord

_ROOM = "\N{NO-BREAK SPACE}"  # an empty line to write on


def render_receipt(record: DeliveryRecord, laboratory: str) -> bytes:
    """A PDF on A4 with a place for two signatures by hand; the same bytes for the same delivery."""
    return plain_pdf(f"Receipt of delivery {record.delivery.number}", _blocks(record), laboratory)


def _blocks(record: DeliveryRecord) -> list[Any]:
    return [_paper(record), _cases(record), *_seals(record), *_discrepancies(record), _names(record)]


def _paper(record: DeliveryRecord) -> content.KeyValues:
    delivery = record.delivery
    pairs = (
        ("Received", f"{delivery.received_at:%Y-%m-%d %H:%M} UTC"),
        ("At", delivery.place),
        ("Brought by", delivery.delivered_by),
        ("For", delivery.institution),
        ("Authority", delivery.authority),
        ("Order", delivery.order_reference),
        ("Operation", record.operation.title),
        ("Note", delivery.note),
    )
    return content.KeyValues(tuple((label, value) for label, value in pairs if value))


def _cases(record: DeliveryRecord) -> content.Table:
    heads = (("Case", 1.6), ("Described as", 2.0), ("Your number", 1.6))
    columns = tuple(content.Column(title, width) for title, width in heads)
    numbers = tuple(content.Column(title, 1.0, Align.RIGHT) for title in ("Items", "Pieces stated"))
    rows = tuple(
        content.Row(
            (
                line.number,
                str(line.description),
                line.external_number,
                str(line.items),
                str(record.stated.get(line.id, "not stated")),
            )
        )
        for line in record.cases
    )
    return content.Table((*columns, *numbers), rows, caption="Cases")


def _seals(record: DeliveryRecord) -> list[content.Table]:
    numbers = {line.id: line.number for line in record.cases}
    rows = tuple(
        content.Row(
            (one.seal, str(one.finding), numbers.get(one.case, "")),
            tones=((1, Tone.GOOD if one.finding is SealFinding.INTACT else Tone.REFUSED),),
        )
        for one in record.seals
    )
    columns = tuple(content.Column(title, 1.0) for title in ("Seal", "Found", "Case"))
    return [content.Table(columns, rows, caption="Seals")] if rows else []


def _discrepancies(record: DeliveryRecord) -> list[content.Statement]:
    if not record.discrepancies:
        return [content.Statement("As stated", ("Nothing disagrees with the paper.",), Tone.GOOD)]
    words = tuple(
        f"{one.number}: {one.what}"
        + (f" Settled: {one.resolution}" if one.state is DiscrepancyState.SETTLED else "")
        for one in record.discrepancies
    )
    return [content.Statement("What does not agree with the paper", words, Tone.ATTENTION)]


def _names(record: DeliveryRecord) -> content.Table:
    columns = (content.Column("Handed over", 1.0), content.Column("Received", 1.0))
    rows = (
        (record.delivery.delivered_by, record.receiver),
        (_ROOM, _ROOM),
        (_ROOM, _ROOM),
        ("date and signature",) * 2,
    )
    return content.Table(columns, tuple(content.Row(cells) for cells in rows), caption="Signatures")
