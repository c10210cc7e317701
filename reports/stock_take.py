"""The report of a stock-take on paper: what was counted, by whom, what agreed, and each discrepancy with its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.domain.stock_take import Finding
from reports import document as content
from reports.document import Align, Tone
from reports.plain import plain_pdf

if TYPE_CHECKING:
    from forensics.services.stock_taking import Count

_TONES = {
    Finding.CONFIRMED: Tone.GOOD,
    Finding.MISSING: Tone.REFUSED,
    Finding.NOT_HERE: Tone.REFUSED,
    Finding.UNKNOWN: Tone.MUTED,
}


def render_stock_take(count: Count, laboratory: str) -> bytes:
    """A PDF on A4; the same bytes for the same count."""
    return plain_pdf(f"Stock-take {count.stock_take.number}", _blocks(count), laboratory)


def _blocks(count: Count) -> list[Any]:
    taken = count.stock_take
    begun = f"{taken.created_at:%Y-%m-%d %H:%M} UTC, {count.begun_by}" if taken.created_at else count.begun_by
    ended = f"{taken.finished_at:%Y-%m-%d %H:%M} UTC, {count.finished_by}" if taken.finished_at else ""
    blocks: list[Any] = [
        content.KeyValues(
            (
                ("What was counted", count.where),
                ("State", str(taken.state)),
                ("Begun", begun),
                ("Ended", ended),
                ("Note", taken.note),
            )
        ),
        content.Table(
            (content.Column("Finding", 3), content.Column("Things", 1, Align.RIGHT)),
            tuple(content.Row((str(one), str(n))) for one, n in count.tally.items()),
        ),
    ]
    odd = [line for line in count.lines if line.finding is not Finding.CONFIRMED]
    rows = [
        content.Row(
            (
                line.code,
                str(line.finding),
                line.why,
                "; ".join(part for part in (str(line.resolution), line.note) if part),
            ),
            tones=((1, _TONES.get(line.finding, Tone.ATTENTION)),),
        )
        for line in sorted(odd, key=lambda line: (line.finding, line.code))
    ]
    rows += [
        content.Row(
            (one.number, "not scanned", f"recorded in {one.where}", "open"), tones=((1, Tone.REFUSED),)
        )
        for one in count.missing
    ]
    if rows:
        heads = (("Code", 2.0), ("Finding", 1.6), ("By the records", 3.0), ("Settled", 2.4))
        columns = tuple(content.Column(title, width) for title, width in heads)
        blocks.append(content.Table(columns, tuple(rows), caption="Discrepancies"))
    else:
        blocks.append(content.Statement("Everything agrees", ("No discrepancy was found.",), Tone.GOOD))
    found = sorted(line.code for line in count.lines if line.finding is Finding.CONFIRMED)
    if found:
        blocks.append(content.Paragraph(f"Found in their place: {', '.join(found)}.", "note"))
    return blocks
