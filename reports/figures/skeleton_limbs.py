"""Outlines of the limbs: arms with the palms forward, legs, hands and feet ray by ray."""

from collections.abc import Sequence
from math import cos, radians, sin

from reports.figures.outline import Outline, outline, placed, small_long_bone
from reports.figures.skeleton_shapes import Shape, pair
from reports.figures.svg import Point

_SHOULDER, _ELBOW, _WRIST = (102.0, 203.0), (127.0, 383.0), (155.5, 519.0)
_HAND_AXIS = (163.0, 560.0)  # a point in the direction of the middle finger
_ANKLE, _FOOT_AXIS = (45.5, 925.5), (55.5, 1000.0)
_HAND, _FOOT = 1.06, 1.16  # the drawings below are a little small for the rest


def arms() -> list[Shape]:
    """Humerus, radius and ulna, along their axes; `across` is positive towards the thumb."""
    humerus = [
        (3, 0), (8, 2), (12.5, 8), (13, 16), (9.5, 29),
        (7.2, 48), (7.6, 68), (8.2, 80), (6.6, 96), (6.2, 120), (6.6, 142),
        (9, 157), (13.5, 167), (13.6, 173), (11.5, 178),
        (8.5, 182), (3.5, 182.5), (0.5, 180), (-3, 181.5), (-8, 184.5),
        (-11.5, 183), (-12.2, 177.5), (-16.5, 173), (-17, 168.5), (-13, 163), (-8.8, 152), (-6.4, 132), (-5.8, 100),
        (-6, 66), (-7.2, 43), (-9, 32), (-14, 25.5), (-18, 16.5), (-17, 7), (-11.5, 0), (-4, -1.5),
    ]  # fmt: skip
    neck = [(4.5, 1.2), (-1.5, 7), (-6, 15), (-9.5, 27)]
    groove = [(4, 6), (4.6, 18), (3.4, 32)]
    fossa = [(-7, 167), (-5, 171.5), (-1, 172.5), (2.5, 171), (3.5, 167)]
    condyle = [(0.6, 173.5), (1.2, 177), (0.5, 180)]
    shapes = [
        *pair(
            "humerus",
            placed(humerus, _SHOULDER, _ELBOW),
            lines=tuple(placed(line, _SHOULDER, _ELBOW) for line in (neck, groove, fossa, condyle)),
        )
    ]
    ulna = [
        (-8, -3), (-2.5, -4), (1, -1), (3.4, 5), (3, 12), (0.6, 22), (-1.6, 48), (-2.8, 85), (-4, 116), (-3, 125),
        (-3.6, 130.5), (-7, 132.5), (-10, 135.5), (-12, 134), (-11.6, 127.5), (-9.6, 116), (-8.6, 85), (-8, 50),
        (-9.4, 24), (-12.4, 11), (-13, 3),
    ]  # fmt: skip
    radius = [
        (4, 2.5), (5.5, 1), (11.5, 1), (13.2, 3), (13, 8),
        (10.8, 11.5), (10.6, 17), (11.4, 23), (13.6, 46), (14.8, 75),
        (14, 103), (14.6, 120), (16.4, 130), (16, 138.5), (13.2, 138.5), (9, 134.5), (3, 133.6), (-1.4, 131.5),
        (-1.4, 124), (3, 114), (7.2, 99), (9, 75), (8, 47), (5.6, 29), (4.2, 23), (5.8, 15), (5.4, 11), (4, 7.5),
    ]  # fmt: skip
    notch = [(-10, 5.5), (-4, 8), (2.5, 6)]
    head = [(4, 7.6), (8.5, 8.6), (13, 8)]
    distal = [(-0.5, 126), (7, 128.5), (15, 127)]
    shapes += pair("ulna", placed(ulna, _ELBOW, _WRIST), lines=(placed(notch, _ELBOW, _WRIST),))
    lines = tuple(placed(line, _ELBOW, _WRIST) for line in (head, distal))
    shapes += pair("radius", placed(radius, _ELBOW, _WRIST), lines=lines)
    return shapes


_CARPALS: dict[str, list[Point]] = {
    "scaphoid": [(4, 1.2), (9, 1), (13, 4), (13.4, 8.5), (10.6, 10.4), (7, 8.2), (4.2, 6)],
    "lunate": [(-3, 0.8), (3, 1), (3.6, 5.6), (0.6, 7.4), (-3.4, 6)],
    "triquetral": [(-4.2, 2.2), (-8.5, 3.2), (-10.4, 7), (-8, 10.2), (-4.6, 7.6)],
    "trapezium": [(8.6, 11.2), (12.2, 10), (15.2, 12.8), (13.8, 17.2), (9.8, 17.6)],
    "trapezoid": [(4.4, 10.6), (7.8, 10.4), (8.8, 16.8), (4.2, 17.2)],
    "capitate": [(-1.8, 8.6), (1.4, 8), (3.6, 10.4), (3.4, 17.4), (-1.8, 18), (-2.6, 12)],
    "hamate": [(-3.4, 9), (-7.4, 11.6), (-9.4, 15.4), (-7, 18), (-2.6, 18)],
    "pisiform": [(-8, 6.2), (-10.6, 6.6), (-11.2, 9.4), (-8.8, 10.8), (-7, 8.8)],
}

