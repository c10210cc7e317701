"""The funnel's bars are their counts."""

import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.funnel import Stage, funnel_figure
from reports.figures.svg import Figure
from reports.palette import LIGHT

SVG = "{http://www.w3.org/2000/svg}"
STAGES = (
    Stage("missing", "Missing", 1000),
    Stage("matched", "Matched", 250),
    Stage("returned", "Returned", 2),
)


def group(figure: Figure, id: str) -> ElementTree.Element:
    return next(g for g in ElementTree.fromstring(figure.svg).iter(f"{SVG}g") if g.get("id") == id)


def length(figure: Figure, id: str) -> float:
    bar = group(figure, id).find(f"{SVG}rect")
    assert bar is not None
    return float(bar.get("width", ""))


def texts(figure: Figure, id: str) -> list[str]:
    return [e.text or "" for e in group(figure, id).iter(f"{SVG}text")]


def test_lengths_follow_counts_and_everything_fits() -> None:
    figure = funnel_figure(STAGES, LIGHT, width=500)
    assert length(figure, "missing") == pytest.approx(4 * length(figure, "matched"), rel=1e-3)
    assert texts(figure, "matched")[1:] == ["250", "25 %"]
    assert list(figure.boxes) == ["missing", "matched", "returned"]
    assert all(box.right <= 500 for box in figure.boxes.values())


def test_few_are_not_rounded_to_nobody_and_nearly_all_not_to_all() -> None:
    assert texts(funnel_figure(STAGES, LIGHT), "returned")[2] == "< 1 %"
    nearly = (STAGES[0], Stage("referenced", "Referenced", 999))
    assert texts(funnel_figure(nearly, LIGHT), "referenced")[2] == "> 99 %"


def test_who_waits_is_said_and_nobody_is_not() -> None:
    assert "750 waiting" in funnel_figure(STAGES, LIGHT).svg
    assert "waiting" not in funnel_figure((STAGES[1], STAGES[0]), LIGHT).svg


def test_an_operation_that_has_just_begun() -> None:
    assert texts(funnel_figure((Stage("missing", "Missing", 0),), LIGHT), "missing")[1:] == ["0", "0 %"]
    assert funnel_figure((), LIGHT).boxes == {}
