"""The dental chart: 32 permanent or 20 deciduous teeth by their FDI numbers, with the five surfaces.

Seen as the examiner faces the person: the upper right quadrant is at the upper left. The state of a tooth is
shown by its outline, a sign and its fill together; surfaces with a restoration or caries are filled or dotted.
Each tooth is a group whose id is `tooth-36`; its surfaces are `tooth-36-M` and so on.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reports.figures.outline import Outline, stippling
from reports.figures.skeleton_key import Ink, sample_mark
from reports.figures.svg import Box, Canvas, Figure, blend, path
from reports.palette import LIGHT, Palette

__all__ = ["SurfaceState", "TeethWords", "ToothState", "teeth_figure"]


class ToothState(StrEnum):
    """What is observed of a tooth; the value is the word of the legend."""

    PRESENT = "present"
    LOST_ANTEMORTEM = "lost ante-mortem"
    LOST_POSTMORTEM = "lost post-mortem"
    UNERUPTED = "unerupted"
    ROOT_ONLY = "root only"
    NOT_ASSESSABLE = "not assessable"
    NOT_EXAMINED = "not examined"


class SurfaceState(StrEnum):
    """What a surface shows."""

    RESTORED = "restored"
    CARIOUS = "carious"


@dataclass(frozen=True, slots=True)
class TeethWords:
    """Every word of the chart, so that it can be drawn in another language."""

    right: str = "right"
    left: str = "left"
    states: Mapping[ToothState, str] = field(
        default_factory=lambda: {state: str(state) for state in ToothState}
    )
    surfaces: Mapping[SurfaceState, str] = field(
        default_factory=lambda: {state: f"surface {state}" for state in SurfaceState}
    )
    sampled: str = "sampled"


Surfaces = Mapping[int, Mapping[str, SurfaceState]]

_CELL, _GAP, _MARGIN = 34.0, 6.0, 18.0
_UPPER_Y, _LOWER_Y = 46.0, 122.0
_PERMANENT = ((18, 17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27, 28),
              (48, 47, 46, 45, 44, 43, 42, 41, 31, 32, 33, 34, 35, 36, 37, 38))  # fmt: skip
_DECIDUOUS = ((55, 54, 53, 52, 51, 61, 62, 63, 64, 65), (85, 84, 83, 82, 81, 71, 72, 73, 74, 75))


def teeth_figure(
    states: Mapping[int, ToothState],
    palette: Palette = LIGHT,
    *,
    surfaces: Surfaces | None = None,
    sampled: Collection[int] = (),
    selected: Collection[int] = (),
    deciduous: bool = False,
    title: str = "Dental chart",
    words: TeethWords | None = None,
    scale: float = 1,
) -> Figure:
    """The chart; `surfaces` gives for a tooth the state of M, D, O, B or L; teeth not named are not examined."""
    words, canvas = words or TeethWords(), Canvas()
    rows = _DECIDUOUS if deciduous else _PERMANENT
    width = 2 * _MARGIN + len(rows[0]) * (_CELL + _GAP) + 2 * _GAP
    width = max(width, 560)
    canvas.rect(Box(0, 0, width, 246), palette.surface)
    start = (width - len(rows[0]) * (_CELL + _GAP) - _GAP) / 2
    boxes: dict[str, Box] = {}
    for row, top in zip(rows, (_UPPER_Y, _LOWER_Y), strict=True):
        for at, fdi in enumerate(row):
            x = start + at * (_CELL + _GAP) + (2 * _GAP if at >= len(row) // 2 else 0)
            box = Box(x, top, _CELL, _CELL)
            state = states.get(fdi, ToothState.NOT_EXAMINED)
            _tooth(canvas, fdi, box, state, (surfaces or {}).get(fdi, {}), palette, words)
            _marks(canvas, box, fdi in sampled, fdi in selected, palette)
            boxes[f"tooth-{fdi}"] = box
    _frame(canvas, width, palette, words)
    _legend(canvas, width, states, palette, words)
    return canvas.figure(width, 246, title, boxes, scale)


def _frame(canvas: Canvas, width: float, palette: Palette, words: TeethWords) -> None:
    """Midlines between the quadrants, R and L as the person has them."""
    middle, level = width / 2, (_UPPER_Y + _CELL + _LOWER_Y) / 2
    canvas.line((middle, _UPPER_Y - 18), (middle, _LOWER_Y + _CELL + 18), palette.line_strong, 0.8)
    canvas.line((_MARGIN, level), (width - _MARGIN, level), palette.line_strong, 0.8)
    canvas.text((_MARGIN, 16), f"R  {words.right}", 10, palette.muted)
    canvas.text((width - _MARGIN, 16), f"{words.left}  L", 10, palette.muted, anchor="end")


def _ink(state: ToothState, palette: Palette) -> Ink:
    present = blend(palette.accent, palette.surface, 0.8)
    return {
        ToothState.PRESENT: Ink(present, palette.accent, 1.1),
        ToothState.LOST_ANTEMORTEM: Ink(palette.surface, palette.text, 1.1),
        ToothState.LOST_POSTMORTEM: Ink(palette.surface, palette.muted, 1, dash="2.4 2"),
        ToothState.UNERUPTED: Ink(palette.surface, palette.accent, 1.1),
        ToothState.ROOT_ONLY: Ink(palette.surface, palette.accent, 1.1),
        ToothState.NOT_ASSESSABLE: Ink(palette.figure_fill, palette.line_strong, 0.9, dash="2.4 2"),
        ToothState.NOT_EXAMINED: Ink(palette.figure_fill, palette.line_strong, 0.8),
    }[state]


def _tooth(
    canvas: Canvas,
    fdi: int,
    box: Box,
    state: ToothState,
    surfaces: Mapping[str, SurfaceState],
    palette: Palette,
    words: TeethWords,
) -> None:
    """The five surfaces as the examiner sees them, or the sign of a tooth that is not there."""
    ink = _ink(state, palette)
    upper = fdi // 10 in (1, 2, 5, 6)
    with canvas.group(id=f"tooth-{fdi}", title=f"{fdi}: {words.states[state]}"):
        if state in (ToothState.PRESENT, ToothState.NOT_EXAMINED, ToothState.NOT_ASSESSABLE):
            for letter, shape in _surfaces(fdi, box).items():
                _surface(canvas, f"tooth-{fdi}-{letter}", shape, surfaces.get(letter), ink, palette)
        else:
            canvas.rect(
                box, ink.fill, stroke=ink.stroke, stroke_width=ink.width, stroke_dasharray=ink.dash, rx=3
            )
            _sign(canvas, box, state, ink)
    y = box.y - 7 if upper else box.bottom + 16
    canvas.text((box.x + box.width / 2, y), str(fdi), 10.5, palette.text, anchor="middle")


def _surfaces(fdi: int, box: Box) -> dict[str, Outline]:
    """Occlusal (or incisal) in the middle, buccal outwards, lingual inwards, mesial to the midline."""
    x0, y0, x1, y1 = box.x, box.y, box.right, box.bottom
    a, b, c, d = x0 + 10.5, y0 + 10.5, x1 - 10.5, y1 - 10.5
    top: Outline = ((x0, y0), (x1, y0), (c, b), (a, b))
    bottom: Outline = ((a, d), (c, d), (x1, y1), (x0, y1))
    left: Outline = ((x0, y0), (a, b), (a, d), (x0, y1))
    right: Outline = ((c, b), (x1, y0), (x1, y1), (c, d))
    upper, person_right = fdi // 10 in (1, 2, 5, 6), fdi // 10 in (1, 4, 5, 8)
    return {
        "B": top if upper else bottom,
        "L": bottom if upper else top,
        "M": right if person_right else left,
        "D": left if person_right else right,
        "O": ((a, b), (c, b), (c, d), (a, d)),
    }


def _surface(
    canvas: Canvas, id: str, shape: Outline, state: SurfaceState | None, ink: Ink, palette: Palette
) -> None:
    fill = palette.accent if state is SurfaceState.RESTORED else ink.fill
    canvas.element(
        "path",
        id=id,
        d=path(shape, closed=True),
        fill=fill,
        stroke=ink.stroke,
        stroke_width=ink.width,
        stroke_dasharray=ink.dash,
        stroke_linejoin="round",
    )
    if state is SurfaceState.CARIOUS:
        for dot in stippling(shape, 3.6):
            canvas.circle(dot, 1.1, palette.refused)


def _sign(canvas: Canvas, box: Box, state: ToothState, ink: Ink) -> None:
    """A cross (lost in life), an open field (lost after death), a ring (unerupted), a wedge (root only)."""
    x0, y0, x1, y1 = box.x + 7, box.y + 7, box.right - 7, box.bottom - 7
    if state is ToothState.LOST_ANTEMORTEM:
        canvas.line((x0, y0), (x1, y1), ink.stroke, 1.4)
        canvas.line((x0, y1), (x1, y0), ink.stroke, 1.4)
    if state is ToothState.UNERUPTED:
        canvas.circle(((x0 + x1) / 2, (y0 + y1) / 2), 8, "none", stroke=ink.stroke, stroke_width=1.3)
    if state is ToothState.ROOT_ONLY:
        wedge = [(x0 + 2, y0 + 3), (x1 - 2, y0 + 3), ((x0 + x1) / 2, y1)]
        canvas.polygon(wedge, ink.stroke, stroke=ink.stroke, stroke_width=1)


def _marks(canvas: Canvas, box: Box, sampled: bool, selected: bool, palette: Palette) -> None:
    if selected:
        frame = Box(box.x - 2.5, box.y - 2.5, box.width + 5, box.height + 5)
        canvas.rect(frame, "none", stroke=palette.text, stroke_width=2, rx=3)
    if sampled:
        sample_mark(canvas, (box.right - 2, box.y + 2), palette, 5.6)


def _legend(
    canvas: Canvas, width: float, states: Mapping[int, ToothState], palette: Palette, words: TeethWords
) -> None:
    """Two rows: the states with their counts, then surfaces and the mark of a sample."""
    counts = Counter(states.values())
    used: list[tuple[str, ToothState | SurfaceState | None]] = [
        (f"{words.states[s]}: {counts[s]}" if s in counts else words.states[s], s) for s in ToothState
    ]
    used += [(words.surfaces[s], s) for s in SurfaceState]
    used.append((words.sampled, None))
    columns = 5
    step = (width - 2 * _MARGIN) / columns
    for at, (text, state) in enumerate(used):
        box = Box(_MARGIN + at % columns * step, 194 + at // columns * 24, 15, 15)
        _example(canvas, box, state, palette)
        canvas.text((box.right + 7, box.bottom - 3.5), text, 9.5, palette.text)


def _example(canvas: Canvas, box: Box, state: ToothState | SurfaceState | None, palette: Palette) -> None:
    if isinstance(state, ToothState):
        ink = _ink(state, palette)
        canvas.rect(box, ink.fill, stroke=ink.stroke, stroke_width=ink.width, stroke_dasharray=ink.dash, rx=2)
        grown = Box(box.x - 3.5, box.y - 3.5, box.width + 7, box.height + 7)
        if state is ToothState.UNERUPTED:
            canvas.circle((box.x + 7.5, box.y + 7.5), 4, "none", stroke=ink.stroke, stroke_width=1.2)
        else:
            _sign(canvas, grown, state, ink)
    elif state is None:
        sample_mark(canvas, (box.x + 7.5, box.y + 7.5), palette, 6.4)
    else:
        corners = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))
        _surface(canvas, f"legend-{state}", corners, state, _ink(ToothState.PRESENT, palette), palette)
