"""Bars of the chance to reach the required LR: lengths in proportion, gains apart, words never too sure."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.power import PowerRow, power_figure, share_text
from reports.figures.svg import Figure
from reports.palette import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    PowerRow("mother's brother", 0.9),
    PowerRow("mother's brother and a further full sibling, both together", 0.95, 0.02, "simulated"),
    PowerRow("paternal grandfather", 0.4),
    PowerRow("a cousin", None, note="too entangled"),
    PowerRow("nobody's aunt", 0.0),
)


@pytest.fixture
def figure() -> Figure:
    return power_figure(0.4, ROWS, LIGHT)


def group(figure: Figure, id: str) -> ElementTree.Element:
    return next(g for g in ElementTree.fromstring(figure.svg).iter(f"{SVG}g") if g.get("id") == id)


def bars(figure: Figure, id: str) -> list[tuple[float, str]]:
    found = group(figure, id).iter(f"{SVG}rect")
    return [(float(bar.get("width", "0")), bar.get("fill", "")) for bar in found]


def test_what_is_there_is_pale_and_what_a_sample_adds_stands_out(figure: Figure) -> None:
    ((now, pale),) = bars(figure, "now")
    before, more = bars(figure, "sample-0")
    assert before == (now, pale)
    assert more[1] == LIGHT.accent
    assert more[0] / now == pytest.approx(0.5 / 0.4, rel=0.01)
    assert bars(figure, "sample-2") == [(now, pale)]
    assert bars(figure, "sample-3") == bars(figure, "sample-4") == []


def test_a_simulated_chance_has_its_error_and_a_long_name_is_wrapped(figure: Figure) -> None:
    assert not list(group(figure, "sample-0").iter(f"{SVG}line"))
    assert len(list(group(figure, "sample-1").iter(f"{SVG}line"))) == 3
    texts = [t.text or "" for t in group(figure, "sample-1").iter(f"{SVG}text")]
    assert "95 ± 2 %" in texts
    assert "simulated" in texts
    assert len(texts) > 3
    box = figure.boxes["sample-1"]
    assert box.height > figure.boxes["sample-0"].height
    assert not box.overlaps(figure.boxes["sample-2"])


def test_every_row_is_named_for_reading_aloud(figure: Figure) -> None:
    titles = {id: group(figure, id).findtext(f"{SVG}title") for id in figure.boxes}
    assert titles["now"] == "Now: 40 %"
    assert titles["sample-3"] == "a cousin: not computed"
    assert len(titles) == 6


@pytest.mark.parametrize(
    ("chance", "error", "words"),
    [
        (0.0, None, "0 %"),
        (1e-12, None, "<1 %"),
        (0.0149, None, "1 %"),
        (0.405, None, "41 %"),
        (0.9899, None, "98 %"),
        (0.995, 0.01, ">97 %"),
        (1.0, 0.008, ">97 %"),
        (0.0, 0.008, "<3 %"),
        (0.931, 0.022, "93 ± 3 %"),
        (0.99999999, None, ">99 %"),
        (1.0, None, "100 %"),
        (0.5, 0.0001, "50 ± 1 %"),
        (None, None, "not computed"),
    ],
)
def test_a_chance_is_never_rounded_to_certainty(
    chance: float | None, error: float | None, words: str
) -> None:
    assert share_text(chance, error) == words


def test_both_looks_and_a_narrow_page() -> None:
    assert power_figure(0.4, ROWS, DARK).svg != power_figure(0.4, ROWS, LIGHT).svg
    narrow = power_figure(1.0, ROWS, LIGHT, width=330)
    assert all(box.right <= 330 for box in narrow.boxes.values())
