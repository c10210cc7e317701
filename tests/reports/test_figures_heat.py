"""The grid of remains and missing persons shows every pair, or the strongest of each block."""

import itertools
import math
import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.heat import heat_figure, scale
from reports.figures.svg import Figure, contrast
from reports.palette import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def names(letter: str, count: int) -> list[str]:
    return [f"{letter}-{number:03d}" for number in range(count)]


def grid(values: list[list[float | None]], **more: float) -> Figure:
    return heat_figure(values, names("R", len(values)), names("MP", len(values[0])), LIGHT, **more)  # type: ignore[arg-type]


def element(figure: Figure, id: str) -> ElementTree.Element | None:
    return next((e for e in ElementTree.fromstring(figure.svg).iter() if e.get("id") == id), None)


def test_each_step_has_its_shade_and_weaker_pairs_none() -> None:
    figure = grid([[-1.0, 0.5, 3.0, 5.0, 6.2, None, math.nan]])
    shades = [shade.colour for shade in scale(LIGHT)]
    fills = [element(figure, f"r0c{column}") for column in range(7)]
    assert [e.get("fill") if e is not None else None for e in fills[:6]] == [None, *shades, None]
    assert fills[6] is not None
    assert fills[6].tag == f"{SVG}circle"


def test_strong_pairs_carry_their_value_rounded_down() -> None:
    texts = [e.text for e in ElementTree.fromstring(grid([[6.29, 1.9], [0.1, 2.0]]).svg).iter(f"{SVG}text")]
    assert "6.2" in texts
    assert "2.0" in texts
    assert "1.9" not in texts


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_neighbouring_shades_differ_visibly(palette: object) -> None:
    shades = [palette.surface, *(shade.colour for shade in scale(palette))]  # type: ignore[attr-defined, arg-type]
    assert all(contrast(a, b) > 1.12 for a, b in itertools.pairwise(shades))
    assert contrast(shades[0], shades[-1]) > 4.5


def test_every_cell_is_found_by_its_box() -> None:
    figure = grid([[float(column) for column in range(5)] for _ in range(3)])
    assert len(figure.boxes) == 15
    box = figure.boxes["r2c4"]
    assert figure.hit(box.x + 1, box.y + 1) == "r2c4"


def test_a_full_exercise_keeps_every_pair() -> None:
    figure = grid([[0.0] * 193 for _ in range(87)], width=900, height=640)
    assert len(figure.boxes) == 87 * 193
    assert figure.width <= 900


def test_a_larger_grid_shows_the_strongest_pair_of_each_block() -> None:
    values: list[list[float | None]] = [[-5.0] * 600 for _ in range(400)]
    values[201][303] = 7.5
    figure = grid(values, width=900, height=640)
    assert len(figure.boxes) < 600 * 400 / 4
    assert element(figure, "r201c303") is not None
    assert "strongest" in figure.svg


def test_nothing_evaluated_and_nothing_at_all() -> None:
    assert grid([[math.nan]]).boxes.keys() == {"r0c0"}
    assert heat_figure([], [], [], LIGHT).boxes == {}
