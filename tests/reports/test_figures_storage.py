"""The picture of free places: every position is a thing that can be clicked, filled ones say by what."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from forensics.domain.custody import positions
from reports.figures.storage import Fill, box_figure, fill_figure
from reports.palette import DARK, LIGHT, Palette

NS = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_each_position_has_its_box_and_says_what_lies_there(palette: Palette) -> None:
    figure = box_figure(3, 4, {"B2": "K7QM-2XVD-4"}, palette, "Box 7")
    assert tuple(figure.boxes) == positions(3, 4)
    whole = ElementTree.fromstring(figure.svg)
    cells = {one.get("id"): "".join(one.itertext()) for one in whole.iter(f"{NS}g") if one.get("id")}
    assert "B2: K7QM-2XVD-4" in cells["B2"]
    assert "A1" in cells["A1"]
    assert len(list(whole.iter(f"{NS}circle"))) == 1  # a mark beside the colour, for those who don't see it


def test_no_two_positions_overlap() -> None:
    boxes = list(box_figure(9, 9, {}, LIGHT, "Box").boxes.values())
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_place_that_holds_too_much_is_told_in_numbers_and_colour() -> None:
    figure = fill_figure([Fill("a", "Shelf 1", 5, 4), Fill("b", "Room", 9)], LIGHT, "Inside")
    assert "5 of 4" in figure.svg
    assert LIGHT.attention in figure.svg
    assert list(figure.boxes) == ["a", "b"]


def test_nothing_inside_is_an_empty_picture() -> None:
    assert fill_figure([], LIGHT, "Inside").boxes == {}
