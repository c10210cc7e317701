"""A 96-well plate: what stands in each well by shape and letter, how it stands by colour and sign.

A sample is a round well with the first letters of its tube, a control a square one with its own letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reports.figures.svg import MONO, Box, Canvas, Figure, Point, measure
from reports.palette import Palette

LEFT, TOP, ACROSS, DOWN, RADIUS = 26.0, 22.0, 45.0, 41.0, 17.0
LETTER, TOKEN, SMALL = 14.0, 9.0, 9.5
ROWS, COLUMNS = "ABCDEFGH", 12


class Look(StrEnum):
    """How a well stands: the sign that is drawn beside the colour."""

    EMPTY = "empty"
    WAITING = "waiting"  # placed, its tube not scanned yet: a dashed edge
    READY = "ready"  # scanned: a tick
    PLAIN = "plain"  # locked, no verdict yet
    GOOD = "good"  # passed: a tick on colour
    REFUSED = "refused"  # blocked: a cross
    ATTENTION = "attention"  # quarantined: an exclamation mark


@dataclass(frozen=True, slots=True)
class PlateWell:
    """One position: `letter` of a control, or the short `token` of a tube; `title` is read aloud."""

    position: str
    look: Look
    letter: str = ""
    token: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class PlateWords:
    """What the figure says; translated by the caller. The legend pairs looks and letters with words."""

    title: str = "Plate"
    empty: str = "{position}, empty"
    looks: Sequence[tuple[Look, str]] = ()
    letters: Sequence[tuple[str, str]] = ()


def plate_figure(
    wells: Iterable[PlateWell],
    palette: Palette,
    *,
    offered: str = "",
    words: PlateWords | None = None,
) -> Figure:
    """The plate with its legend; ids and boxes are the positions, column after column as it is filled."""
    say, canvas = words or PlateWords(), Canvas()
    there = {well.position: well for well in wells}
    width = LEFT + COLUMNS * ACROSS + 6
    bottom = TOP + len(ROWS) * DOWN
    canvas.rect(
        Box(LEFT - 3, TOP - 3, COLUMNS * ACROSS + 6, bottom - TOP + 6),
        palette.raised,
        rx=10,
        stroke=palette.line,
    )
    _titles(canvas, palette)
    boxes: dict[str, Box] = {}
    for column in range(1, COLUMNS + 1):
        for row in ROWS:
            position = f"{row}{column}"
            box = boxes[position] = _box(position)
            well = there.get(position) or PlateWell(position, Look.EMPTY)
            title = well.title or say.empty.format(position=position)
            with canvas.group(id=position, title=title):
                _well(canvas, box, well, palette, offered == position)
    height = _legend(canvas, say, bottom + 24, width, palette)
    return canvas.figure(width, height, say.title, boxes)


def _box(position: str) -> Box:
    x = LEFT + (int(position[1:]) - 1) * ACROSS + ACROSS / 2
    y = TOP + ROWS.index(position[0]) * DOWN + DOWN / 2
    return Box(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS)


def _titles(canvas: Canvas, palette: Palette) -> None:
    for column in range(COLUMNS):
        at = (LEFT + column * ACROSS + ACROSS / 2, TOP - 9)
        canvas.text(at, str(column + 1), SMALL, palette.muted, anchor="middle")
    for place, row in enumerate(ROWS):
        canvas.text(
            (LEFT - 14, TOP + place * DOWN + DOWN / 2 + 3.5), row, SMALL, palette.muted, anchor="middle"
        )


def _well(canvas: Canvas, box: Box, well: PlateWell, palette: Palette, offered: bool) -> None:
    ground, edge, ink = _colours(well.look, palette)
    centre = (box.x + RADIUS, box.y + RADIUS)
    dashes = "3 2.5" if well.look is Look.WAITING else None
    if offered:
        ring = Box(box.x - 2.5, box.y - 2.5, box.width + 5, box.height + 5)
        canvas.rect(ring, "none", rx=8, stroke=palette.accent, stroke_width=2.5)
    if well.letter:
        canvas.rect(box, ground, rx=4, stroke=edge, stroke_width=1.4)
        canvas.text((centre[0], centre[1] + 5), well.letter, LETTER, ink, anchor="middle", weight=600)
    else:
        canvas.circle(
            centre, RADIUS if well.look is not Look.EMPTY else 11.0, ground, stroke=edge,
            stroke_width=1.0 if well.look is Look.EMPTY else 1.4, stroke_dasharray=dashes,
        )  # fmt: skip
        if well.token:
            canvas.text((centre[0], centre[1] + 3), well.token, TOKEN, ink, anchor="middle", family=MONO)
    _sign(canvas, (box.right - 3.5, box.y + 4.5), well.look, palette)


def _colours(look: Look, palette: Palette) -> tuple[str, str, str]:
    """Ground, edge and ink."""
    return {
        Look.EMPTY: (palette.surface, palette.line, palette.muted),
        Look.WAITING: (palette.surface, palette.waiting, palette.text),
        Look.READY: (palette.accent_soft, palette.accent, palette.text),
        Look.PLAIN: (palette.figure_fill, palette.figure_line, palette.text),
        Look.GOOD: (palette.good_soft, palette.good, palette.text),
        Look.REFUSED: (palette.refused_soft, palette.refused, palette.text),
        Look.ATTENTION: (palette.attention_soft, palette.attention, palette.text),
    }[look]


def _sign(canvas: Canvas, at: Point, look: Look, palette: Palette) -> None:
    """A small disc at the well's shoulder with a tick, a cross or an exclamation mark."""
    tones = {
        Look.READY: palette.accent,
        Look.GOOD: palette.good,
        Look.REFUSED: palette.refused,
        Look.ATTENTION: palette.attention,
    }
    if look not in tones:
        return
    x, y = at
    canvas.circle(at, 5.6, tones[look], stroke=palette.raised, stroke_width=1)
    light = palette.surface
    if look in (Look.READY, Look.GOOD):
        canvas.polyline([(x - 2.6, y + 0.2), (x - 0.7, y + 2.2), (x + 2.7, y - 2.2)], light, 1.5)
    elif look is Look.REFUSED:
        canvas.line((x - 2, y - 2), (x + 2, y + 2), light, 1.6)
        canvas.line((x - 2, y + 2), (x + 2, y - 2), light, 1.6)
    else:
        canvas.line((x, y - 3.2), (x, y + 0.9), light, 1.7)
        canvas.circle((x, y + 3), 0.95, light)


