"""Outlines of the trunk: shoulder blades, ribs, spine, pelvis, breastbone and collarbones."""

from reports.figures.outline import Outline, band, ellipse, outline, symmetrical
from reports.figures.skeleton_shapes import Shape, midline, pair
from reports.figures.svg import Point

# Upper edge of each vertebra, C1 first, then the lower edge of L5.
CERVICAL = (112.0, 122.0, 133.5, 143.0, 152.5, 162.0, 171.5, 181.0)
THORACIC = (181.0, 192.0, 203.5, 215.0, 226.5, 238.5, 250.5, 263.0, 275.5, 288.5, 302.0, 316.0, 331.0)
LUMBAR = (331.0, 348.5, 366.5, 385.0, 404.0, 423.0)

# Lateral extreme and sternal end of each rib: (x, y).
_LATERAL = (
    (35, 193), (50, 207), (60, 224), (67.5, 242), (73, 260), (77, 278), (79.5, 295), (80.5, 311), (79, 325), (75, 337),
)  # fmt: skip
_STERNAL = (
    (20, 205), (26, 222), (30, 241), (34, 260), (39, 280), (45, 299), (51.5, 316), (57.5, 331), (61, 344), (61.5, 355),
)  # fmt: skip
# Where each costal cartilage reaches the sternum or the cartilage above.
_CARTILAGE = ((14, 204), (10.5, 220), (11, 236), (12, 249), (12.5, 261), (12, 271), (10, 279))


def _rib(number: int) -> tuple[Outline, Outline]:
    """One rib as a band from the vertebra round the side to its sternal end, and its part at the back."""
    top = THORACIC[number - 1] + (2.5 if number < 10 else 4.5)
    centre, widths = _floating(number, top) if number > 10 else _true_rib(number, top)
    return band(centre, widths), band(centre[:4], widths[:4])


def _true_rib(number: int, top: float) -> tuple[list[Point], tuple[float, ...]]:
    (lx, ly), (ex, ey) = _LATERAL[number - 1], _STERNAL[number - 1]
    drop = ly - top
    if number == 1:
        first: list[Point] = [(14, top + 1), (23, top - 1), (31, top + 2), (34.5, 192), (32, 199), (ex, ey)]
        return first, (4.5, 4.8, 6, 7, 7.5, 8)
    back = [
        (13, top), (0.42 * lx, top - 0.05 * drop), (0.72 * lx, top + 0.17 * drop), (0.93 * lx, top + 0.52 * drop),
    ]  # fmt: skip
    side = [
        (lx, ly),
        (0.955 * lx + 0.045 * ex, ly + 0.4 * (ey - ly)),
        (0.5 * lx + 0.5 * ex, ly + 0.76 * (ey - ly)),
    ]
    if number > 8:  # short in front: fewer points, or the band would knot
        side = [(lx, ly), (0.6 * lx + 0.4 * ex + 1.5, ly + 0.62 * (ey - ly))]
    widths = (4, 4.4, 4.8, 5, 5.4, 5.8, 6.4, 7) if number <= 8 else (4, 4.4, 4.8, 5, 5.4, 6, 6)
    return [*back, *side, (ex, ey)], widths


def _floating(number: int, top: float) -> tuple[list[Point], tuple[float, ...]]:
    if number == 11:
        return [(14, top), (34, top + 6), (55, top + 19), (66, top + 33)], (4.4, 5, 5.2, 3.2)
    return [(15, top), (28, top + 7), (41, top + 18), (48, top + 28)], (4.2, 4.8, 4.6, 2.8)


def ribs() -> list[Shape]:
    """Lower ribs first, so that the front of each lies over the back of those below it."""
    found: list[Shape] = []
    for number in range(12, 0, -1):
        whole, back = _rib(number)
        found += pair(f"rib-{number}", whole, shades=(back,) if number < 11 else ())
    return found


def cartilage() -> list[Outline]:
    """The costal cartilages as open curves, drawn faintly: they are not bone."""
    found: list[Outline] = []
    for number in range(1, 11):
        (x, y) = _STERNAL[number - 1]
        if number <= 7:
            sx, sy = _CARTILAGE[number - 1]
            sag = max(0, number - 3) * 2.2
            path = [(x, y), (x * 0.62 + sx * 0.38, y * 0.5 + sy * 0.5 + sag), (sx, sy)]
        else:
            ux, uy = _STERNAL[number - 2]
            path = [(x, y), (x - 8, y - 2), (ux - 14, uy + 1)]
        found += [outline(path), tuple((-px, py) for px, py in path)]
    return found


def behind() -> list[Shape]:
    """The shoulder blades, which lie behind the ribs."""
    blade = [
        (49, 194), (58, 197), (68, 201), (76, 203), (84, 204.5), (90, 207), (93.5, 212), (94, 219), (91.5, 225.5),
        (86.5, 228), (80, 243), (71, 264), (62.5, 281), (57.5, 284.5), (53, 278), (49, 254), (46.5, 226), (46, 204),
    ]  # fmt: skip
    acromion = [
        (75, 199), (85, 192.5), (95, 188), (104, 187.5), (109.5, 192), (110.5, 198.5), (106.5, 201.5), (101.5, 197.5),
        (94, 197.5), (86, 201.5), (79, 204),
    ]  # fmt: skip
    coracoid = [
        (75.5, 204), (76, 198.5), (80, 195), (86, 195.5), (90.5, 200), (91.5, 206), (89, 208.5), (86.5, 204),
        (83.5, 201.5), (81.5, 205.5),
    ]  # fmt: skip
    ridges = (outline([(89, 224), (78, 226), (62, 240)]), outline([(87, 217), (72, 214), (56, 214)]))
    return list(pair("scapula", blade, acromion, coracoid, lines=ridges, shades=(outline(blade),)))


