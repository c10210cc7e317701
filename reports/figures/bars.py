"""Likelihood ratios per locus as bars around 1, and the combined LR against the one that is required.

Support for the numerator goes to the right, solid; support for the denominator to the left, hatched. An LR of
0 and a locus that was not compared look like neither. The axis is log10, so that bars add up.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reports.figures.axis import Axis, hatching, log_bounds, power_label
from reports.figures.svg import SANS, Box, Canvas, Figure, measure
from reports.palette import Palette
from reports.wording import ratio, times

Log10 = float | None
"""log10 of a likelihood ratio; None is an LR of 0."""

ROW, BAR, MARGIN, GAP = 18.0, 10.0, 10.0, 12.0
NAME, VALUE, SMALL = 10.0, 10.0, 9.0
ROOMY = 380.0  # from this width on, values below 1 have their word beside them too


@dataclass(frozen=True, slots=True)
class BarWords:
    """What the figure says; translated by the caller."""

    title: str = "Likelihood ratio per locus"
    favour: str = "supports the first hypothesis"
    against: str = "supports the second"
    against_short: str = "against"
    zero: str = "LR 0"
    excludes: str = "not explained by the first hypothesis"
    not_compared: str = "not compared"
    combined: str = "Combined"
    required: str = "required"


@dataclass(frozen=True, slots=True)
class _Place:
    """Columns of the figure."""

    name: float
    axis: Axis
    value: float
    right: float


def lr_bars_figure(
    log10_per_locus: Mapping[str, Log10],
    log10_total: Log10,
    palette: Palette,
    *,
    required: float | None = None,
    not_compared: Iterable[str] = (),
    width: float = 520.0,
    words: BarWords | None = None,
) -> Figure:
    """Bars of every locus in the given order, then the combined LR.

    `required` is the log10 LR that the policy asks for; `not_compared` names loci that follow below. Boxes and
    element ids: `locus-NAME` and `combined`.
    """
    say, canvas = words or BarWords(), Canvas()
    skipped = [locus for locus in not_compared if locus not in log10_per_locus]
    place = _columns([*log10_per_locus, *skipped], log10_per_locus.values(), log10_total, width, say)
    top, boxes = 34.0, dict[str, Box]()
    bottom = top + ROW * (len(log10_per_locus) + len(skipped))
    _draw_scale(canvas, place.axis, top, bottom, palette)
    _draw_sides(canvas, place.axis, palette, say)
    for number, (locus, value) in enumerate([*log10_per_locus.items(), *((name, 0.0) for name in skipped)]):
        box = Box(MARGIN, top + ROW * number, width - 2 * MARGIN, ROW)
        compared = locus in log10_per_locus
        with canvas.group(id=f"locus-{locus}", title=f"{locus}: {_spoken(value, compared, say)}"):
            _draw_row(canvas, locus, value, compared, box, place, palette, say)
        boxes[f"locus-{locus}"] = box
    high = _draw_combined(canvas, log10_total, required, bottom + 14, place, palette, say)
    boxes["combined"] = Box(MARGIN, bottom + 14, width - 2 * MARGIN, high - bottom - 14)
    return canvas.figure(width, high + 6, say.title, boxes)


def _columns(
    loci: Iterable[str], values: Iterable[Log10], total: Log10, width: float, say: BarWords
) -> _Place:
    known = list(values)
    names = max(measure(text, NAME, 600) for text in [*loci, say.combined])
    texts = [_value_text(value, say if width >= ROOMY else replace(say, against_short="")) for value in known]
    wide = max(measure(text, VALUE, 600) for text in [*texts, _total_text(total, say)])
    low, high = log_bounds(value for value in known if value is not None)
    low = min(low, -1.0) if None in known or low < 0 else -0.3
    left, right = MARGIN + names + GAP, width - MARGIN - wide - GAP
    return _Place(MARGIN, Axis(low, high, left, right), right + GAP, width - MARGIN)


def _value_text(value: Log10, say: BarWords) -> str:
    if value is None:
        return say.zero
    return f"{ratio(value)} {say.against_short}" if value < 0 else ratio(value)


def _total_text(total: Log10, say: BarWords) -> str:
    return say.zero if total is None else times(total)


def _spoken(value: Log10, compared: bool, say: BarWords) -> str:
    if not compared:
        return say.not_compared
    if value is None:
        return f"{say.zero}, {say.excludes}"
    return f"LR {ratio(value)}, {say.favour if value >= 0 else say.against}"


def _draw_scale(canvas: Canvas, axis: Axis, top: float, bottom: float, palette: Palette) -> None:
    for tick in (t for t in axis.ticks(_room_for_ticks(axis)) if abs(t - round(t)) < 1e-9):
        x, at_one = axis.x(tick), abs(tick) < 1e-9
        colour, thick = (palette.figure_line, 1.2) if at_one else (palette.line, 0.8)
        canvas.line((x, top - 4), (x, bottom + 2), colour, thick)
        canvas.text((x, top - 8), power_label(tick), SMALL, palette.muted, anchor="middle")


def _room_for_ticks(axis: Axis) -> int:
    return max(2, min(8, int((axis.right - axis.left) / 34)))


def _draw_sides(canvas: Canvas, axis: Axis, palette: Palette, say: BarWords) -> None:
    """Which side means what, above the axis; the arrows point away from 1."""
    one = axis.x(0)
    canvas.text((one + 8, 12), say.favour, SMALL, palette.accent, weight=600)
    _draw_pointer(canvas, one + 14 + measure(say.favour, SMALL, 600), 1, palette.accent)
    wide = measure(say.against, SMALL, 600)
    if wide + 24 < one - MARGIN:
        canvas.text((one - 8, 12), say.against, SMALL, palette.attention, anchor="end", weight=600)
        _draw_pointer(canvas, one - 14 - wide, -1, palette.attention)


def _draw_pointer(canvas: Canvas, x: float, way: int, colour: str) -> None:
    canvas.line((x, 9), (x + way * 7, 9), colour, 1.2)
    canvas.polygon([(x + way * 10, 9), (x + way * 5, 6.2), (x + way * 5, 11.8)], colour)


def _draw_row(
    canvas: Canvas,
    locus: str,
    value: Log10,
    compared: bool,
    box: Box,
    place: _Place,
    palette: Palette,
    say: BarWords,
) -> None:
    base = box.y + ROW / 2 + 3.5
    canvas.text((place.name, base), locus, NAME, palette.text if compared else palette.faint)
    if not compared:
        one = place.axis.x(0)
        canvas.text((one + 8, base), f"— {say.not_compared}", SMALL, palette.muted)
        return
    _draw_bar(canvas, value, place.axis, Box(0, box.y + (ROW - BAR) / 2, 0, BAR), palette)
    colour, weight = (palette.refused, 600) if value is None else (palette.text, 400)
    beside = place.axis.x(0) + 8
    if value is None and beside + measure(say.excludes, SMALL) < place.value:
        canvas.text((beside, base), say.excludes, SMALL, palette.refused)
    text = say.zero if value is None else ratio(value)
    canvas.text((place.value, base), text, VALUE, colour, weight=weight)
    if value is not None and value < 0 and box.width >= ROOMY - 2 * MARGIN:
        after = place.value + measure(text + " ", VALUE)
        canvas.text((after, base), say.against_short, VALUE, palette.attention)


def _draw_bar(canvas: Canvas, value: Log10, axis: Axis, level: Box, palette: Palette) -> None:
    """Right: solid; left: outlined and hatched; LR 0: an arrow that leaves the axis; exactly 1: a point."""
    one, y, high = axis.x(0), level.y, level.height
    end = axis.left if value is None else axis.x(value)
    if value is None:
        tip = [(end - 2, y + high / 2), (end + 9, y - 2), (end + 9, y + high + 2)]
        canvas.rect(Box(end + 9, y + high * 0.2, one - end - 9, high * 0.6), palette.refused)
        canvas.polygon(tip, palette.refused)
    elif abs(end - one) < 1:
        canvas.circle((one, y + high / 2), 2.6, palette.figure_line)
    elif value > 0:
        canvas.rect(Box(one, y, end - one, high), palette.accent)
    else:
        box = Box(end, y, one - end, high)
        canvas.rect(box, palette.surface, stroke=palette.attention, stroke_width=1)
        for start, stop in hatching(box):
            canvas.line(start, stop, palette.attention, 0.9)


def _draw_combined(
    canvas: Canvas,
    total: Log10,
    required: float | None,
    top: float,
    place: _Place,
    palette: Palette,
    say: BarWords,
) -> float:
    """The combined LR on an axis of its own, since it is the sum of all bars above; returns its bottom."""
    canvas.line((MARGIN, top), (place.right, top), palette.line_strong, 0.8)
    low, high = log_bounds([v for v in (total, required) if v is not None])
    low = min(low, -1.0) if total is None or low < 0 else -0.02 * high
    axis = Axis(low, high, place.axis.left, place.axis.right)
    level = Box(0, top + (32 if required is not None else 14), 0, 14)
    bottom = level.bottom + 8
    _draw_powers(canvas, axis, level.y - 5, bottom, palette)
    with canvas.group(id="combined", title=f"{say.combined}: LR {_total_text(total, say)}"):
        base = level.y + 11
        canvas.text((place.name, base), say.combined, NAME, palette.text, weight=600)
        _draw_bar(canvas, total, axis, level, palette)
        colour = palette.refused if total is None else palette.text
        canvas.text((place.value, base), _total_text(total, say), VALUE, colour, weight=600)
    if required is not None:
        _draw_required(canvas, required, axis, level, palette, say)
    return bottom + 13


def _draw_powers(canvas: Canvas, axis: Axis, top: float, bottom: float, palette: Palette) -> None:
    for tick in (t for t in axis.ticks(_room_for_ticks(axis)) if abs(t - round(t)) < 1e-9):
        x, at_one = axis.x(tick), abs(tick) < 1e-9
        canvas.line(
            (x, top), (x, bottom), palette.figure_line if at_one else palette.line, 1.2 if at_one else 0.8
        )
        canvas.text((x, bottom + 10), power_label(tick), SMALL, palette.muted, anchor="middle")


def _draw_required(
    canvas: Canvas, required: float, axis: Axis, level: Box, palette: Palette, say: BarWords
) -> None:
    """A line across the bar with a mark on top: the LR that the policy asks for."""
    x, y = axis.x(required), level.y - 7
    canvas.line((x, y), (x, level.bottom + 5), palette.text, 1.4, stroke_dasharray="3 2")
    canvas.polygon([(x, y + 1), (x - 4, y - 6), (x + 4, y - 6)], palette.text)
    text = f"{say.required} {times(_up(required))}"
    half = measure(text, SMALL, 600, SANS) / 2
    middle = min(max(x, MARGIN + half), axis.right + GAP - 2 + half)
    canvas.text((middle, y - 9), text, SMALL, palette.text, anchor="middle", weight=600)


def _up(log10: float) -> float:
    """A requirement rounded up to two figures: it must not look easier than it is."""
    whole = math.floor(log10)
    return whole + math.log10(math.ceil(10 ** (log10 - whole + 1) - 1e-6) / 10)
