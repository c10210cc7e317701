"""The inventory of a person as a drawn skeleton: what is there, in part, sampled, absent, not yet seen.

Seen from the front, so the person's right is on the viewer's left. Each bone is a group whose id is
`femur-left` or `t4`; the window finds the bone under the pointer with `bone_at`. A state is shown by fill,
pattern and outline together, never by colour alone.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forensics.domain.anthropology import Side
from reports.figures.outline import Outline, bounds, centroid, contains, curve, hatching, polygon, stippling
from reports.figures.skeleton_shapes import Shape, body
from reports.figures.skeleton_skull import hollows
from reports.figures.skeleton_trunk import cartilage
from reports.figures.svg import Box, Canvas, Figure, Point, blend
from reports.palette import LIGHT, Palette

Bone = tuple[str, Side]

WIDTH, HEIGHT = 640.0, 1080.0
_MIDDLE, _TOP = 222.0, 34.0  # where the midline and the crown of the drawing stand


class BoneState(StrEnum):
    """What the inventory says of a bone; the value is the word of the legend."""

    COMPLETE = "present, complete"
    PARTIAL = "present in part"
    FRAGMENT = "fragment"
    SAMPLED = "present, sampled"
    ABSENT = "absent"
    NOT_EXAMINED = "not examined"


@dataclass(frozen=True, slots=True)
class _Ink:
    """How a state is drawn."""

    fill: str
    stroke: str
    width: float
    dash: str | None = None
    pattern: str | None = None  # colour of hatching or stipple


def skeleton_figure(
    states: Mapping[Bone, BoneState],
    palette: Palette = LIGHT,
    *,
    selected: Collection[Bone] = (),
    sampled: Collection[Bone] = (),
    title: str = "Skeletal inventory",
    scale: float = 1,
) -> Figure:
    """The skeleton with the state of every bone; bones that are not named are not examined.

    `sampled` marks bones that were cut for DNA whatever else is said of them. A state of `cranium` holds for
    its bones that have none of their own.
    """
    canvas = Canvas()
    canvas.rect(Box(0, 0, WIDTH, HEIGHT), palette.surface)
    inks = _inks(palette)
    with canvas.group(transform=f"translate({_MIDDLE:g} {_TOP:g})"):
        _ground(canvas, palette)
        for shape in body():
            state = state_of(states, shape)
            _bone(canvas, shape, state, inks[state], palette, (shape.key, shape.side) in selected)
        for shape in body():
            if (shape.key, shape.side) in sampled or state_of(states, shape) is BoneState.SAMPLED:
                largest = max(shape.outlines, key=lambda part: _size(bounds([part])))
                _sample_mark(canvas, centroid(polygon(largest)), palette, _size(bounds([largest])) < 160)
    _sides(canvas, palette)
    _legend(canvas, states, sampled, inks, palette)
    boxes = {shape.id: _moved(bounds(shape.outlines)) for shape in body()}
    boxes |= _unseen(canvas, states, sampled, selected, inks, palette)
    return canvas.figure(WIDTH, HEIGHT, title, boxes, scale)


def state_of(states: Mapping[Bone, BoneState], shape: Shape) -> BoneState:
    """State of one drawn bone: its own, that of the whole cranium, or not examined."""
    found = states.get((shape.key, shape.side))
    if found is None and shape.key in _CRANIAL:
        found = states.get(("cranium", Side.MIDLINE))
    return found or BoneState.NOT_EXAMINED


_CRANIAL = frozenset(
    {"frontal", "parietal", "occipital", "temporal", "sphenoid", "ethmoid", "maxilla", "zygomatic", "nasal"}
    | {"lacrimal", "palatine", "inferior-nasal-concha", "vomer"}
)


def bone_at(x: float, y: float, scale: float = 1) -> Bone | None:
    """The bone under a point of the figure, the one in front first; near misses of small bones count."""
    px, py = x / scale - _MIDDLE, y / scale - _TOP
    for reach in (0.0, 2.5):
        for shape in reversed(body()):
            if any(_touches(polygon(part), px, py, reach) for part in shape.outlines):
                return (shape.key, shape.side)
    return _unseen_at(x / scale, y / scale)


def _touches(part: Outline, x: float, y: float, reach: float) -> bool:
    if not reach:
        return contains(part, x, y)
    return any(contains(part, x + dx, y + dy) for dx in (-reach, 0, reach) for dy in (-reach, 0, reach))


def _inks(palette: Palette) -> dict[BoneState, _Ink]:
    present = blend(palette.accent, palette.surface, 0.42)
    part = blend(palette.accent, palette.surface, 0.84)
    return {
        BoneState.COMPLETE: _Ink(present, palette.accent, 0.9),
        BoneState.SAMPLED: _Ink(present, palette.accent, 0.9),
        BoneState.PARTIAL: _Ink(part, palette.accent, 0.9, pattern=palette.accent),
        BoneState.FRAGMENT: _Ink(palette.surface, palette.accent, 0.9, pattern=palette.accent),
        BoneState.ABSENT: _Ink(palette.surface, palette.muted, 0.8, dash="2.2 1.8"),
        BoneState.NOT_EXAMINED: _Ink(palette.figure_fill, palette.line_strong, 0.7),
    }


def _ground(canvas: Canvas, palette: Palette) -> None:
    """What is not bone: the dark inside the head, and the cartilages of the ribs."""
    for part in hollows():
        canvas.element("path", d=curve(part), fill=blend(palette.figure_line, palette.surface, 0.45))
    for part in cartilage():
        canvas.element(
            "path",
            d=curve(part, closed=False),
            fill="none",
            stroke=palette.line,
            stroke_width=4.2,
            stroke_linecap="round",
        )


def _bone(
    canvas: Canvas, shape: Shape, state: BoneState, ink: _Ink, palette: Palette, selected: bool
) -> None:
    width = ink.width if _size(bounds(shape.outlines)) > 160 else ink.width * 0.62
    with canvas.group(id=shape.id, title=f"{name_of(shape)}: {state}"):
        for part in shape.outlines:
            canvas.element(
                "path",
                d=curve(part),
                fill=ink.fill,
                stroke=ink.stroke,
                stroke_width=width,
                stroke_dasharray=ink.dash,
                stroke_linejoin="round",
            )
            _pattern(canvas, polygon(part), state, ink)
        if state in _SOLID:
            for part in shape.shades:
                canvas.element("path", d=curve(part), fill=blend(ink.fill, ink.stroke, 0.24))
        _details(canvas, shape, state, ink, palette)
        for part in shape.outlines if selected else ():
            canvas.element(
                "path",
                d=curve(part),
                fill="none",
                stroke=palette.text,
                stroke_width=2.2,
                stroke_linejoin="round",
            )


_SOLID = (BoneState.COMPLETE, BoneState.SAMPLED, BoneState.NOT_EXAMINED)


def _pattern(canvas: Canvas, part: Outline, state: BoneState, ink: _Ink) -> None:
    """Hatching for a part, dots for a fragment: the state without its colour."""
    if ink.pattern and state is BoneState.PARTIAL:
        for start, end in hatching(part, 5.0):
            canvas.line(start, end, ink.pattern, 0.7)
    if ink.pattern and state is BoneState.FRAGMENT:
        for dot in stippling(part, 3.4):
            canvas.circle(dot, 0.75, ink.pattern)


def _details(canvas: Canvas, shape: Shape, state: BoneState, ink: _Ink, palette: Palette) -> None:
    for hollow in () if state is BoneState.ABSENT else shape.hollows:
        canvas.element(
            "path",
            d=curve(hollow),
            fill=palette.surface,
            stroke=ink.stroke,
            stroke_width=0.6,
            stroke_dasharray=ink.dash,
        )
    if state is not BoneState.ABSENT:
        for line in shape.lines:
            canvas.element(
                "path",
                d=curve(line, closed=False),
                fill="none",
                stroke=ink.stroke,
                stroke_width=0.55,
                stroke_linecap="round",
            )


def _sample_mark(canvas: Canvas, at: Point, palette: Palette, small: bool = False) -> None:
    """A ringed diamond: this bone was cut."""
    (x, y), radius = at, 3.6 if small else 6.4
    reach = radius * 0.66
    canvas.circle(at, radius, palette.surface, stroke=palette.attention, stroke_width=0.8 if small else 1.1)
    canvas.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], palette.attention)


def _sides(canvas: Canvas, palette: Palette) -> None:
    """R and L as the person has them."""
    for letter, word, x in (("R", "right", _MIDDLE - 172), ("L", "left", _MIDDLE + 172)):
        canvas.text((x, 74), letter, 22, palette.text, anchor="middle", weight=600)
        canvas.text((x, 88), word, 9.5, palette.muted, anchor="middle")


def name_of(shape: Shape) -> str:
    """`left metacarpal 3`, `T4`, `tooth 36`."""
    words = shape.key.replace("-", " ")
    if shape.key.startswith("tooth"):
        return words
    if shape.key[0] in "ctl" and shape.key[1:].isdigit():
        return shape.key.upper()
    return words if shape.side is Side.MIDLINE else f"{shape.side} {words}"


def _size(box: Box) -> float:
    return box.width * box.height


def _moved(box: Box) -> Box:
    return Box(box.x + _MIDDLE, box.y + _TOP, box.width, box.height)


# Bones that the view from the front hides, as small fields beside the drawing.
_HIDDEN: tuple[tuple[str, str, bool], ...] = (
    ("occipital", "occipital", False),
    ("palatine", "palatine", True),
    ("malleus", "malleus", True),
    ("incus", "incus", True),
    ("stapes", "stapes", True),
)
_FIELD_X, _FIELD_Y, _ROW = 464.0, 356.0, 22.0


def _fields() -> list[tuple[Bone, Box]]:
    found: list[tuple[Bone, Box]] = []
    for row, (key, _, paired) in enumerate(_HIDDEN):
        y = _FIELD_Y + 14 + row * _ROW
        if paired:
            found.append(((key, Side.RIGHT), Box(_FIELD_X, y, 16, 16)))
            found.append(((key, Side.LEFT), Box(_FIELD_X + 20, y, 16, 16)))
        else:
            found.append(((key, Side.MIDLINE), Box(_FIELD_X, y, 36, 16)))
    return found


def _unseen_at(x: float, y: float) -> Bone | None:
    return next((bone for bone, box in _fields() if box.contains(x, y)), None)


def _unseen(
    canvas: Canvas,
    states: Mapping[Bone, BoneState],
    sampled: Collection[Bone],
    selected: Collection[Bone],
    inks: Mapping[BoneState, _Ink],
    palette: Palette,
) -> dict[str, Box]:
    canvas.text((_FIELD_X, _FIELD_Y), "Not seen from the front", 10, palette.muted)
    boxes: dict[str, Box] = {}
    for (key, side), box in _fields():
        shape = Shape(key, side, ((_corners(box)),))
        state = state_of(states, shape)
        _swatch(canvas, box, state, inks[state], shape.id, f"{name_of(shape)}: {state}")
        boxes[shape.id] = box
        if (key, side) in sampled or state is BoneState.SAMPLED:
            _sample_mark(canvas, (box.x + box.width / 2, box.y + 8), palette)
        if (key, side) in selected:
            canvas.rect(box, "none", stroke=palette.text, stroke_width=2.2)
    for row, (_, name, paired) in enumerate(_HIDDEN):
        words = f"{name} (R, L)" if paired else name
        canvas.text((_FIELD_X + 44, _FIELD_Y + 26 + row * _ROW), words, 10, palette.text)
    return boxes


def _corners(box: Box) -> Outline:
    return ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))


def _swatch(
    canvas: Canvas,
    box: Box,
    state: BoneState,
    ink: _Ink,
    id: str | None = None,
    title: str = "",
) -> None:
    """A small field in the manner of a state."""
    with canvas.group(id=id, title=title or None):
        canvas.rect(
            box, ink.fill, stroke=ink.stroke, stroke_width=max(ink.width, 0.9), stroke_dasharray=ink.dash
        )
        _pattern(canvas, _corners(box), state, ink)


def _legend(
    canvas: Canvas,
    states: Mapping[Bone, BoneState],
    sampled: Collection[Bone],
    inks: Mapping[BoneState, _Ink],
    palette: Palette,
) -> None:
    """Every state with its pattern, its words and how many of the drawn bones are in it."""
    counts = Counter(states.values())
    y = 140.0
    canvas.text((_FIELD_X, y), "Inventory", 12, palette.text, weight=600)
    for state in BoneState:
        y += 24
        box = Box(_FIELD_X, y - 11, 22, 14)
        _swatch(canvas, box, state, inks[state])
        if state is BoneState.SAMPLED:
            _sample_mark(canvas, (box.x + 11, box.y + 7), palette)
        number = counts[state] + (len(set(sampled)) if state is BoneState.SAMPLED else 0)
        canvas.text((_FIELD_X + 30, y), str(state), 10.5, palette.text)
        if state is not BoneState.NOT_EXAMINED:
            canvas.text((WIDTH - 14, y), str(number), 10.5, palette.muted, anchor="end")
