"""Pedigrees are drawn whole and legibly, whatever the family looks like."""

import itertools
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.domain.kinship import Member, Pedigree, Sex
from reports.figures.pedigree import PedigreeWords, pedigree_figure
from reports.figures.svg import Figure, Point
from reports.palette import LIGHT
from tests.support.random_pedigrees import random_pedigree

SVG = "{http://www.w3.org/2000/svg}"
REACH, SYMBOL, HOP = 2.0, 30.0, 9.5
Segment = tuple[Point, Point]


def people(text: str) -> Pedigree:
    """`id sex [father mother] [t=group]`, separated by semicolons; `-` for nobody."""
    members = []
    for part in text.split(";"):
        id, sex, *rest = part.split()
        twins = rest.pop()[2:] if rest and rest[-1].startswith("t=") else None
        father, mother = (None if parent == "-" else parent for parent in rest or ("-", "-"))
        members.append(Member(id, Sex(sex), father, mother, twins))
    return Pedigree(tuple(members))


def draw(pedigree: Pedigree, **more: object) -> Figure:
    labels = {id: (f"REF-{id}", "Relation") for id in pedigree.ids}
    return pedigree_figure(pedigree, labels, (), (), (), None, LIGHT, **more)  # type: ignore[arg-type]


def strokes(figure: Figure) -> dict[str, list[Segment]]:
    """The straight pieces drawn for each union, in the coordinates of the figure."""
    found: dict[str, list[Segment]] = {}
    for family in ElementTree.fromstring(figure.svg).findall(f"{SVG}g"):
        dx, dy = map(float, family.get("transform", "")[len("translate(") : -1].split(","))
        for union in family.findall(f"{SVG}g"):
            if not union.get("id", "").startswith("union-"):
                continue
            for path in union.iter(f"{SVG}path"):
                points = [tuple(map(float, p.split())) for p in path.get("d", "")[1:].split("L")]
                moved = [(x + dx, y + dy) for x, y in points]
                found.setdefault(union.get("id", ""), []).extend(itertools.pairwise(moved))
    return found


def near(point: Point, segment: Segment) -> bool:
    (x, y), ((x1, y1), (x2, y2)) = point, segment
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    share = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return (x - x1 - share * (x2 - x1)) ** 2 + (y - y1 - share * (y2 - y1)) ** 2 <= REACH**2


def joined(one: Segment, other: Segment) -> bool:
    """Touching, or two pieces of one line that lets another line pass."""
    if any(near(p, other) for p in one) or any(near(p, one) for p in other):
        return True
    for axis in (0, 1):
        level = {round(p[1 - axis], 1) for p in (*one, *other)}
        gaps = [abs(p[axis] - q[axis]) for p in one for q in other]
        if len(level) == 1 and min(gaps) <= HOP:
            return True
    return False


def connected(segments: list[Segment], start: Point) -> list[Segment]:
    reached = [segment for segment in segments if near(start, segment)]
    waiting = list(reached)
    while waiting:
        here = waiting.pop()
        for segment in segments:
            if segment not in reached and joined(here, segment):
                reached.append(segment)
                waiting.append(segment)
    return reached


def edges_of(figure: Figure, id: str) -> tuple[Point, ...]:
    """Left, right and top of the symbol."""
    box = figure.boxes[id]
    x, y = box.x + box.width / 2, box.y + SYMBOL / 2
    return (x - SYMBOL / 2, y), (x + SYMBOL / 2, y), (x, box.y)


def faults(pedigree: Pedigree, figure: Figure) -> Iterator[str]:
    boxes = figure.boxes
    if set(boxes) != set(pedigree.ids):
        yield "somebody is missing"
    for a, b in itertools.combinations(boxes, 2):
        if boxes[a].overlaps(boxes[b]):
            yield f"{a} and {b} overlap"
    for id, box in boxes.items():
        if box.x < 0 or box.y < 0 or box.right > figure.width or box.bottom > figure.height:
            yield f"{id} is cut off"
    drawn = strokes(figure)
    homes: dict[tuple[str | None, str | None], str] = {}
    for member in pedigree.members:
        parents = [parent for parent in (member.father, member.mother) if parent]
        if not parents:
            continue
        first = homes.setdefault((member.father, member.mother), member.id)
        line = connected(drawn[f"union-{first}"], edges_of(figure, member.id)[2])
        for parent in parents:
            if boxes[parent].y >= boxes[member.id].y:
                yield f"{member.id} does not stand below {parent}"
            ends = [(x + dx, y + dy) for x, y in edges_of(figure, parent)[:2] for dx, dy in ((0, 0), (0, -5))]
            if not any(near(end, segment) for end in ends for segment in line):
                yield f"no line from {parent} to {member.id}"


