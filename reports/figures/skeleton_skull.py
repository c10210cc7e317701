"""Outlines of the skull from the front, the mandible, the hyoid, and the teeth in both arches."""

from reports.figures.outline import Outline, ellipse, outline, symmetrical
from reports.figures.skeleton_shapes import Shape, midline, pair
from reports.figures.svg import Point

_RAISE = -14.0  # the skull was drawn in its own frame; it stands this much higher on the neck


def _up(points: list[Point] | Outline) -> Outline:
    return outline([(x, y + _RAISE) for x, y in points])


def hollows() -> list[Outline]:
    """The dark inside the head, painted first: seen through orbits and nose and between the jaws."""
    head = [
        (0, 23), (18, 26), (32, 37), (38, 54), (37, 70), (37.4, 84), (36, 92), (34, 104), (33, 116), (28, 130),
        (18, 140), (0, 142),
    ]  # fmt: skip
    return [_up(symmetrical(head))]


def skull() -> list[Shape]:
    """From behind forwards: orbit walls, vault, face, jaw, teeth, hyoid."""
    hyoid = symmetrical(
        [
            (0, 145.5),
            (6, 145),
            (10.5, 141),
            (12.5, 139.5),
            (12.8, 141.8),
            (8.6, 148.6),
            (4, 150.4),
            (0, 150.6),
        ]
    )
    return [*_walls(), *_vault(), *_face(), *_jaw(), midline("hyoid", hyoid)]


def _walls() -> list[Shape]:
    """What is seen inside the orbits and the nose."""
    wing: list[Point] = [
        (29.4, 77),
        (29.4, 85.6),
        (25.4, 90.6),
        (22.4, 87.4),
        (21.6, 82.4),
        (19.4, 78.4),
        (24.4, 73.6),
    ]
    temple: list[Point] = [(34, 71), (35.6, 74), (35.2, 83), (33.6, 84), (33.2, 76)]
    sides = [_up(wing), _up([(-x, y) for x, y in wing])]
    temples = [_up(temple), _up([(-x, y) for x, y in temple])]
    ethmoid: list[Point] = [(9, 76), (12.2, 78), (13.2, 83.4), (12, 88.8), (9.4, 90), (8.8, 83)]
    inner = [_up(ethmoid), _up([(-x, y) for x, y in ethmoid])]
    plate = symmetrical([(0, 93), (0.9, 93), (0.9, 99), (0, 99)])
    lacrimal = [(6.4, 79), (8.8, 78.4), (9.2, 84), (9.2, 89.6), (7.4, 88)]
    concha = [(9.2, 104), (6.4, 104.8), (4.2, 107.6), (5, 109), (7, 108.6), (9.6, 109.6)]
    vomer = symmetrical([(0, 99.4), (0.9, 99.6), (1.3, 112.6), (0, 113.2)])
    return [
        midline("sphenoid", *sides, *temples, shades=sides),
        midline("ethmoid", *inner, _up(plate), shades=inner),
        *pair("lacrimal", _up(lacrimal), shades=(_up(lacrimal),)),
        midline("vomer", _up(vomer), shades=(_up(vomer),)),
        *pair("inferior-nasal-concha", _up(concha), shades=(_up(concha),)),
    ]


def _vault() -> list[Shape]:
    parietal = [
        (0.1, 20), (0.1, 20), (10, 20.6), (20.5, 23.6), (30, 30.4), (36.8, 40), (40.4, 51), (41, 60), (39.4, 67.4),
        (37, 70.6), (35.2, 65), (34.2, 55), (31, 43.6), (24.2, 33), (13, 25.8), (0.1, 23.6), (0.1, 23.6),
    ]  # fmt: skip
    temporal = [
        (39, 67.8), (40.2, 75), (39.4, 83), (39.2, 92), (38, 101), (35.4, 108.6), (32.8, 109.8), (31, 105), (32, 95),
        (34.2, 88), (35.8, 83), (35.8, 75), (37, 70.8),
    ]  # fmt: skip
    frontal = symmetrical(
        [
            (0, 24), (12.8, 26.2), (23.8, 33.4), (30.6, 44), (33.8, 55.2), (34.8, 65.4), (34.4, 71), (33.2, 77.6),
            (30.2, 78), (27.8, 74.2), (23, 71.4), (17, 70.6), (11, 72), (7, 76.4), (5.6, 79.4), (0, 79.8),
        ]
    )  # fmt: skip
    brow = [outline([(s * 28, 72), (s * 22, 68.4), (s * 14, 68), (s * 7, 71)]) for s in (1, -1)]
    lines = [outline([(s * 33, 73), (s * 30.5, 62), (s * 26.5, 50)]) for s in (1, -1)]
    return [
        *pair("temporal", _up(temporal)),
        *pair("parietal", _up(parietal)),
        midline("frontal", _up(frontal), lines=tuple(_up(line) for line in (*brow, *lines))),
    ]


