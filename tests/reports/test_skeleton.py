"""The skeleton draws every bone once, finds the bone under the pointer, and shows states without colour."""

import re
from xml.etree import ElementTree

import pytest

from forensics.anthropology.bones import element, elements
from forensics.domain.anthropology import Completeness, ElementKind, Side
from reports.figures.outline import bounds, centroid, contains, polygon
from reports.figures.skeleton import (
    BoneState,
    SkeletonWords,
    bone_at,
    drawn_bones,
    skeleton_figure,
    state_for,
)
from reports.figures.skeleton_shapes import body
from reports.palette import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def groups(svg: str) -> dict[str, ElementTree.Element]:
    return {g.attrib["id"]: g for g in ElementTree.fromstring(svg).iter(f"{SVG}g") if "id" in g.attrib}


def test_every_bone_and_tooth_of_an_adult_has_its_own_place() -> None:
    expected = set()
    for entry in elements(ElementKind.BONE, ElementKind.TOOTH):
        for side in entry.sides:
            expected.add(entry.key if side is Side.MIDLINE else f"{entry.key}-{side}")
    figure = skeleton_figure({})
    ids = re.findall(r'<g id="([^"]+)"', figure.svg)
    assert sorted(ids) == sorted(expected)
    assert set(figure.boxes) == expected


def test_the_persons_right_is_on_the_viewers_left() -> None:
    figure = skeleton_figure({})
    assert figure.boxes["femur-right"].right < figure.boxes["femur-left"].x


def test_everything_lies_inside_the_figure() -> None:
    for scale in (1, 0.5, 2):
        figure = skeleton_figure({}, scale=scale)
        for id, box in figure.boxes.items():
            assert box.x >= 0, id
            assert box.y >= 0, id
            assert box.right <= figure.width, id
            assert box.bottom <= figure.height, id


def test_bones_keep_their_proportions() -> None:
    boxes = skeleton_figure({}).boxes
    femur, tibia, humerus = (boxes[f"{bone}-left"].height for bone in ("femur", "tibia", "humerus"))
    assert 0.75 < tibia / femur < 0.87  # crural index of living people
    assert 0.66 < humerus / femur < 0.76
    whole = boxes["foot-distal-phalanx-1-left"].bottom - boxes["parietal-left"].y
    assert 0.24 < femur / whole < 0.29  # femur to stature, about 26.7 % (Feldesman et al. 1990)


def test_a_bone_is_found_under_the_pointer() -> None:
    for shape in body():
        largest = max(shape.outlines, key=lambda part: bounds([part]).width * bounds([part]).height)
        x, y = centroid(polygon(largest))
        if contains(polygon(largest), x, y):
            found = bone_at(x + 222, y + 34)
            assert found is not None, shape.id
    assert bone_at(222 - 85, 34 + 600) is None
    figure = skeleton_figure({}, scale=0.5)
    box = figure.boxes["tibia-left"]
    assert bone_at(box.x + box.width / 2, box.y + box.height / 2, 0.5) == ("tibia", Side.LEFT)


def test_what_is_not_seen_from_the_front_can_be_clicked_beside_the_drawing() -> None:
    for scale in (1, 0.5):
        boxes = skeleton_figure({}, scale=scale).boxes
        for id, bone in (("occipital", ("occipital", Side.MIDLINE)), ("stapes-left", ("stapes", Side.LEFT))):
            assert bone_at(boxes[id].x + 3, boxes[id].y + 3, scale) == bone


def test_bones_without_a_place_are_named_and_not_lost() -> None:
    states = {("femur", Side.UNSIDED): BoneState.FRAGMENT, ("rib", Side.LEFT): BoneState.PARTIAL}
    svg = skeleton_figure(states).svg
    assert "femur, unsided: fragment" in svg
    assert "rib, left: present in part" in svg
    assert ("femur", Side.UNSIDED) not in drawn_bones()
    many = {(f"unidentified-bone-{n}", Side.MIDLINE): BoneState.FRAGMENT for n in range(12)}
    assert "and 5 more" in skeleton_figure(many).svg


