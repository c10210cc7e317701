"""The inventory of a person as a drawn skeleton: what is there, in part, sampled, absent, not yet seen.

Seen from the front, so the person's right is on the viewer's left. Each bone is a group whose id is
`femur-left` or `t4`; the window finds the bone under the pointer with `bone_at`. A state is shown by fill,
pattern and outline together, never by colour alone.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from forensics.domain.anthropology import Completeness, Side
from reports.figures.outline import Outline, bounds, centroid, contains, curve, polygon
from reports.figures.skeleton_key import (
    Bone,
    BoneState,
    Ink,
    Key,
    SkeletonWords,
    draw_hidden,
    draw_key,
    draw_unplaced,
    hollow_colour,
    inks,
    name_of,
    pattern,
    sample_mark,
)
from reports.figures.skeleton_shapes import Shape, body
from reports.figures.skeleton_skull import hollows
from reports.figures.skeleton_trunk import cartilage
from reports.figures.svg import Box, Canvas, Figure, blend
from reports.palette import LIGHT, Palette

__all__ = [
    "Bone",
    "BoneState",
    "SkeletonWords",
    "bone_at",
    "drawn_bones",
    "skeleton_figure",
    "state_for",
    "state_of",
]

BODY_WIDTH, HEIGHT = 444.0, 1080.0
_MIDDLE, _TOP = 222.0, 34.0  # where the midline and the crown of the drawing stand
_KEY_X = 464.0
_SOLID = (BoneState.COMPLETE, BoneState.SAMPLED, BoneState.NOT_EXAMINED)
_CRANIAL = frozenset(
    {"frontal", "parietal", "occipital", "temporal", "sphenoid", "ethmoid", "maxilla", "zygomatic", "nasal"}
    | {"lacrimal", "palatine", "inferior-nasal-concha", "vomer"}
)


def skeleton_figure(
    states: Mapping[Bone, BoneState],
    palette: Palette = LIGHT,
    *,
    selected: Collection[Bone] = (),
    sampled: Collection[Bone] = (),
    title: str = "Skeletal inventory",
    words: SkeletonWords | None = None,
    legend: bool = True,
    scale: float = 1,
) -> Figure:
    """The skeleton with the state of every bone; bones that are not named are not examined.

    `sampled` marks bones that were cut for DNA whatever else is said of them. A state of `cranium` holds for
    its bones that have none of their own. Without `legend` only the body is drawn, for a page that has its own.
    """
    words = words or SkeletonWords()
    canvas, key = Canvas(), Key.of(_KEY_X, scale)
    width = _KEY_X + key.width if legend else BODY_WIDTH
    canvas.rect(Box(0, 0, width, HEIGHT), palette.surface)
    with canvas.group(transform=f"translate({_MIDDLE:g} {_TOP:g})"):
        _ground(canvas, palette)
        for shape in body():
            state = state_of(states, (shape.key, shape.side))
            _bone(canvas, shape, state, (shape.key, shape.side) in selected, palette, words)
        _sample_marks(canvas, states, sampled, palette)
    _sides(canvas, palette, words, key.size)
    boxes = {shape.id: _moved(bounds(shape.outlines)) for shape in body()}
    if legend:
        boxes |= _column(canvas, key, states, (sampled, selected), palette, words)
    return canvas.figure(width, HEIGHT, title, boxes, scale)


def state_for(completeness: str) -> BoneState:
    """How a recorded completeness is drawn; what is not recorded counts as not examined."""
    return _OF_COMPLETENESS.get(completeness, BoneState.NOT_EXAMINED)


_OF_COMPLETENESS: Mapping[str, BoneState] = {
    Completeness.COMPLETE: BoneState.COMPLETE,
    Completeness.PARTIAL: BoneState.PARTIAL,
    Completeness.FRAGMENT: BoneState.FRAGMENT,
    Completeness.ABSENT: BoneState.ABSENT,
}


def state_of(states: Mapping[Bone, BoneState], bone: Bone) -> BoneState:
    """State of one drawn bone: its own, that of the whole cranium, or not examined."""
    found = states.get(bone)
    if found is None and bone[0] in _CRANIAL:
        found = states.get(("cranium", Side.MIDLINE))
    return found or BoneState.NOT_EXAMINED


def drawn_bones() -> frozenset[Bone]:
    """Every bone that has a place in the figure, in the drawing or beside it."""
    beside = {bone for bone, _ in Key.of(_KEY_X, 1).fields()}
    return frozenset({(shape.key, shape.side) for shape in body()} | beside)


def bone_at(x: float, y: float, scale: float = 1) -> Bone | None:
    """The bone under a point of the figure, the one in front first; near misses of small bones count."""
    px, py = x / scale - _MIDDLE, y / scale - _TOP
    for reach in (0.0, 2.5):
        for shape in reversed(body()):
            if any(_touches(polygon(part), px, py, reach) for part in shape.outlines):
                return (shape.key, shape.side)
    return Key.of(_KEY_X, scale).hit(x / scale, y / scale)


def _touches(part: Outline, x: float, y: float, reach: float) -> bool:
    if not reach:
        return contains(part, x, y)
    return any(contains(part, x + dx, y + dy) for dx in (-reach, 0, reach) for dy in (-reach, 0, reach))


def _ground(canvas: Canvas, palette: Palette) -> None:
    """What is not bone: the dark inside the head, and the cartilages of the ribs."""
    for part in hollows():
        canvas.element("path", d=curve(part), fill=hollow_colour(palette))
    for part in cartilage():
        canvas.element(
            "path",
            d=curve(part, closed=False),
            fill="none",
            stroke=blend(palette.line, palette.surface, 0.45),
            stroke_width=4.2,
            stroke_linecap="round",
        )


def _bone(
    canvas: Canvas, shape: Shape, state: BoneState, selected: bool, palette: Palette, words: SkeletonWords
) -> None:
    ink = inks(palette)[state]
    width = ink.width if _size(bounds(shape.outlines)) > 160 else ink.width * 0.62
    with canvas.group(id=shape.id, title=f"{name_of(shape)}: {words.states[state]}"):
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
            pattern(canvas, polygon(part), state, ink)
        for part in shape.shades if state in _SOLID else ():
            canvas.element("path", d=curve(part), fill=blend(ink.fill, hollow_colour(palette), 0.26))
        if state is not BoneState.ABSENT:
            _details(canvas, shape, ink, palette)
        for part in shape.outlines if selected else ():
            canvas.element(
                "path",
                d=curve(part),
                fill="none",
                stroke=palette.text,
                stroke_width=2.2,
                stroke_linejoin="round",
            )


def _details(canvas: Canvas, shape: Shape, ink: Ink, palette: Palette) -> None:
    """Openings, and the fine lines of crests, grooves and joints."""
    for hollow in shape.hollows:
        canvas.element("path", d=curve(hollow), fill=palette.surface, stroke=ink.stroke, stroke_width=0.6)
    for line in shape.lines:
        canvas.element(
            "path",
            d=curve(line, closed=False),
            fill="none",
            stroke=ink.stroke,
            stroke_width=0.55,
            stroke_linecap="round",
        )


def _sample_marks(
    canvas: Canvas, states: Mapping[Bone, BoneState], sampled: Collection[Bone], palette: Palette
) -> None:
    """Above all bones, in the middle of the largest part of each that was cut."""
    for shape in body():
        bone = (shape.key, shape.side)
        if bone in sampled or state_of(states, bone) is BoneState.SAMPLED:
            largest = max(shape.outlines, key=lambda part: _size(bounds([part])))
            radius = 3.6 if _size(bounds([largest])) < 160 else 6.4
            sample_mark(canvas, centroid(polygon(largest)), palette, radius)


def _sides(canvas: Canvas, palette: Palette, words: SkeletonWords, size: float) -> None:
    """R and L as the person has them."""
    for letter, word, x in (("R", words.right, _MIDDLE - 172), ("L", words.left, _MIDDLE + 172)):
        canvas.text((x, 74), letter, 22, palette.text, anchor="middle", weight=600)
        canvas.text((x, 78 + size), word, size, palette.muted, anchor="middle")


def _column(
    canvas: Canvas,
    key: Key,
    states: Mapping[Bone, BoneState],
    marks: tuple[Collection[Bone], Collection[Bone]],
    palette: Palette,
    words: SkeletonWords,
) -> dict[str, Box]:
    counts = Counter(states.values())
    counts[BoneState.SAMPLED] += sum(states.get(bone) is not BoneState.SAMPLED for bone in set(marks[0]))
    draw_key(canvas, key, counts, palette, words)
    hidden = {bone: state_of(states, bone) for bone, _ in key.fields()}
    draw_hidden(canvas, key, hidden, marks, palette, words)
    known = drawn_bones() | {("cranium", Side.MIDLINE)}
    draw_unplaced(
        canvas, key, [(bone, state) for bone, state in states.items() if bone not in known], palette, words
    )
    return {Shape(*bone, ()).id: box for bone, box in key.fields()}


def _size(box: Box) -> float:
    return box.width * box.height


def _moved(box: Box) -> Box:
    return Box(box.x + _MIDDLE, box.y + _TOP, box.width, box.height)