def _vertebra(top: float, bottom: float, body: float, reach: float, droop: float) -> Outline:
    """Body with a waist, and transverse processes that reach to both sides."""
    height = bottom - top
    gap = height * 0.05
    a, b = top + gap, bottom - gap
    return symmetrical(
        [
            (0, a + 0.3), (body * 0.75, a), (body, a + 0.08 * height), (body * 0.93, a + 0.24 * height),
            (reach * 0.92, a + 0.2 * height + droop), (reach, a + 0.32 * height + droop),
            (reach * 0.9, a + 0.47 * height + droop), (body * 0.88, a + 0.55 * height),
            (body * 0.96, b - 0.12 * height), (body * 0.85, b), (0, b - 0.3),
        ]
    )  # fmt: skip


def spine() -> list[Shape]:
    """Vertebrae from the neck down; the sacrum and coccyx come with the pelvis."""
    found = []
    for index in range(2, 7):  # atlas and axis are hidden by the jaw
        body, reach = 8.6 + 0.45 * index, (19, 15, 14, 14.3, 14.8, 15.8, 18.5)[index]
        shape = _vertebra(CERVICAL[index], CERVICAL[index + 1], body, reach, -0.4)
        found.append(midline(f"c{index + 1}", shape))
    for index in range(12):
        body, reach = 10 + 0.5 * index, 20.5 - 0.55 * index
        found.append(
            midline(f"t{index + 1}", _vertebra(THORACIC[index], THORACIC[index + 1], body, reach, -1.2))
        )
    for index in range(5):
        body, reach = 16 + 0.75 * index, (25, 28, 30, 27.5, 28)[index]
        found.append(midline(f"l{index + 1}", _vertebra(LUMBAR[index], LUMBAR[index + 1], body, reach, 0.6)))
    return found


def pelvis() -> list[Shape]:
    sacrum = symmetrical(
        [
            (0, 426), (13, 425.5), (18, 427.5), (27, 424.5), (33, 428), (32.5, 437), (27, 449), (20, 460), (13.5, 470),
            (7.5, 476), (0, 477),
        ]
    )  # fmt: skip
    foramina = tuple(
        ellipse(side * x, y, 1.9 - 0.12 * i, 1.5 - 0.1 * i)
        for i, (x, y) in enumerate(((11.5, 439), (10, 448.5), (8.4, 457.5), (6.8, 466)))
        for side in (1, -1)
    )
    joints = tuple(
        outline([(-x, y), (0, y + 0.8), (x, y)]) for x, y in ((9, 438.5), (8, 448), (6.5, 457), (5, 465.5))
    )
    coccyx = symmetrical([(0, 478), (5, 478), (5.5, 480), (3.4, 485), (2.2, 489), (0, 490.5)])
    return [
        midline("coccyx", coccyx, lines=(outline([(-3.2, 484), (0, 484.4), (3.2, 484)]),)),
        midline("sacrum", sacrum, hollows=foramina, lines=joints),
        *_hip_bones(),
    ]


def _hip_bones() -> tuple[Shape, Shape]:
    hip = [
        (24.5, 424), (28, 411), (37, 401), (49, 395.5), (61, 396.5), (71, 403.5), (77, 414), (77.5, 423),
        (73.5, 430), (70.5, 436), (72, 442.5), (69.5, 449), (73, 455), (75, 464), (71, 475), (63.5, 481),
        (58, 489), (53, 503), (48, 518), (42.5, 526.5), (35, 528.5), (28, 523), (18.5, 514), (9.5, 510), (3.2, 509),
        (1.8, 504), (1.8, 490), (3.2, 485.5), (9, 483.5), (13.5, 482), (24, 479), (34, 472), (40, 463), (39.5, 453),
        (35.5, 444.5), (31.5, 438), (29, 433),
    ]  # fmt: skip
    obturator = outline(
        [
            (43, 486.5),
            (36, 484),
            (27, 486.5),
            (19, 491),
            (17, 497),
            (23, 505.5),
            (31, 512.5),
            (37, 513),
            (41.5, 505),
            (45, 494),
        ]
    )
    fossa = outline([(33, 437), (41, 443), (52, 441), (63, 430), (71, 417)])
    crest = outline([(29, 415), (37, 406), (49, 400.5), (60, 401.5), (69, 407.5), (73.5, 415)])
    rim = outline([(52, 455), (49, 463), (51, 472), (57, 477.5)])
    return pair("hip-bone", hip, hollows=(obturator,), lines=(fossa, crest, rim))


def front() -> list[Shape]:
    """What lies in front of the ribs: breastbone and collarbones."""
    manubrium = symmetrical(
        [
            (0, 198.5),
            (6, 197.6),
            (10, 194.6),
            (15.5, 196),
            (18, 201),
            (16, 207),
            (11.5, 213),
            (9.2, 220),
            (5, 221.6),
            (0, 221.8),
        ]
    )
    body = symmetrical(
        [
            (0, 223),
            (6, 222.8),
            (8.2, 225),
            (8, 234),
            (9, 243),
            (10.2, 254),
            (11.8, 265),
            (11, 274),
            (6.5, 281),
            (3, 283.2),
            (0, 283.5),
        ]
    )
    xiphoid = symmetrical([(0, 284.8), (3, 284.5), (3.6, 289), (2.4, 296), (0, 300)])
    sternum = midline("sternum", manubrium, body, xiphoid)
    clavicle = band(
        [(14.5, 197.5), (24, 195.5), (38, 194), (54, 192), (70, 187.5), (84, 184.8), (95, 186), (103, 189.5)],
        (9.5, 9, 7, 6.2, 6.2, 6.8, 8.2, 7),
    )
    return [sternum, *pair("clavicle", clavicle)]
