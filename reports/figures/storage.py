"""A picture of free places: a box as its grid of positions, any other place as bars of what lies in it.

A filled position is told by its shade and by the last letters of what lies there, a free one is empty with its
name, so that no colour carries the meaning alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.figures.svg import MONO, Box, Canvas, Figure, shorten
from reports.palette import Palette

CELL, GAP, HEAD = 46.0, 4.0, 18.0
BAR, BAR_HEIGHT, PITCH, NAME = 220.0, 14.0, 26.0, 190.0


@dataclass(frozen=True, slots=True)
class Fill:
    """A place as a bar: `room` things fit (None: no limit known), `held` lie in it."""

    id: str
    name: str
    held: int
    room: int | None = None


def box_figure(
    rows: int, columns: int, filled: Mapping[str, str], palette: Palette, title: str, chosen: str = ""
) -> Figure:
    """A grid of positions `A1`…; `filled` maps positions to what lies there; boxes and ids are the positions."""
    canvas, boxes = Canvas(), {}
    step = CELL + GAP
    for column in range(columns):
        middle = HEAD + column * step + CELL / 2
        canvas.text((middle, 12), str(column + 1), 10, palette.muted, anchor="middle")
    for row in range(rows):
        letter = chr(ord("A") + row)
        top = HEAD + row * step
        canvas.text((6, top + CELL / 2 + 4), letter, 10, palette.muted, anchor="middle")
        for column in range(columns):
            spot = f"{letter}{column + 1}"
            box = Box(HEAD + column * step, top, CELL, CELL)
            boxes[spot] = box
            _cell(canvas, spot, box, filled.get(spot, ""), spot == chosen, palette)
    return canvas.figure(HEAD + columns * step, HEAD + rows * step, title, boxes)


def _cell(canvas: Canvas, spot: str, box: Box, held: str, is_chosen: bool, palette: Palette) -> None:
    stroke = palette.accent if is_chosen else palette.line_strong
    with canvas.group(id=spot, title=f"{spot}: {held}" if held else spot):
        canvas.rect(
            box, palette.accent_soft if held else palette.surface, rx=6, stroke=stroke,
            stroke_width=2.5 if is_chosen else 1,
        )  # fmt: skip
        middle = box.x + box.width / 2
        if held:
            canvas.circle((middle, box.y + 14), 5, palette.accent)
            tail = shorten(held[-6:], box.width - 4, 9.5, family=MONO)
            canvas.text((middle, box.bottom - 9), tail, 9.5, palette.text, anchor="middle", family=MONO)
        else:
            canvas.text((middle, box.y + box.height / 2 + 4), spot, 10, palette.muted, anchor="middle")


def fill_figure(places: Sequence[Fill], palette: Palette, title: str) -> Figure:
    """One bar for each place: how much of its room is taken, or only the number where no limit is known."""
    canvas, boxes = Canvas(), {}
    most = max((place.room or place.held for place in places), default=1) or 1
    for at, place in enumerate(places):
        top = at * PITCH + 4
        boxes[place.id] = Box(0, top - 3, NAME + BAR + 90, PITCH - 2)
        with canvas.group(id=place.id, title=f"{place.name}: {place.held}"):
            canvas.rect(boxes[place.id], palette.surface, rx=4)
            canvas.text((2, top + 11), shorten(place.name, NAME - 12, 11), 11, palette.text)
            room = place.room
            if room is not None:
                frame = Box(NAME, top, max(4.0, BAR * room / most), BAR_HEIGHT)
                canvas.rect(frame, palette.surface, rx=3, stroke=palette.line_strong, stroke_width=1)
            width = BAR * min(place.held, most) / most
            if width:
                over = room is not None and place.held > room
                fill = palette.attention if over else palette.accent
                canvas.rect(Box(NAME, top, width, BAR_HEIGHT), fill, rx=3)
            words = f"{place.held} of {room}" if room is not None else f"{place.held}"
            canvas.text((NAME + BAR + 10, top + 11), words, 10.5, palette.muted)
    return canvas.figure(NAME + BAR + 90, max(1, len(places)) * PITCH + 6, title, boxes)