# Of each ray: base (across, along), angle from the axis in degrees (towards the thumb), lengths of the
# metacarpal and the phalanges, widths at base, waist and head of the metacarpal.
_RAYS: tuple[tuple[Point, float, tuple[float, ...], tuple[float, float, float]], ...] = (
    ((13.6, 16.8), 28, (24, 17, 12.5), (8.4, 5.6, 8)),
    ((6.9, 18), 8, (36.5, 22.5, 13.5, 9.5), (8, 4.9, 7.8)),
    ((0.6, 18.8), 1.5, (35.5, 25, 16, 10), (7.6, 4.9, 7.8)),
    ((-4.9, 18.8), -5, (31.5, 23.5, 15, 10), (6.6, 4.3, 7)),
    ((-9.4, 17.8), -12, (29, 18.5, 10.5, 9), (6.6, 4.2, 6.4)),
)
_SEGMENTS = ("metacarpal", "hand-proximal-phalanx", "hand-middle-phalanx", "hand-distal-phalanx")


def _enlarged(points: Sequence[Point], by: float) -> list[Point]:
    return [(x * by, y * by) for x, y in points]


def hands() -> list[Shape]:
    """Eight carpals and five rays, palms forward."""
    shapes: list[Shape] = []
    for key, points in _CARPALS.items():
        shapes += pair(key, placed(_enlarged(points, _HAND), _WRIST, _HAND_AXIS))
    for ray, (base, angle, lengths, widths) in enumerate(_RAYS, start=1):
        names = _SEGMENTS if ray > 1 else (_SEGMENTS[0], _SEGMENTS[1], _SEGMENTS[3])
        for name, bone in zip(names, _ray(base, angle, lengths, widths, 1.1), strict=True):
            shapes += pair(f"{name}-{ray}", placed(_enlarged(bone, _HAND), _WRIST, _HAND_AXIS))
    return shapes


def _ray(
    base: Point, angle: float, lengths: tuple[float, ...], widths: tuple[float, float, float], gap: float
) -> list[Outline]:
    """Bones of one ray from base to tip, in local coordinates, each a little narrower than the last."""
    direction = (sin(radians(angle)), cos(radians(angle)))
    found, start = [], base
    wide, waist, head = widths
    for length in lengths:
        end = (start[0] + direction[0] * length, start[1] + direction[1] * length)
        found.append(small_long_bone(start, end, wide, waist, head))
        start = (end[0] + direction[0] * gap, end[1] + direction[1] * gap)
        wide, waist, head = head * 0.98, waist * 0.88, head * 0.78
    return found


