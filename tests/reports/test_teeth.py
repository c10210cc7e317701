"""The dental chart has every tooth once, the right way round, and shows states without colour."""

import re
from xml.etree import ElementTree

import pytest

from reports.figures.teeth import SurfaceState, ToothState, teeth_figure

SVG = "{http://www.w3.org/2000/svg}"


def test_all_teeth_of_both_dentitions() -> None:
    permanent = {f"tooth-{q}{n}" for q in range(1, 5) for n in range(1, 9)}
    deciduous = {f"tooth-{q}{n}" for q in range(5, 9) for n in range(1, 6)}
    assert set(teeth_figure({}).boxes) == permanent
    assert set(teeth_figure({}, deciduous=True).boxes) == deciduous


def test_the_persons_right_is_on_the_viewers_left_and_the_upper_jaw_above() -> None:
    boxes = teeth_figure({}).boxes
    assert boxes["tooth-18"].x < boxes["tooth-11"].x < boxes["tooth-21"].x < boxes["tooth-28"].x
    assert boxes["tooth-16"].bottom < boxes["tooth-46"].y


def centre(figure_svg: str, id: str) -> tuple[float, float]:
    (shape,) = [p for p in ElementTree.fromstring(figure_svg).iter(f"{SVG}path") if p.attrib.get("id") == id]
    numbers = [float(text) for text in re.findall(r"-?[\d.]+", shape.attrib["d"])]
    return sum(numbers[0::2]) / 4, sum(numbers[1::2]) / 4


@pytest.mark.parametrize("fdi", [16, 26, 36, 46])
def test_mesial_faces_the_midline_and_buccal_outwards(fdi: int) -> None:
    figure = teeth_figure({})
    mesial, distal = centre(figure.svg, f"tooth-{fdi}-M"), centre(figure.svg, f"tooth-{fdi}-D")
    buccal, lingual = centre(figure.svg, f"tooth-{fdi}-B"), centre(figure.svg, f"tooth-{fdi}-L")
    middle = figure.width / 2
    assert abs(mesial[0] - middle) < abs(distal[0] - middle)
    assert (buccal[1] < lingual[1]) is (fdi < 30)


def test_every_state_is_drawn_differently_without_its_colour() -> None:
    drawn = set()
    for state in ToothState:
        svg = teeth_figure({36: state}).svg
        group = re.search(r'<g id="tooth-36">.*?</g>', svg, re.S)
        assert group
        assert f"<title>36: {state}</title>" in group[0]
        bare = re.sub(r"#[0-9A-F]{6}", "", re.sub(r"<title>.*?</title>", "", group[0]))
        if state is not ToothState.NOT_EXAMINED:  # the same tooth, whole and grey
            assert bare not in drawn
        drawn.add(bare)


def test_a_restored_surface_is_filled_and_a_carious_one_dotted() -> None:
    plain = teeth_figure({36: ToothState.PRESENT}).svg
    shown = teeth_figure(
        {36: ToothState.PRESENT}, surfaces={36: {"O": SurfaceState.RESTORED, "M": SurfaceState.CARIOUS}}
    ).svg
    assert shown.count("<circle") > plain.count("<circle")
    assert shown != plain


def test_everything_lies_inside_the_chart() -> None:
    for deciduous in (False, True):
        figure = teeth_figure({}, deciduous=deciduous)
        assert all(box.x >= 0 and box.right <= figure.width for box in figure.boxes.values())
