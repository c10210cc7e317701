"""Age or stature intervals of several methods side by side, with the range that the analyst settles on.

Every interval keeps its kind beside it, and one that describes a mean rather than a person is drawn broken:
the two must not be read alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures.axis import Axis
from reports.figures.svg import Box, Canvas, Figure, measure, number, wrap
from reports.palette import Palette

ROW, LEADING, MARGIN, GAP = 34.0, 13.0, 10.0, 14.0
NAME, KIND, VALUE, TICK = 10.5, 9.0, 10.5, 9.0
MOST_NAME = 230.0


@dataclass(frozen=True, slots=True)
class Interval:
    """One method's result. `low` or `high` None: open on that side; `of_mean`: not about a single person."""

    method: str
    kind: str
    low: float | None
    high: float | None
    estimate: float | None = None
    of_mean: bool = False


@dataclass(frozen=True, slots=True)
class IntervalWords:
    """What the figure says; translated by the caller."""

    title: str = "Intervals of the methods"
    final: str = "Conclusion"
    above: str = "≥ {low}"
    below: str = "≤ {high}"


def intervals_figure(
    intervals: Sequence[Interval],
    final: tuple[float | None, float | None] | None,
    palette: Palette,
    *,
    unit: str = "years",
    final_note: str = "",
    width: float = 520.0,
    words: IntervalWords | None = None,
) -> Figure:
    """Rows in the given order on one axis, the final range as a band behind them and as the last row.

    Ids: `interval-N` (from 0) and `final`.
    """
    say, canvas = words or IntervalWords(), Canvas()
    last = Interval(say.final, final_note, *final) if final else None
    rows = [*intervals, *([last] if last else [])]
    axis = _axis(rows, unit, width, say)
    limit, top = axis.left - GAP - MARGIN, 28.0
    heights = [_height(row, limit, row is last) for row in rows]
    bottom = top + sum(heights) + (6 if last else 0)
    if last:
        band = Box(axis.x(_low(last, axis)), top - 4, 0, bottom - top + 4)
        wide = axis.x(_high(last, axis)) - band.x
        canvas.rect(Box(band.x, band.y, wide, band.height), palette.accent_soft)
    _draw_ticks(canvas, axis, top, bottom, unit, palette)
    boxes: dict[str, Box] = {}
    y = top
    for index, row in enumerate(rows):
        id = "final" if row is last else f"interval-{index}"
        if row is last:
            canvas.line((MARGIN, y + 3), (width - MARGIN, y + 3), palette.line_strong, 0.8)
            y += 6
        boxes[id] = Box(MARGIN, y, width - 2 * MARGIN, heights[index])
        y += heights[index]
        spoken = f"{row.method}: {value_text(row, say)} {unit}, {row.kind}".rstrip(", ")
        with canvas.group(id=id, title=spoken):
            _draw_row(canvas, row, row is last, boxes[id], axis, palette, say)
    return canvas.figure(width, bottom + 10, say.title, boxes)


def value_text(row: Interval, words: IntervalWords | None = None) -> str:
    """The two ends as text, with an en dash, or ≥ / ≤ where a side is open."""
    say = words or IntervalWords()
    if row.low is None and row.high is None:
        return "–"
    if row.high is None and row.low is not None:
        return say.above.format(low=number(row.low))
    if row.low is None and row.high is not None:
        return say.below.format(high=number(row.high))
    return f"{number(row.low or 0)}–{number(row.high or 0)}"


def _axis(rows: Sequence[Interval], unit: str, width: float, say: IntervalWords) -> Axis:
    known = [v for row in rows for v in (row.low, row.high, row.estimate) if v is not None] or [0.0, 1.0]
    spread = max(known) - min(known) or 1.0
    low, high = min(known) - 0.08 * spread, max(known) + 0.08 * spread
    names = max((max(measure(r.method, NAME, 600), measure(r.kind, KIND)) for r in rows), default=0.0)
    values = max((measure(value_text(row, say), VALUE, 600) for row in rows), default=0.0)
    values = max(values, measure(unit, TICK))
    left = MARGIN + min(names, MOST_NAME, 0.45 * width) + GAP
    return Axis(max(low, 0.0) if min(known) >= 0 else low, high, left, width - MARGIN - values - GAP)


def _height(row: Interval, limit: float, final: bool) -> float:
    lines = len(wrap(row.method, limit, NAME, 600 if final else 400)) + len(wrap(row.kind, limit, KIND))
    return max(ROW - 6, LEADING * lines + 8)


def _low(row: Interval, axis: Axis) -> float:
    return axis.low if row.low is None else row.low


def _high(row: Interval, axis: Axis) -> float:
    return axis.high if row.high is None else row.high


def _draw_ticks(canvas: Canvas, axis: Axis, top: float, bottom: float, unit: str, palette: Palette) -> None:
    most = max(2, int((axis.right - axis.left) / 30))
    for tick in axis.ticks(most):
        canvas.line((axis.x(tick), top - 4), (axis.x(tick), bottom), palette.line, 0.8)
        canvas.text((axis.x(tick), top - 9), number(tick), TICK, palette.muted, anchor="middle")
    canvas.text((axis.right + GAP, top - 9), unit, TICK, palette.muted)


def _draw_row(
    canvas: Canvas, row: Interval, final: bool, box: Box, axis: Axis, palette: Palette, say: IntervalWords
) -> None:
    limit, middle = axis.left - GAP - MARGIN, box.y + box.height / 2
    weight = 600 if final else 400
    names, kinds = wrap(row.method, limit, NAME, weight), wrap(row.kind, limit, KIND)
    y = middle - (LEADING * (len(names) + len(kinds)) - 2) / 2 + 9.5
    for text in names:
        canvas.text((MARGIN, y), text, NAME, palette.text, weight=weight)
        y += LEADING
    for text in kinds:
        canvas.text((MARGIN, y - 0.5), text, KIND, palette.muted)
        y += LEADING
    canvas.text((axis.right + GAP, middle + 4), value_text(row, say), VALUE, palette.text, weight=weight)
    if row.low is None and row.high is None:
        return
    colour = palette.accent if final else palette.figure_line
    start, end = axis.x(_low(row, axis)), axis.x(_high(row, axis))
    thick, dash = (7.0 if final else 3.0), ("5 3" if row.of_mean else None)
    canvas.line((start, middle), (end, middle), colour, thick, stroke_dasharray=dash)
    _draw_end(canvas, start, middle, -1, row.low is None, colour)
    _draw_end(canvas, end, middle, 1, row.high is None, colour)
    if row.estimate is not None:
        at = (axis.x(row.estimate), middle)
        canvas.circle(at, 4.4, palette.surface, stroke=colour, stroke_width=2)


def _draw_end(canvas: Canvas, x: float, y: float, way: int, is_open: bool, colour: str) -> None:
    """A cap, or an arrow head where the interval is open."""
    if is_open:
        canvas.polygon([(x + way * 8, y), (x, y - 5), (x, y + 5)], colour)
    else:
        canvas.line((x, y - 5.5), (x, y + 5.5), colour, 1.8)