def legs() -> list[Shape]:
    """Femur, patella, tibia and fibula; the shafts converge to the knee."""
    femur = [
        (57, 452.5), (65, 454.5), (70, 460), (73.5, 465.5), (79, 465), (84.5, 464.5), (89, 469), (91, 478), (90, 489),
        (86.5, 503), (83, 525), (78.5, 562), (73, 610), (68, 648), (66, 672), (67, 686), (69, 696), (68.5, 706),
        (64.5, 714.5), (57, 717.5), (50.5, 714), (46.5, 709.5), (42.5, 714.5), (36, 719), (28.5, 716.5), (24.5, 708),
        (25, 697), (28, 688.5), (36, 679), (43.5, 664), (51, 638), (57.5, 606), (64, 562), (68.5, 528), (70, 512),
        (66.5, 505), (66, 498), (68.5, 492), (65.5, 485.5), (59.5, 480.5), (52, 479.5), (45.5, 475), (43.5, 466.5),
        (45.5, 458.5), (50.5, 454),
    ]  # fmt: skip
    head = [(69, 460), (66, 469), (64, 477.5), (58, 481)]
    crest = [(82, 470), (78, 482), (70, 493)]
    trochlea = [(40, 692), (44, 699), (46.5, 706)]
    shapes = [*pair("femur", femur, lines=[outline(line) for line in (head, crest, trochlea)])]
    fibula = [
        (61.5, 733), (66, 729.5), (70.5, 732), (71.5, 739),
        (69, 747), (67.2, 765), (66.8, 805), (65.5, 850), (63.4, 888),
        (63.6, 908), (65.2, 922), (63.6, 935), (60, 940), (57, 936), (56.4, 924), (57.4, 908), (58, 888), (60, 850),
        (61.6, 805), (61.8, 765), (61, 748), (59.5, 740),
    ]  # fmt: skip
    tibia = [
        (25, 725), (29, 721.5), (37, 721.5), (43, 722.5),
        (45, 719.5), (47.5, 719.5), (49.5, 722.5), (57, 721.5), (65, 722),
        (67.5, 726), (66.5, 733), (61.5, 743), (56.5, 757), (54, 775), (52.5, 810), (51, 850), (50.6, 886), (53, 905),
        (56, 917), (55, 923), (48, 924.5), (40.5, 924.5), (38.5, 929), (36, 934.5), (32.6, 933.5), (31.8, 925),
        (34, 908), (37, 888), (37.4, 850), (36, 808), (33.6, 770), (30.5, 748), (26.5, 736),
    ]  # fmt: skip
    plateau = [(26, 730), (36, 732), (46, 730.5), (56, 732), (66, 730.5)]
    tuberosity = [(42.5, 738), (44, 748), (47, 752), (50, 747), (51, 738)]
    border = [(47, 754), (45.5, 790), (44.5, 840), (45.5, 885)]
    shapes += pair("fibula", fibula)
    shapes += pair("tibia", tibia, lines=[outline(line) for line in (plateau, tuberosity, border)])
    patella = [
        (47, 686.5), (54, 688), (58.5, 693.5), (57.5, 700.5), (52.5, 707), (47, 710.5), (41.5, 707), (36.5, 700.5),
        (35.5, 693.5), (40, 688),
    ]  # fmt: skip
    return [*shapes, *pair("patella", patella)]


# Across is positive to the little toe.
_TARSALS: dict[str, list[Point]] = {
    "calcaneus": [(3, 8), (9, 5), (15, 8), (18.5, 16), (18, 24), (13, 28), (7, 25), (3, 18)],
    "talus": [
        (-10, 0.5),
        (-4, -1),
        (5, -1),
        (10, 1),
        (11, 7),
        (8.5, 13),
        (4, 19),
        (-4, 20.5),
        (-9.5, 15),
        (-11, 7),
    ],
    "navicular": [(-11.5, 20), (-4, 21.2), (4, 20), (5.2, 24), (-2, 27), (-10.5, 27.4), (-13, 24)],
    "cuboid": [(6, 26), (12, 28.8), (17, 31), (17.4, 38), (13, 41.4), (6.6, 40), (5, 32)],
    "medial-cuneiform": [(-13, 28.2), (-6.8, 28), (-5.8, 37.6), (-8, 40.4), (-14, 40.4), (-15, 34)],
    "intermediate-cuneiform": [(-6, 28), (-1.6, 27.6), (-0.8, 34.6), (-5, 36)],
    "lateral-cuneiform": [(-0.8, 27.6), (4, 26.6), (5.6, 37.8), (2, 39.4), (-0.4, 36)],
}
_TOES: tuple[tuple[Point, float, tuple[float, ...], tuple[float, float, float]], ...] = (
    ((-11, 41.4), -5, (23.5, 12, 9.5), (9, 6.2, 9)),
    ((-3.2, 37), -1.5, (27.5, 9.5, 5, 4.6), (6.2, 3.5, 5.4)),
    ((2, 40), 3, (23.5, 8.8, 4.6, 4.4), (6, 3.4, 5.2)),
    ((7.6, 41.4), 8, (20.5, 8, 4.2, 4.2), (5.8, 3.4, 5)),
    ((13.6, 42), 13, (17.5, 7.2, 3.8, 4), (6.4, 3.6, 5)),
)
_TOE_SEGMENTS = ("metatarsal", "foot-proximal-phalanx", "foot-middle-phalanx", "foot-distal-phalanx")


def feet() -> list[Shape]:
    """Feet seen from the front and above, turned out a little."""
    shapes: list[Shape] = []
    for key, points in _TARSALS.items():
        shapes += pair(key, placed(_enlarged(points, _FOOT), _ANKLE, _FOOT_AXIS))
    for ray, (base, angle, lengths, widths) in enumerate(_TOES, start=1):
        names = _TOE_SEGMENTS if ray > 1 else (_TOE_SEGMENTS[0], _TOE_SEGMENTS[1], _TOE_SEGMENTS[3])
        for name, bone in zip(names, _ray(base, angle, lengths, widths, 0.9), strict=True):
            shapes += pair(f"{name}-{ray}", placed(_enlarged(bone, _FOOT), _ANKLE, _FOOT_AXIS))
    return shapes