def through_symbols(figure: Figure) -> list[str]:
    """Lines that run through the inside of somebody's symbol."""
    found, drawn = [], [segment for lines in strokes(figure).values() for segment in lines]
    for id, box in figure.boxes.items():
        x, y, inner = box.x + box.width / 2, box.y + SYMBOL / 2, SYMBOL / 2 - 3
        for segment in drawn:
            (x1, y1), (x2, y2) = segment
            across = min(x1, x2) < x + inner and max(x1, x2) > x - inner
            if across and min(y1, y2) < y + inner and max(y1, y2) > y - inner:
                found.append(f"{segment} through {id}")
    return found


EXAMPLES = {
    "nuclear": "F M;Mo F;A M F Mo;MP F F Mo;B M F Mo",
    "half siblings": "GF M;GM F;F M GF GM;U M GF GM;M1 F;M2 F;A M F M1;MP M F M1;H F F M2;S M;C F S D;D F F M1",
    "cousin marriage": "GF M;GM F;F M GF GM;A F GF GM;Mo F;UA M;X M F Mo;Y F UA A;MP M X Y;S F X Y",
    "twins": "F M;Mo F;A F F Mo t=1;B F F Mo t=1;MP M F Mo;D M F Mo",
    "five partners": "M1 M;W1 F;W2 F;W3 F;W4 F;W5 F;A M M1 W1;B F M1 W2;C M M1 W3;D F M1 W3;E M M1 W4;G F M1 W5",
    "father and daughter": "F M;Mo F;D F F Mo;S M F Mo;C M F D;E F F D",
    "uncle and niece": "GF M;GM F;F M GF GM;U M GF GM;Mo F;N F F Mo;N2 M F Mo;C M U N;C2 F U N",
    "grandfather and granddaughter": "A M;B F;C M A B;D F;E F C D;G M A E;H F A E",
    "lone parents": "F M;A M F -;B F F -;C F - B;Z F",
    "double cousins": "a M;b F;c M;d F;e M a b;f F c d;g F a b;h M c d;i M e f;j F h g;k M i j",
    "one person": "MP U",
}
EVERY = pytest.mark.parametrize("text", EXAMPLES.values(), ids=EXAMPLES.keys())


@EVERY
def test_every_line_reaches_its_people_and_nobody_overlaps(text: str) -> None:
    pedigree = people(text)
    figure = draw(pedigree)
    assert list(faults(pedigree, figure)) == []
    assert through_symbols(figure) == []


@pytest.mark.parametrize("seed", range(24))
def test_random_families_of_any_size(seed: int) -> None:
    pedigree = random_pedigree(seed, 3 + 37 * seed % 58)
    figure = draw(pedigree)
    assert list(faults(pedigree, figure)) == []
    assert through_symbols(figure) == []


def test_all_families_of_the_ghep_exercise(shared: Path) -> None:
    families = json.loads((shared / "oracle/public/large_search_ghep1.json").read_text())["cases"][0][
        "input"
    ]["families"]
    assert len(families) == 119
    for name, family in families.items():
        members = [Member(p["id"], Sex(p["sex"]), p["father"], p["mother"]) for p in family["pedigree"]]
        pedigree = Pedigree(tuple(members))
        figure = draw(pedigree)
        assert list(faults(pedigree, figure)) == [], name
        assert through_symbols(figure) == [], name


def test_the_same_family_is_drawn_the_same_twice() -> None:
    assert draw(random_pedigree(7, 30)).svg == draw(random_pedigree(7, 30)).svg


def test_a_plain_family_is_symmetric_and_has_no_bends() -> None:
    figure = draw(people("F M;Mo F;A M F Mo;MP F F Mo;B M F Mo"))
    centres = {id: box.x + box.width / 2 for id, box in figure.boxes.items()}
    assert (centres["F"] + centres["Mo"]) / 2 == pytest.approx(centres["MP"], abs=0.2)
    assert centres["A"] + centres["B"] == pytest.approx(2 * centres["MP"], abs=0.4)
    assert centres["F"] < centres["Mo"]
    assert [centres[id] for id in ("A", "MP", "B")] == sorted(centres[id] for id in ("A", "MP", "B"))


