"""The bones of an adult from the front, as outlines in the order in which they are painted.

Drawn for this program; 1 unit is about 1.8 mm of a person of 171 cm. x runs from the midline to the
person's side (lateral is positive), y downwards from the crown. Paired bones are drawn once and mirrored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from forensics.domain.anthropology import Side
from reports.figures.outline import Outline, mirrored, outline
from reports.figures.svg import Point


@dataclass(frozen=True, slots=True)
class Shape:
    """One clickable element of one side.

    `outlines` are filled; `hollows` are openings; `lines` are fine anatomical strokes; `shades` are parts
    further from the viewer, painted a little darker.
    """

    key: str
    side: Side
    outlines: tuple[Outline, ...]
    hollows: tuple[Outline, ...] = ()
    lines: tuple[Outline, ...] = ()
    shades: tuple[Outline, ...] = ()

    @property
    def id(self) -> str:
        return self.key if self.side is Side.MIDLINE else f"{self.key}-{self.side}"


def midline(
    key: str,
    *outlines: Sequence[Point],
    hollows: Iterable[Outline] = (),
    lines: Iterable[Outline] = (),
    shades: Iterable[Outline] = (),
) -> Shape:
    """A bone of the midline, its outlines already on both sides."""
    drawn = tuple(map(outline, outlines))
    return Shape(key, Side.MIDLINE, drawn, tuple(hollows), tuple(lines), tuple(shades))


def pair(
    key: str,
    *outlines: Sequence[Point],
    hollows: Iterable[Outline] = (),
    lines: Iterable[Outline] = (),
    shades: Iterable[Outline] = (),
) -> tuple[Shape, Shape]:
    """Both sides of a bone; the person's right lies on the viewer's left."""
    drawn = tuple(map(outline, outlines))
    hollow, line, shade = tuple(hollows), tuple(lines), tuple(shades)
    right = Shape(key, Side.RIGHT, _mirrored(drawn), _mirrored(hollow), _mirrored(line), _mirrored(shade))
    return right, Shape(key, Side.LEFT, drawn, hollow, line, shade)


def _mirrored(shapes: tuple[Outline, ...]) -> tuple[Outline, ...]:
    return tuple(mirrored(shape) for shape in shapes)


@cache
def body() -> tuple[Shape, ...]:
    """All shapes, what lies behind first."""
    from reports.figures import skeleton_limbs, skeleton_skull, skeleton_trunk

    return (
        *skeleton_trunk.behind(),
        *skeleton_trunk.ribs(),
        *skeleton_trunk.spine(),
        *skeleton_trunk.pelvis(),
        *skeleton_trunk.front(),
        *skeleton_limbs.arms(),
        *skeleton_limbs.hands(),
        *skeleton_limbs.legs(),
        *skeleton_limbs.feet(),
        *skeleton_skull.skull(),
    )
