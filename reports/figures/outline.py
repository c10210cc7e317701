"""Organic outlines for anatomical figures: smooth closed curves, bands, hatching, and hit testing.

Points are (x, y) in user units, y downwards. An outline is given by the points that the curve passes
through (a closed Catmull-Rom spline); everything is plain arithmetic, so that the same figure is drawn
byte for byte again.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import atan2, cos, hypot, radians, sin

from reports.figures.svg import Box, Point, number

Outline = tuple[Point, ...]


def outline(points: Sequence[Point]) -> Outline:
    return tuple((float(x), float(y)) for x, y in points)


def symmetrical(half: Sequence[Point]) -> Outline:
    """A midline outline from its half, which runs from the upper midline by the side to the lower."""
    other = [(-x, y) for x, y in reversed(half) if x != 0]
    return outline([*half, *other])


def mirrored(points: Sequence[Point]) -> Outline:
    return tuple((-x, y) for x, y in points)


def placed(points: Sequence[Point], start: Point, end: Point) -> Outline:
    """Local points (across, along), `along` 0 at `start`, with the axis running from `start` to `end`."""
    angle = atan2(end[1] - start[1], end[0] - start[0])
    along, across = (cos(angle), sin(angle)), (sin(angle), -cos(angle))
    return tuple(
        (start[0] + s * across[0] + t * along[0], start[1] + s * across[1] + t * along[1]) for s, t in points
    )


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0) -> Outline:
    """Eight points of an ellipse, turned by degrees."""
    angle = radians(turn)
    steps = [radians(45 * step) for step in range(8)]
    return tuple(
        (
            x + rx * cos(a) * cos(angle) - ry * sin(a) * sin(angle),
            y + rx * cos(a) * sin(angle) + ry * sin(a) * cos(angle),
        )
        for a in steps
    )


def band(centre: Sequence[Point], widths: Sequence[float]) -> Outline:
    """A strip along a curve: both edges of `centre` at half the width on each point, ends rounded by the spline."""
    left, right = [], []
    for index, ((x, y), width) in enumerate(zip(centre, widths, strict=True)):
        before, after = centre[max(index - 1, 0)], centre[min(index + 1, len(centre) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = hypot(dx, dy) or 1.0
        across = (-dy / length * width / 2, dx / length * width / 2)
        left.append((x + across[0], y + across[1]))
        right.append((x - across[0], y - across[1]))
    return outline(left + right[::-1])


def small_long_bone(start: Point, end: Point, base: float, waist: float, head: float) -> Outline:
    """A metacarpal, metatarsal or phalanx: wide base, narrow shaft, rounded head; widths across."""
    length = hypot(end[0] - start[0], end[1] - start[1])
    b, w, h = base / 2, waist / 2, head / 2
    local = [
        (b * 0.7, 0), (b, length * 0.08), (w, length * 0.36), (w, length * 0.62), (h, length * 0.86),
        (h * 0.75, length * 0.98), (0, length), (-h * 0.75, length * 0.98), (-h, length * 0.86),
        (-w, length * 0.62), (-w, length * 0.36), (-b, length * 0.08), (-b * 0.7, 0),
    ]  # fmt: skip
    return placed(local, start, end)


@lru_cache(maxsize=4096)
def curve(points: Outline, closed: bool = True) -> str:
    """Path data of the smooth curve through the points."""
    pieces = [f"M{_at(points[0])}"]
    pieces += [f"C{_at(one)} {_at(two)} {_at(end)}" for _, one, two, end in _beziers(points, closed)]
    return "".join(pieces) + ("Z" if closed else "")


@lru_cache(maxsize=2048)
def polygon(points: Outline, steps: int = 5) -> Outline:
    """The closed curve as straight strokes, fine enough for hatching and hit testing."""
    found: list[Point] = []
    for start, one, two, end in _beziers(points, True):
        found += [_bezier(start, one, two, end, step / steps) for step in range(steps)]
    return tuple(found)


def contains(shape: Outline, x: float, y: float) -> bool:
    """Whether a point lies inside a polygon (even-odd)."""
    inside = False
    for (x1, y1), (x2, y2) in zip(shape, (*shape[1:], shape[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def bounds(shapes: Sequence[Outline]) -> Box:
    """The rectangle around all points."""
    xs = [x for shape in shapes for x, _ in shape]
    ys = [y for shape in shapes for _, y in shape]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def centroid(shape: Outline) -> Point:
    """Centre of the area of a polygon."""
    area = sx = sy = 0.0
    for (x1, y1), (x2, y2) in zip(shape, (*shape[1:], shape[0]), strict=True):
        cross = x1 * y2 - x2 * y1
        area, sx, sy = area + cross, sx + (x1 + x2) * cross, sy + (y1 + y2) * cross
    return (sx / (3 * area), sy / (3 * area))


def hatching(shape: Outline, spacing: float) -> list[tuple[Point, Point]]:
    """Strokes at 45° inside a polygon, on one grid for the whole figure so that neighbours run on."""
    levels = [x + y for x, y in shape]
    first, last = int(min(levels) // spacing) + 1, int(max(levels) // spacing)
    strokes: list[tuple[Point, Point]] = []
    for step in range(first, last + 1):
        cuts = sorted(_crossings(shape, step * spacing))
        strokes += [(cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2)]
    return strokes


def stippling(shape: Outline, spacing: float) -> list[Point]:
    """Dots inside a polygon, on one staggered grid for the whole figure; at least one."""
    box = bounds([shape])
    found: list[Point] = []
    for row in range(int(box.y // spacing), int(box.bottom // spacing) + 1):
        shift = spacing / 2 if row % 2 else 0.0
        for column in range(int(box.x // spacing), int(box.right // spacing) + 1):
            x, y = column * spacing + shift, row * spacing
            if contains(shape, x, y):
                found.append((x, y))
    return found or [centroid(shape)]


def _crossings(shape: Outline, level: float) -> list[Point]:
    """Where the line x + y = level cuts a polygon."""
    cuts: list[Point] = []
    for (x1, y1), (x2, y2) in zip(shape, (*shape[1:], shape[0]), strict=True):
        a, b = x1 + y1 - level, x2 + y2 - level
        if (a > 0) != (b > 0):
            share = a / (a - b)
            cuts.append((x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    return cuts


def _beziers(points: Outline, closed: bool) -> list[tuple[Point, Point, Point, Point]]:
    """Catmull-Rom through the points as cubic Bézier pieces (start, control, control, end)."""
    count = len(points)
    pieces = []
    for index in range(count if closed else count - 1):
        start, end = points[index], points[(index + 1) % count]
        before = points[index - 1] if closed or index else start
        after = points[(index + 2) % count] if closed or index + 2 < count else end
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        pieces.append((start, one, two, end))
    return pieces


def _bezier(start: Point, one: Point, two: Point, end: Point, t: float) -> Point:
    u = 1 - t
    a, b, c, d = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return (
        a * start[0] + b * one[0] + c * two[0] + d * end[0],
        a * start[1] + b * one[1] + c * two[1] + d * end[1],
    )


def _at(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