def _face() -> list[Shape]:
    nasal = [(0.15, 80), (3.2, 79.6), (4, 86), (5, 92.6), (2.4, 93.8), (0.15, 94)]
    maxilla = [
        (3.6, 79.8), (6, 79.6), (6.9, 86.4), (10.8, 92), (17.6, 94.4), (19.8, 100), (23.4, 107.4), (20.6, 112.5),
        (19.6, 118), (18.4, 122.6), (10, 125), (0.15, 126), (0.15, 114.4), (4.8, 115.4), (8.8, 113), (9.9, 108),
        (8, 100.5), (5.2, 92.6),
    ]  # fmt: skip
    zygomatic = [
        (30.2, 78.4), (33.4, 78), (34.4, 84), (38, 89), (39, 93), (37.2, 97), (33.4, 102), (29.4, 107), (24, 108.2),
        (20.6, 101), (18.4, 94.6), (24.6, 92.6), (28.6, 88), (29.8, 83),
    ]  # fmt: skip
    foramen = ellipse(15.6, 98.6, 1.1, 0.8)
    fossa = outline([(13.6, 104), (13.4, 111), (15.4, 117)])
    return [
        *pair("nasal", _up(nasal)),
        *pair("maxilla", _up(maxilla), hollows=(_up(foramen),), lines=(_up(fossa),)),
        *pair("zygomatic", _up(zygomatic), hollows=(_up(ellipse(28.5, 97.5, 0.8, 0.7)),)),
    ]


def _jaw() -> list[Shape]:
    mandible = symmetrical(
        [
            (0, 139.4), (9, 138.8), (16, 136), (20.4, 131.6), (25, 124), (27.6, 114), (28.8, 105), (31, 101.6),
            (34.6, 103.4), (35.4, 110), (33.8, 121), (30.6, 131.4), (25.6, 139.8), (18.4, 147), (11, 151), (6, 151.8),
            (0, 151.2),
        ]
    )  # fmt: skip
    chin = [outline([(s * 9, 150), (s * 6, 146.4), (0, 144.6)]) for s in (1, -1)]
    foramina = tuple(_up(ellipse(s * 12.4, 144, 1, 0.8)) for s in (1, -1))
    jaw = midline("mandible", _up(mandible), hollows=foramina, lines=tuple(_up(line) for line in chin))
    return [jaw, *_teeth()]


_UPPER = (
    (0.2, 4.7),
    (4.8, 8.3),
    (8.4, 11.7),
    (11.8, 14.4),
    (14.5, 16.6),
    (16.7, 18.8),
    (18.9, 20.1),
    (20.2, 21),
)
_LOWER = (
    (0.2, 3.1),
    (3.2, 6.4),
    (6.5, 9.7),
    (9.8, 12.6),
    (12.7, 15.3),
    (15.4, 18),
    (18.1, 19.5),
    (19.6, 20.5),
)


def _teeth() -> list[Shape]:
    """Crowns of 32 teeth in occlusion; those at the back are foreshortened."""
    shapes: list[Shape] = []
    for place in range(1, 9):
        for quadrants, row, crown in (((1, 2), _UPPER, _upper_crown), ((4, 3), _LOWER, _lower_crown)):
            inner, outer = row[place - 1]
            right, left = pair(f"tooth-{quadrants[0]}{place}", _up(crown(inner, outer, place)))
            shapes += [right, Shape(f"tooth-{quadrants[1]}{place}", left.side, left.outlines)]
    return shapes


def _upper_crown(inner: float, outer: float, place: int) -> list[Point]:
    rise = 0.012 * outer * outer
    tip = 0.7 if place == 3 else 0
    middle = (inner + outer) / 2
    return [(inner + 0.3, 126 - rise), (middle, 125.2 - rise), (outer - 0.3, 126 - rise), (outer, 131.6 - rise),
            (middle, 132.3 - rise + tip), (inner, 131.8 - rise)]  # fmt: skip


def _lower_crown(inner: float, outer: float, place: int) -> list[Point]:
    rise = 0.012 * outer * outer
    tip = 0.6 if place == 3 else 0
    middle = (inner + outer) / 2
    return [(inner, 132.9 - rise), (middle, 132.6 - rise - tip), (outer, 132.8 - rise), (outer - 0.4, 138.4 - rise),
            (middle, 139.3 - rise), (inner + 0.4, 138.6 - rise)]  # fmt: skip
