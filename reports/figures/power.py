"""How often a required LR would be reached: with the samples that are there, and with each one more.

One bar a row on a scale from 0 to 100 %. What the family reaches already is drawn pale in every row, what the
further sample adds stands out behind it. A simulated chance has a whisker of one standard error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures.axis import Axis
from reports.figures.svg import Box, Canvas, Figure, measure, wrap
from reports.palette import Palette

ROW, BAR, LEADING, MARGIN, GAP = 24.0, 11.0, 13.0, 10.0, 12.0
NAME, NOTE, VALUE, TICK = 10.5, 9.0, 10.5, 9.0
MOST_NAME = 0.46  # of the width


@dataclass(frozen=True, slots=True)
class PowerRow:
    """A further sample (or two) by its words: chance from 0 to 1, standard error if simulated.

    `chance` None: it could not be computed; `note` is said below the name.
    """

    name: str
    chance: float | None
    standard_error: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class PowerWords:
    """What the figure says; translated by the caller."""

    title: str = "Chance to reach the required LR"
    now: str = "Now"
    unknown: str = "not computed"


def power_figure(
    now: float,
    rows: Sequence[PowerRow],
    palette: Palette,
    *,
    width: float = 470.0,
    words: PowerWords | None = None,
) -> Figure:
    """Rows in the given order below the one of today. Boxes and element ids: `now` and `sample-N` (from 0)."""
    say, canvas = words or PowerWords(), Canvas()
    axis = _axis([say.now, *(row.name for row in rows)], width, say)
    listed = [("now", PowerRow(say.now, now)), *((f"sample-{i}", row) for i, row in enumerate(rows))]
    limit, top = axis.left - GAP - MARGIN, 24.0
    heights = [_height(row, limit) for _, row in listed]
    bottom = top + sum(heights) + 4
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line((axis.x(tick), top - 4), (axis.x(tick), bottom), palette.line, 0.8)
        canvas.text((axis.x(tick), top - 9), f"{100 * tick:.0f} %", TICK, palette.muted, anchor="middle")
    boxes: dict[str, Box] = {}
    y = top
    for (id, row), height in zip(listed, heights, strict=True):
        boxes[id] = Box(MARGIN, y, width - 2 * MARGIN, height)
        with canvas.group(id=id, title=f"{row.name}: {share_text(row.chance, row.standard_error, say)}"):
            _draw_row(canvas, row, now, boxes[id], axis, palette, say)
        y += height
        if id == "now":
            canvas.line((MARGIN, y + 1), (width - MARGIN, y + 1), palette.line_strong, 0.8)
            y += 4
    return canvas.figure(width, bottom + 8, say.title, boxes)


def share_text(chance: float | None, error: float | None = None, words: PowerWords | None = None) -> str:
    """A chance in whole percent, never rounded to certainty: `<1 %`, `93 %`, `>99 %`; `93 ± 2 %` if simulated.

    Where every simulated world agrees, three standard errors are left open: `>97 %`.
    """
    if chance is None:
        return (words or PowerWords()).unknown
    if error and min(chance, 1 - chance) < error:
        spare = max(1, math.ceil(300 * error))
        return f"<{spare} %" if chance < 0.5 else f">{100 - spare} %"
    if error:
        return f"{100 * chance:.0f} ± {max(1, math.ceil(100 * error))} %"
    if chance <= 0 or chance >= 1 - 1e-9:
        return "0 %" if chance <= 0 else "100 %"
    if chance < 0.01 or chance >= 0.99:
        return "<1 %" if chance < 0.01 else ">99 %"
    return f"{min(math.floor(100 * chance + 0.5), 98)} %"


def _axis(names: Sequence[str], width: float, say: PowerWords) -> Axis:
    wide = max(measure(name, NAME, 600) for name in names)
    value = max(measure(text, VALUE, 600) for text in (">99 %", "93 ± 2 %", say.unknown))
    left = MARGIN + min(wide, MOST_NAME * width) + GAP
    return Axis(0.0, 1.0, left, width - MARGIN - value - GAP)


def _lines(row: PowerRow, limit: float) -> tuple[list[str], list[str]]:
    return wrap(row.name, limit, NAME, 600), wrap(row.note, limit, NOTE)


def _height(row: PowerRow, limit: float) -> float:
    names, notes = _lines(row, limit)
    return max(ROW, LEADING * (len(names) + len(notes)) + 7)


def _draw_row(
    canvas: Canvas, row: PowerRow, now: float, box: Box, axis: Axis, palette: Palette, say: PowerWords
) -> None:
    names, notes = _lines(row, axis.left - GAP - MARGIN)
    middle = box.y + box.height / 2
    y = middle - (LEADING * (len(names) + len(notes)) - 2) / 2 + 9.5
    for text in names:
        canvas.text((MARGIN, y), text, NAME, palette.text)
        y += LEADING
    for text in notes:
        canvas.text((MARGIN, y - 0.5), text, NOTE, palette.muted)
        y += LEADING
    value = share_text(row.chance, row.standard_error, say)
    colour = palette.muted if row.chance is None else palette.text
    canvas.text((axis.right + GAP, middle + 4), value, VALUE, colour, weight=600)
    if row.chance is not None:
        _draw_bar(canvas, row.chance, row.standard_error, now, middle, axis, palette)


def _draw_bar(
    canvas: Canvas,
    chance: float,
    error: float | None,
    now: float,
    middle: float,
    axis: Axis,
    palette: Palette,
) -> None:
    top, before, end = middle - BAR / 2, axis.x(min(now, chance)), axis.x(chance)
    pale = Box(axis.left, top, before - axis.left, BAR)
    if pale.width > 0.1:
        canvas.rect(pale, palette.figure_fill, stroke=palette.figure_line, stroke_width=0.8)
    if end - before > 0.1:
        canvas.rect(Box(before, top, end - before, BAR), palette.accent)
    if end - axis.left <= 0.1:
        canvas.line((axis.left, top), (axis.left, top + BAR), palette.figure_line, 1.6)
    if error:
        low, high = axis.x(chance - error), axis.x(chance + error)
        canvas.line((low, middle), (high, middle), palette.text, 1.2)
        for x in (low, high):
            canvas.line((x, middle - 3), (x, middle + 3), palette.text, 1.2)
