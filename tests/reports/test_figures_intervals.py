"""Intervals of several methods stand on one axis and keep their kind."""

import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.intervals import Interval, intervals_figure, value_text
from reports.figures.svg import Figure
from reports.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    Interval("Pubic symphysis, phase III", "95 % range of the phase", 21, 46, 28.7),
    Interval("Rib end, phase 4", "confidence interval of the mean", 26, 31, of_mean=True),
    Interval("Third molar", "threshold", 18, None),
)


def group(figure: Figure, id: str) -> ElementTree.Element:
    return next(g for g in ElementTree.fromstring(figure.svg).iter(f"{SVG}g") if g.get("id") == id)


def span(figure: Figure, id: str) -> tuple[float, float]:
    line = group(figure, id).find(f"{SVG}line")
    assert line is not None
    return float(line.get("x1", "")), float(line.get("x2", ""))


@pytest.fixture
def figure() -> Figure:
    return intervals_figure(ROWS, (24, 33), LIGHT)


def test_lengths_are_in_proportion_and_the_estimate_lies_between(figure: Figure) -> None:
    whole, final = span(figure, "interval-0"), span(figure, "final")
    assert (whole[1] - whole[0]) / (final[1] - final[0]) == pytest.approx(25 / 9, rel=1e-3)
    circle = group(figure, "interval-0").find(f"{SVG}circle")
    assert circle is not None
    assert (float(circle.get("cx", "")) - whole[0]) / (whole[1] - whole[0]) == pytest.approx(
        7.7 / 25, abs=0.01
    )


def test_an_interval_of_a_mean_is_drawn_broken_and_named(figure: Figure) -> None:
    broken = [e.get("stroke-dasharray") for e in group(figure, "interval-1").iter(f"{SVG}line")]
    assert "5 3" in broken
    assert all(e.get("stroke-dasharray") is None for e in group(figure, "interval-0").iter(f"{SVG}line"))
    said = " ".join(e.text or "" for e in group(figure, "interval-1").iter(f"{SVG}text"))
    assert "confidence interval of the mean" in said


def test_an_open_side_ends_in_an_arrow_and_a_sign(figure: Figure) -> None:
    assert group(figure, "interval-2").find(f"{SVG}path") is not None
    assert value_text(ROWS[2]) == "≥ 18"
    assert value_text(Interval("m", "k", None, 30.5)) == "≤ 30.5"
    assert value_text(ROWS[0]) == "21–46"


def test_the_final_range_lies_behind_every_row(figure: Figure) -> None:
    band = ElementTree.fromstring(figure.svg).find(f"{SVG}rect")
    assert band is not None
    left, right = span(figure, "final")
    assert float(band.get("x", "")) == pytest.approx(left)
    assert float(band.get("width", "")) == pytest.approx(right - left, abs=0.02)
    assert float(band.get("height", "")) > figure.boxes["final"].bottom - figure.boxes["interval-0"].y


def test_long_names_are_wrapped_and_not_cut() -> None:
    name = "Pubic symphysis after Brooks and Suchey 1990, males, phase III, right side only"
    figure = intervals_figure((Interval(name, "range", 20, 40),), None, LIGHT, width=400)
    texts = [e.text or "" for e in group(figure, "interval-0").iter(f"{SVG}text")]
    assert " ".join(texts[:-2]) == name


def test_without_intervals_or_with_one_point_there_is_still_a_figure() -> None:
    assert intervals_figure((), None, LIGHT).boxes == {}
    assert intervals_figure((Interval("m", "", 20, 20),), None, LIGHT).boxes.keys() == {"interval-0"}
