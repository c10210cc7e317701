"""The bars say per locus which hypothesis is supported, how strongly, and what is missing."""

import math
import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.axis import Axis, hatching, log_bounds, power_label
from reports.figures.bars import BarWords, lr_bars_figure
from reports.figures.svg import Box, Figure
from reports.palette import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
LOCI = {"D3S1358": 0.5, "vWA": -1.0, "FGA": None, "TPOX": 0.0, "SE33": 2.0}


def group(figure: Figure, id: str) -> ElementTree.Element:
    return next(g for g in ElementTree.fromstring(figure.svg).iter(f"{SVG}g") if g.get("id") == id)


def bar(figure: Figure, id: str) -> ElementTree.Element:
    found = group(figure, id).find(f"{SVG}rect")
    assert found is not None
    return found


def texts(figure: Figure, id: str) -> list[str]:
    return [element.text or "" for element in group(figure, id).iter(f"{SVG}text")]


@pytest.fixture
def figure() -> Figure:
    return lr_bars_figure(LOCI, None, LIGHT, required=math.log10(197_901), not_compared=("Penta E",))


def test_length_is_log10_and_side_is_sign(figure: Figure) -> None:
    favour, against, strong = (bar(figure, f"locus-{name}") for name in ("D3S1358", "vWA", "SE33"))
    one = float(favour.get("x", ""))
    assert float(strong.get("width", "")) == pytest.approx(4 * float(favour.get("width", "")), rel=1e-3)
    assert float(against.get("x", "")) + float(against.get("width", "")) == pytest.approx(one, abs=0.02)
    assert float(against.get("width", "")) == pytest.approx(2 * float(favour.get("width", "")), rel=1e-3)


def test_against_differs_by_shape_and_word_and_not_only_by_colour(figure: Figure) -> None:
    assert len(group(figure, "locus-vWA").findall(f"{SVG}line")) > 5
    assert not group(figure, "locus-SE33").findall(f"{SVG}line")
    assert "against" in texts(figure, "locus-vWA")
    assert "against" not in texts(figure, "locus-SE33")


def test_zero_one_and_not_compared_are_told_apart(figure: Figure) -> None:
    assert "LR 0" in texts(figure, "locus-FGA")
    assert group(figure, "locus-FGA").find(f"{SVG}path") is not None
    assert group(figure, "locus-TPOX").find(f"{SVG}circle") is not None
    assert texts(figure, "locus-Penta E") == ["Penta E", "— not compared"]
    assert group(figure, "locus-Penta E").find(f"{SVG}rect") is None
    assert "LR 0" in texts(figure, "combined")


def test_the_combined_lr_is_rounded_down_and_the_required_one_up() -> None:
    figure = lr_bars_figure({"SE33": 6.387}, 6.387, LIGHT, required=math.log10(197_901))
    assert "2.4 million" in texts(figure, "combined")
    assert "required 200,000" in figure.svg


def test_order_of_loci_is_kept_and_boxes_cover_the_rows(figure: Figure) -> None:
    rows = [id for id in figure.boxes if id.startswith("locus-")]
    assert rows == [f"locus-{name}" for name in (*LOCI, "Penta E")]
    assert figure.hit(50, figure.boxes["locus-FGA"].y + 5) == "locus-FGA"
    assert figure.boxes["combined"].bottom <= figure.height


def test_nothing_leaves_the_picture_even_with_extremes() -> None:
    figure = lr_bars_figure({"A": 12.0, "B": -300.0}, -288.0, DARK, required=7.0, width=420)
    for element in ElementTree.fromstring(figure.svg).iter(f"{SVG}rect"):
        assert float(element.get("x", "")) >= 0
        assert float(element.get("x", "")) + float(element.get("width", "")) <= figure.width


def test_no_loci_at_all_still_make_a_figure() -> None:
    assert lr_bars_figure({}, 0.0, LIGHT).height > 0


def test_words_are_the_callers() -> None:
    figure = lr_bars_figure(LOCI, None, LIGHT, words=BarWords(zero="RV 0", favour="stützt H1"))
    assert "RV 0" in texts(figure, "combined")
    assert "stützt H1" in figure.svg


def test_ticks_are_round_and_within() -> None:
    assert Axis(-2, 5, 0, 700).ticks() == [-2, -1, 0, 1, 2, 3, 4, 5]
    assert Axis(0, 40, 0, 1).ticks(5) == [0, 10, 20, 30, 40]
    assert len(Axis(0, 283, 0, 1).ticks(8)) <= 8


def test_powers_read_as_people_write_them() -> None:
    assert [power_label(k) for k in (-4, -2, 0, 3, 6)] == ["10⁻⁴", "0.01", "1", "1,000", "10⁶"]
    assert log_bounds([-0.2, 3.4]) == (-1.0, 4.0)


def test_hatching_stays_inside_its_box() -> None:
    box = Box(10, 20, 33, 9)
    strokes = hatching(box)
    assert len(strokes) > 5
    assert all(box.contains(*point) for stroke in strokes for point in stroke)
