"""Custody as a timeline: who held the item, from when, how it was handed on, and where the chain is broken.

Time runs downwards, one event a line, so that minutes and years stay legible alike; the rail between two
events is solid where the leg is signed, broken where a signature is missing, hatched and named where nobody
is known to have held the item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from reports.figures.axis import hatching
from reports.figures.svg import MONO, Box, Canvas, Figure, Point, measure, shorten, wrap
from reports.palette import Palette

MARGIN, RAIL, LEAST, LEADING = 10.0, 8.0, 40.0, 13.0
WHEN, HOLDER, TEXT = 9.5, 10.5, 9.5


class Leg(StrEnum):
    """How an item came from one event to the next."""

    SIGNED = "signed"
    UNSIGNED = "signature missing"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Event:
    """`when` and `span` (until the next event) are ready-made text; `leg` describes the way to the next."""

    id: str
    when: str
    holder: str
    text: str = ""
    leg: Leg = Leg.SIGNED
    span: str = ""


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """What the figure says; translated by the caller."""

    title: str = "Chain of custody"
    unsigned: str = "signature missing"
    gap: str = "gap: holder not documented"


def timeline_figure(
    events: Sequence[Event],
    palette: Palette,
    *,
    width: float = 520.0,
    selected: str | None = None,
    words: TimelineWords | None = None,
) -> Figure:
    """Events in the given order, first at the top; boxes and element ids are the ids of the events."""
    say, canvas = words or TimelineWords(), Canvas()
    dates = max((measure(event.when, WHEN, family=MONO) for event in events), default=0.0)
    rail = MARGIN + dates + 18
    room = width - rail - 18 - MARGIN
    texts = [wrap(event.text, room, TEXT) for event in events]
    tops, y = [], MARGIN + 6
    for event, lines in zip(events, texts, strict=True):
        tops.append(y)
        y += max(LEAST, 20 + LEADING * (len(lines) + (event.leg is not Leg.SIGNED or bool(event.span))))
    points = [(rail, top + 6) for top in tops]
    boxes = {
        event.id: Box(MARGIN - 6, point[1] - 11, width - 2 * MARGIN + 12, 19 + LEADING * len(lines))
        for event, lines, point in zip(events, texts, points, strict=True)
    }
    if selected in boxes:
        canvas.rect(boxes[selected], palette.selection, rx=4)
    for event, (start, end) in zip(events, pairwise(points), strict=False):
        _draw_leg(canvas, event.leg, start, end, palette)
    for event, lines, point in zip(events, texts, points, strict=True):
        is_last = event is events[-1]
        with canvas.group(id=event.id, title=f"{event.when}: {event.holder}. {event.text}"):
            _draw_event(canvas, event, lines, point, room, is_last, palette)
        if not is_last:
            _draw_note(canvas, event, (rail + 18, point[1] + 4 + LEADING * (len(lines) + 1)), palette, say)
    bottom = boxes[events[-1].id].bottom if events else MARGIN
    return canvas.figure(width, bottom + MARGIN, say.title, boxes)


def _draw_leg(canvas: Canvas, leg: Leg, start: Point, end: Point, palette: Palette) -> None:
    (x, top), (_, bottom) = start, end
    if leg is Leg.GAP:
        box = Box(x - 4, top + RAIL, 8, bottom - top - 2 * RAIL)
        canvas.rect(box, palette.refused_soft, stroke=palette.refused, stroke_width=1)
        for begin, stop in hatching(box):
            canvas.line(begin, stop, palette.refused, 0.9)
    else:
        signed = leg is Leg.SIGNED
        colour = palette.accent if signed else palette.attention
        canvas.line(start, end, colour, 2.2, stroke_dasharray=None if signed else "4 4")


def _draw_event(
    canvas: Canvas,
    event: Event,
    lines: Sequence[str],
    at: Point,
    room: float,
    is_last: bool,
    palette: Palette,
) -> None:
    x, y = at
    canvas.text((MARGIN, y + 3.6), event.when, WHEN, palette.muted, family=MONO)
    fill = palette.accent if is_last else palette.surface
    canvas.circle(at, 5, fill, stroke=palette.accent, stroke_width=2)
    holder = shorten(event.holder, room, HOLDER, 600)
    canvas.text((x + 18, y + 4), holder, HOLDER, palette.text, weight=600)
    for number, line in enumerate(lines):
        canvas.text((x + 18, y + 4 + LEADING * (number + 1)), line, TEXT, palette.text)


def _draw_note(canvas: Canvas, event: Event, at: Point, palette: Palette, say: TimelineWords) -> None:
    """How long until the next event, and what is wrong with the leg."""
    fault = {Leg.UNSIGNED: say.unsigned, Leg.GAP: say.gap}.get(event.leg, "")
    colour = palette.refused if event.leg is Leg.GAP else palette.attention
    x, y = at
    if event.span:
        canvas.text((x, y), event.span, TEXT, palette.muted)
        x += measure(event.span, TEXT) + 10
    if fault:
        canvas.text((x, y), fault, TEXT, colour, weight=600)
