"""The plate: every position is a thing that can be pointed at, and nothing is said by colour alone."""

from __future__ import annotations

import pytest

from reports.figures.plate import Look, PlateWell, PlateWords, plate_figure
from reports.figures.svg import contrast
from reports.palette import DARK, LIGHT, Palette


def _figure(*wells: PlateWell, **options: str) -> str:
    return plate_figure(wells, LIGHT, **options).svg


def test_ninety_six_positions_column_after_column() -> None:
    figure = plate_figure([], LIGHT)
    assert list(figure.boxes)[:9] == ["A1", "B1", "C1", "D1", "E1", "F1", "G1", "H1", "A2"]
    assert len(figure.boxes) == 96
    assert figure.hit(figure.boxes["H12"].x + 3, figure.boxes["H12"].y + 3) == "H12"


def test_a_well_is_read_aloud_by_its_title() -> None:
    svg = _figure(PlateWell("A1", Look.GOOD, token="K7QM", title="A1, K7QM, passed"))
    assert "<title>A1, K7QM, passed</title>" in svg
    assert "<title>B1, empty</title>" in svg


def test_each_look_has_a_drawing_of_its_own_without_its_colours() -> None:
    drawn = set()
    for look in Look:
        svg = _figure(PlateWell("A1", look, token="K7QM"))
        for colour in set(vars_of(LIGHT)):
            svg = svg.replace(colour, "#")
        drawn.add(svg)
    # Scanned and passed share the tick; which of the two it is says the state of the batch.
    assert len(drawn) == len(Look) - 1


def vars_of(palette: Palette) -> list[str]:
    return [getattr(palette, name) for name in palette.__slots__ if name != "name"]


def test_a_control_is_square_and_has_its_letter() -> None:
    assert ">N</text>" in _figure(PlateWell("H12", Look.REFUSED, letter="N"))


def test_the_offered_position_has_a_ring() -> None:
    assert _figure(offered="C1") != _figure()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_in_a_well_can_be_read(palette: Palette) -> None:
    for ground in ("surface", "accent_soft", "figure_fill", "good_soft", "refused_soft", "attention_soft"):
        assert contrast(palette.text, getattr(palette, ground)) >= 4.5


def test_the_legend_names_what_is_there_and_makes_the_figure_taller() -> None:
    words = PlateWords(
        looks=[(look, f"how it stands {look}") for look in Look], letters=[("N", "Negative control")]
    )
    figure = plate_figure([], LIGHT, words=words)
    assert "Negative control" in figure.svg
    assert figure.height > plate_figure([], LIGHT).height