def crossings(pedigree: Pedigree) -> int:
    """How often the lines of two unions cross in the drawing (a crossing shows as an interrupted line)."""
    lines = [(owner, s) for owner, found in strokes(draw(pedigree)).items() for s in found]
    return sum(1 for (a, s), (b, t) in itertools.combinations(lines, 2) if a != b and _cross(s, t))


def _cross(one: Segment, other: Segment) -> bool:
    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    (a, b), (c, d) = one, other
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@pytest.mark.parametrize(
    "name", [name for name in EXAMPLES if name not in ("double cousins", "five partners")]
)
def test_families_that_can_be_drawn_without_crossings_are(name: str) -> None:
    assert crossings(people(EXAMPLES[name])) == 0


def test_monozygotic_twins_stand_together_under_one_point() -> None:
    figure = draw(people("F M;Mo F;A F F Mo t=1;X M F Mo;B F F Mo t=1"))
    centres = sorted(("A", "X", "B"), key=lambda id: figure.boxes[id].x)
    assert abs(centres.index("A") - centres.index("B")) == 1
    apex = (figure.boxes["A"].x + figure.boxes["B"].x + figure.boxes["A"].width) / 2
    slanting = [s for s in strokes(figure)["union-A"] if s[0][0] != s[1][0] and s[0][1] != s[1][1]]
    assert len(slanting) == 2
    assert [s[0][0] for s in slanting] == pytest.approx([apex, apex], abs=0.2)


def shapes(figure: Figure, id: str) -> dict[str, ElementTree.Element]:
    found = next(
        g for g in ElementTree.fromstring(figure.svg).iter(f"{SVG}g") if g.get("id") == f"person-{id}"
    )
    return {element.tag.removeprefix(SVG): element for element in found}


def test_symbols_say_sex_profile_death_and_who_is_missing() -> None:
    family = people("F M;Mo F;MP M F Mo;X U F Mo")
    labels = {"F": ("REF-1", "Father")}
    figure = pedigree_figure(family, labels, {"F"}, {"MP"}, {"Mo"}, "F", LIGHT)
    assert shapes(figure, "F")["rect"].get("fill") == LIGHT.accent
    assert shapes(figure, "Mo")["circle"].get("fill") == LIGHT.surface
    assert "line" in shapes(figure, "Mo")
    assert "line" not in shapes(figure, "F")
    assert shapes(figure, "X")["path"].get("d", "").endswith("Z")
    assert shapes(figure, "MP")["text"].text == "?"
    assert shapes(figure, "MP")["path"].get("fill") == LIGHT.attention
    assert shapes(figure, "F")["title"].text == "REF-1, Father, reference profile"
    assert figure.hit(*edges_of(figure, "F")[2]) == "F"


def test_a_union_of_relatives_is_double_and_others_are_not() -> None:
    figure = draw(people(EXAMPLES["cousin marriage"]))
    widths = {
        group.get("id"): {path.get("stroke-width") for path in group.iter(f"{SVG}path")}
        for group in ElementTree.fromstring(figure.svg).iter(f"{SVG}g")
        if (group.get("id") or "").startswith("union-")
    }
    assert "5.4" in widths["union-MP"]
    assert all("5.4" not in found for id, found in widths.items() if id != "union-MP")


def test_a_given_width_is_kept_by_flowing_and_then_by_shrinking() -> None:
    lone = people(";".join(f"P{n} M" for n in range(30)))
    flowed = draw(lone, width=400)
    assert flowed.width == 400
    assert list(faults(lone, flowed)) == []
    wide = people("F M;Mo F;" + ";".join(f"C{n} M F Mo" for n in range(20)))
    shrunk = draw(wide, width=500)
    assert shrunk.width == 500
    assert max(box.right for box in shrunk.boxes.values()) <= 500


def test_hostile_labels_stay_text() -> None:
    figure = pedigree_figure(people("A M"), {"A": ('<b id="x">&', "\x07bell")}, (), (), (), None, LIGHT)
    assert shapes(figure, "A")["title"].text == '<b id="x">&, bell'


def test_legend_names_what_occurs_and_nothing_else() -> None:
    words = PedigreeWords(typed="typisiert", missing="vermisst", deceased="verstorben")
    figure = pedigree_figure(people("A M;B F"), {}, {"A"}, {"B"}, (), None, LIGHT, words=words, legend=True)
    assert "typisiert" in figure.svg
    assert "vermisst" in figure.svg
    assert "verstorben" not in figure.svg
