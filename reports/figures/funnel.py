"""From the missing to the returned: how many of those who are sought have come how far.

Each stage is a bar whose length is its count; the slope to the next one shows who is still waiting there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.figures.svg import Box, Canvas, Figure, measure
from reports.palette import Palette

MARGIN, BAR, SLOPE, GAP = 10.0, 24.0, 16.0, 14.0
NAME, COUNT, SMALL = 10.5, 12.0, 9.0


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; `id` is the element id, `count` the persons who have reached it."""

    id: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class FunnelWords:
    """What the figure says; translated by the caller. `waiting` has the number not yet in the next stage."""

    title: str = "From missing to returned"
    waiting: str = "{count} waiting"
    share: str = "{percent} %"


def funnel_figure(
    stages: Sequence[Stage],
    palette: Palette,
    *,
    width: float = 560.0,
    selected: str | None = None,
    words: FunnelWords | None = None,
) -> Figure:
    """Bars from the left, in the given order; ids and boxes are the ids of the stages.

    A stage may hold more than the one before (returned by another way); the slope then widens.
    """
    say, canvas = words or FunnelWords(), Canvas()
    most = max((stage.count for stage in stages), default=0) or 1
    names = max((measure(stage.label, NAME, 600) for stage in stages), default=0.0)
    left = MARGIN + names + GAP
    counts = max((measure(f"{stage.count:,}", COUNT, 600) for stage in stages), default=0.0)
    room = width - left - MARGIN - counts - 8 - measure("100 %", SMALL) - 8
    boxes: dict[str, Box] = {}
    bars = [
        Box(left, MARGIN + n * (BAR + SLOPE), max(1.5, room * stage.count / most), BAR)
        for n, stage in enumerate(stages)
    ]
    for upper, lower in pairwise(bars):
        _draw_slope(canvas, upper, lower, palette)
    for number, (stage, bar) in enumerate(zip(stages, bars, strict=True)):
        boxes[stage.id] = Box(MARGIN, bar.y, width - 2 * MARGIN, BAR)
        with canvas.group(id=stage.id, title=f"{stage.label}: {stage.count:,}"):
            _draw_stage(canvas, stage, bar, most, stage.id == selected, palette, say)
        if number + 1 < len(stages) and (waiting := stage.count - stages[number + 1].count) > 0:
            _draw_waiting(canvas, waiting, bars[number + 1], bar, palette, say)
    bottom = bars[-1].bottom if bars else MARGIN
    return canvas.figure(width, bottom + MARGIN, say.title, boxes)


def _draw_slope(canvas: Canvas, upper: Box, lower: Box, palette: Palette) -> None:
    shape = [(upper.x, upper.bottom), (upper.right, upper.bottom), (lower.right, lower.y), (lower.x, lower.y)]
    canvas.polygon(shape, palette.accent_soft)


def _draw_stage(
    canvas: Canvas, stage: Stage, bar: Box, most: int, selected: bool, palette: Palette, say: FunnelWords
) -> None:
    base = bar.y + BAR / 2
    weight = 600 if selected else 400
    canvas.text((bar.x - GAP, base + 4), stage.label, NAME, palette.text, anchor="end", weight=weight)
    edge = palette.text if selected else None
    canvas.rect(bar, palette.accent, stroke=edge, stroke_width=2 if selected else None)
    count = f"{stage.count:,}"
    canvas.text((bar.right + 8, base + 4.5), count, COUNT, palette.text, weight=600)
    share = say.share.format(percent=_percent(stage.count, most))
    after = bar.right + 8 + measure(count, COUNT, 600) + 7
    canvas.text((after, base + 4.5), share, SMALL, palette.muted)


def _draw_waiting(
    canvas: Canvas, waiting: int, lower: Box, upper: Box, palette: Palette, say: FunnelWords
) -> None:
    """Beside the slope, where the two bars differ, or to its right if there is no room."""
    text = say.waiting.format(count=f"{waiting:,}")
    x = max(lower.right + 8, upper.x + 8)
    if upper.right - x < measure(text, SMALL) + 16:
        x = upper.right + 8
    canvas.text((x, upper.bottom + SLOPE / 2 + 3.2), text, SMALL, palette.muted)


def _percent(count: int, most: int) -> str:
    """Never 0 for somebody, never 100 for not everybody."""
    share = 100 * count / most
    if 0 < share < 1:
        return "< 1"
    return "> 99" if 99 < share < 100 else f"{share:.0f}"