def test_words_can_be_those_of_another_language() -> None:
    words = SkeletonWords(heading="Inventario", states={state: f"<{state.name}>" for state in BoneState})
    svg = skeleton_figure({}, words=words).svg
    assert "Inventario" in svg
    assert "&lt;ABSENT&gt;" in svg
    assert "not examined" not in svg


def test_text_beside_a_small_picture_stays_legible() -> None:
    for scale in (0.4, 0.52, 1):
        sizes = [
            float(size) * scale
            for size in re.findall(r'font-size="([\d.]+)"', skeleton_figure({}, scale=scale).svg)
        ]
        assert min(sizes) >= 6.3  # the letters in the small fields; the words are 8 or more


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_each_state_has_a_pattern_or_outline_of_its_own(palette: object) -> None:
    drawn = {}
    for state in BoneState:
        group = groups(skeleton_figure({("femur", Side.LEFT): state}, palette).svg)["femur-left"]  # type: ignore[arg-type]
        shape = group.find(f"{SVG}path")
        assert shape is not None
        drawn[state] = (
            shape.attrib.get("stroke-dasharray"),
            len(group.findall(f"{SVG}line")) > 5,
            len(group.findall(f"{SVG}circle")) > 5,
        )
    assert drawn[BoneState.ABSENT][0] is not None
    assert drawn[BoneState.PARTIAL] == (None, True, False)
    assert drawn[BoneState.FRAGMENT] == (None, False, True)
    assert drawn[BoneState.COMPLETE] == (None, False, False)


def test_a_sampled_bone_is_marked_whatever_its_completeness() -> None:
    plain = skeleton_figure({("femur", Side.LEFT): BoneState.PARTIAL}).svg
    marked = skeleton_figure({("femur", Side.LEFT): BoneState.PARTIAL}, sampled=[("femur", Side.LEFT)]).svg
    assert marked.count(LIGHT.attention) > plain.count(LIGHT.attention)


def test_the_state_of_the_cranium_holds_for_its_bones_without_one_of_their_own() -> None:
    states = {("cranium", Side.MIDLINE): BoneState.COMPLETE, ("nasal", Side.LEFT): BoneState.ABSENT}
    drawn = groups(skeleton_figure(states).svg)
    assert drawn["frontal"].findtext(f"{SVG}title") == "frontal: present, complete"
    assert drawn["nasal-left"].findtext(f"{SVG}title") == "left nasal: absent"
    assert drawn["mandible"].findtext(f"{SVG}title") == "mandible: not examined"


def test_names_are_those_of_the_element_list() -> None:
    for id, group in groups(skeleton_figure({}).svg).items():
        key = id.removesuffix("-left").removesuffix("-right")
        title = (group.findtext(f"{SVG}title") or "").split(":")[0]
        assert element(key)
        assert title == title.strip() != ""


def test_hatching_stays_inside_the_bone() -> None:
    group = groups(skeleton_figure({("tibia", Side.LEFT): BoneState.PARTIAL}).svg)["tibia-left"]
    (shape,) = [s for s in body() if s.id == "tibia-left"]
    box = bounds([polygon(shape.outlines[0])])
    for line in group.findall(f"{SVG}line"):
        for end in ("1", "2"):
            assert box.x - 0.1 <= float(line.attrib["x" + end]) <= box.right + 0.1
            assert box.y - 0.1 <= float(line.attrib["y" + end]) <= box.bottom + 0.1


def test_the_paper_renderer_accepts_it() -> None:
    svglib = pytest.importorskip("svglib.svglib", reason="svglib is not installed")
    from io import StringIO

    drawing = svglib.svg2rlg(StringIO(skeleton_figure({("femur", Side.LEFT): BoneState.FRAGMENT}).svg))
    assert drawing is not None
    assert drawing.width > 400


def test_every_completeness_has_a_state_of_the_drawing() -> None:
    assert {state_for(one) for one in Completeness} == set(BoneState) - {BoneState.SAMPLED}
    assert state_for("") is BoneState.NOT_EXAMINED