def _legend(canvas: Canvas, say: PlateWords, top: float, width: float, palette: Palette) -> float:
    """Signs, then letters, in lines that fit; the y below the last."""
    x, y = LEFT, top
    for look, name in say.looks:
        wide = 26 + measure(name, SMALL) + 18
        if x + wide > width:
            x, y = LEFT, y + 24
        ground, edge, _ = _colours(look, palette)
        dashes = "3 2.5" if look is Look.WAITING else None
        canvas.circle((x + 8, y), 8, ground, stroke=edge, stroke_width=1.2, stroke_dasharray=dashes)
        _sign(canvas, (x + 14, y - 5), look, palette)
        canvas.text((x + 24, y + 3.5), name, SMALL, palette.muted)
        x += wide
    if say.letters:
        x, y = LEFT, y + 24 if say.looks else y
    for letter, name in say.letters:
        wide = 26 + measure(name, SMALL) + 18
        if x + wide > width:
            x, y = LEFT, y + 24
        canvas.rect(Box(x, y - 8, 16, 16), palette.surface, rx=3, stroke=palette.figure_line)
        canvas.text((x + 8, y + 4), letter, 10.5, palette.text, anchor="middle", weight=600)
        canvas.text((x + 24, y + 3.5), name, SMALL, palette.muted)
        x += wide
    return y + 16
