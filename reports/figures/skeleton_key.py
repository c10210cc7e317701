"""The column beside the drawn skeleton: what the patterns mean, bones that are not seen, bones without a place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forensics.domain.anthropology import Side
from reports.figures.outline import Outline, hatching, stippling
from reports.figures.skeleton_shapes import Shape
from reports.figures.svg import Box, Canvas, Point, blend, shorten, text_colour_on
from reports.palette import Palette

Bone = tuple[str, Side]


class BoneState(StrEnum):
    """What the inventory says of a bone; the value is the word of the legend."""

    COMPLETE = "present, complete"
    PARTIAL = "present in part"
    FRAGMENT = "fragment"
    SAMPLED = "present, sampled"
    ABSENT = "absent"
    NOT_EXAMINED = "not examined"


@dataclass(frozen=True, slots=True)
class SkeletonWords:
    """Every word of the figure, so that it can be drawn in another language."""

    heading: str = "Inventory"
    right: str = "right"
    left: str = "left"
    unseen: str = "Not seen from the front"
    unplaced: str = "Not placed in the drawing"
    more: str = "and {n} more"
    states: Mapping[BoneState, str] = field(
        default_factory=lambda: {state: str(state) for state in BoneState}
    )


@dataclass(frozen=True, slots=True)
class Ink:
    """How a state is drawn."""

    fill: str
    stroke: str
    width: float
    dash: str | None = None
    pattern: str | None = None  # colour of hatching or stipple


def inks(palette: Palette) -> dict[BoneState, Ink]:
    present = blend(palette.accent, palette.surface, 0.42)
    part = blend(palette.accent, palette.surface, 0.84)
    return {
        BoneState.COMPLETE: Ink(present, palette.accent, 0.9),
        BoneState.SAMPLED: Ink(present, palette.accent, 0.9),
        BoneState.PARTIAL: Ink(part, palette.accent, 0.9, pattern=palette.accent),
        BoneState.FRAGMENT: Ink(palette.surface, palette.accent, 0.9, pattern=palette.accent),
        BoneState.ABSENT: Ink(palette.surface, palette.muted, 0.8, dash="2.2 1.8"),
        BoneState.NOT_EXAMINED: Ink(palette.figure_fill, palette.line_strong, 0.7),
    }


def hollow_colour(palette: Palette) -> str:
    """The dark of openings and of what lies further back, on light ground and on dark."""
    depths = (blend(palette.figure_line, palette.surface, 0.45), palette.window)
    return min(depths, key=lambda colour: sum(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


def pattern(canvas: Canvas, part: Outline, state: BoneState, ink: Ink) -> None:
    """Hatching for a part, dots for a fragment: the state without its colour."""
    if ink.pattern and state is BoneState.PARTIAL:
        for start, end in hatching(part, 5.0):
            canvas.line(start, end, ink.pattern, 0.7)
    if ink.pattern and state is BoneState.FRAGMENT:
        for dot in stippling(part, 3.4):
            canvas.circle(dot, 0.75, ink.pattern)


def sample_mark(canvas: Canvas, at: Point, palette: Palette, radius: float = 6.4) -> None:
    """A ringed diamond: this bone was cut."""
    (x, y), reach = at, radius * 0.66
    canvas.circle(at, radius, palette.surface, stroke=palette.attention, stroke_width=radius * 0.17)
    canvas.polygon([(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)], palette.attention)


# Bones that the view from the front hides, as small fields beside the drawing: key, name, paired.
HIDDEN: tuple[tuple[str, str, bool], ...] = (
    ("occipital", "occipital", False),
    ("palatine", "palatine", True),
    ("malleus", "malleus", True),
    ("incus", "incus", True),
    ("stapes", "stapes", True),
    ("c1", "C1, atlas", False),
    ("c2", "C2, axis", False),
)
_MOST = 8  # bones without a place that are named


@dataclass(frozen=True, slots=True)
class Key:
    """Where everything in the column stands: its text stays legible when the figure is printed small."""

    x: float
    size: float

    @classmethod
    def of(cls, x: float, scale: float) -> "Key":
        return cls(x, max(10.5, 8.0 / scale))

    @property
    def row(self) -> float:
        return self.size * 2.15

    @property
    def width(self) -> float:
        """Of the whole column, from the words in it."""
        return self.size * 18

    def y(self, row: float) -> float:
        """Baseline of a row."""
        return 126 + row * self.row

    def swatch(self, row: float, width: float = 2.1, at: float = 0) -> Box:
        size = self.size
        return Box(self.x + at * size, self.y(row) - 1.08 * size, width * size, 1.4 * size)

    def fields(self) -> list[tuple[Bone, Box]]:
        """The clickable fields of the hidden bones."""
        found: list[tuple[Bone, Box]] = []
        for row, (key, _, paired) in enumerate(HIDDEN, start=9):
            if paired:
                found.append(((key, Side.RIGHT), self.swatch(row, 1.5)))
                found.append(((key, Side.LEFT), self.swatch(row, 1.5, 1.85)))
            else:
                found.append(((key, Side.MIDLINE), self.swatch(row, 3.35)))
        return found

    def hit(self, x: float, y: float) -> Bone | None:
        return next((bone for bone, box in self.fields() if box.contains(x, y)), None)


def draw_key(
    canvas: Canvas, key: Key, counts: Mapping[BoneState, int], palette: Palette, words: SkeletonWords
) -> None:
    """Every state with its pattern, its words and how many bones are in it."""
    canvas.text((key.x, key.y(0)), words.heading, key.size * 1.2, palette.text, weight=600)
    right = key.x + key.width - key.size
    for row, state in enumerate(BoneState, start=1):
        box = key.swatch(row)
        swatch(canvas, box, state, inks(palette)[state])
        if state is BoneState.SAMPLED:
            sample_mark(canvas, _centre(box), palette, key.size * 0.56)
        canvas.text((key.x + 2.9 * key.size, key.y(row)), words.states[state], key.size, palette.text)
        if state is not BoneState.NOT_EXAMINED:
            canvas.text((right, key.y(row)), str(counts.get(state, 0)), key.size, palette.muted, anchor="end")


def draw_hidden(
    canvas: Canvas,
    key: Key,
    drawn: Mapping[Bone, BoneState],
    marks: tuple[Collection[Bone], Collection[Bone]],
    palette: Palette,
    words: SkeletonWords,
) -> None:
    """Fields of the bones that the view hides; `marks` are the sampled and the selected bones."""
    sampled, selected = marks
    canvas.text((key.x, key.y(8)), words.unseen, key.size, palette.muted)
    for bone, box in key.fields():
        state = drawn[bone]
        shape = Shape(*bone, ())
        swatch(canvas, box, state, inks(palette)[state], shape.id, f"{name_of(shape)}: {words.states[state]}")
        if bone in sampled or state is BoneState.SAMPLED:
            sample_mark(canvas, _centre(box), palette, key.size * 0.56)
        if bone in selected:
            canvas.rect(box, "none", stroke=palette.text, stroke_width=2.2)
    for row, (_, name, paired) in enumerate(HIDDEN, start=9):
        text = f"{name} (R, L)" if paired else name
        canvas.text((key.x + 4.2 * key.size, key.y(row)), text, key.size, palette.text)
    for bone, box in key.fields():
        if bone[1] is not Side.MIDLINE:
            _letter(canvas, box, "R" if bone[1] is Side.RIGHT else "L", drawn[bone], palette, key.size * 0.8)


def _letter(canvas: Canvas, box: Box, letter: str, state: BoneState, palette: Palette, size: float) -> None:
    fill = inks(palette)[state].fill
    colour = text_colour_on(fill, palette.text, palette.on_accent)
    canvas.text((box.x + box.width / 2, box.bottom - 0.3 * box.height), letter, size, colour, anchor="middle")


def draw_unplaced(
    canvas: Canvas,
    key: Key,
    unplaced: Iterable[tuple[Bone, BoneState]],
    palette: Palette,
    words: SkeletonWords,
) -> None:
    """Bones of the inventory that have no place: side unknown, or the class alone is known."""
    lines = [f"{_loose(bone)}: {words.states[state]}" for bone, state in unplaced]
    if not lines:
        return
    canvas.text((key.x, key.y(17)), words.unplaced, key.size, palette.muted)
    shown = (
        lines if len(lines) <= _MOST else [*lines[: _MOST - 1], words.more.format(n=len(lines) - _MOST + 1)]
    )
    for row, line in enumerate(shown):
        text = shorten(line, key.width - key.size, key.size)
        canvas.text((key.x, key.y(18) + row * key.size * 1.6), text, key.size, palette.text)


def _loose(bone: Bone) -> str:
    element, side = bone
    return element.replace("-", " ") if side is Side.MIDLINE else f"{element.replace('-', ' ')}, {side}"


def swatch(
    canvas: Canvas, box: Box, state: BoneState, ink: Ink, id: str | None = None, title: str = ""
) -> None:
    """A small field in the manner of a state."""
    corners = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))
    with canvas.group(id=id, title=title or None):
        canvas.rect(
            box, ink.fill, stroke=ink.stroke, stroke_width=max(ink.width, 0.9), stroke_dasharray=ink.dash
        )
        pattern(canvas, corners, state, ink)


def name_of(shape: Shape) -> str:
    """`left metacarpal 3`, `T4`, `tooth 36`."""
    words = shape.key.replace("-", " ")
    if shape.key.startswith("tooth"):
        return words
    if shape.key[0] in "ctl" and shape.key[1:].isdigit():
        return shape.key.upper()
    return words if shape.side is Side.MIDLINE else f"{shape.side} {words}"


def _centre(box: Box) -> Point:
    return (box.x + box.width / 2, box.y + box.height / 2)
