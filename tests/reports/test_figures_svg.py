"""The SVG writer is deterministic, escapes what it is given, and measures as the renderers do."""

import xml.etree.ElementTree as ElementTree

import pytest

from reports.figures.svg import (
    Box,
    Canvas,
    blend,
    contrast,
    measure,
    number,
    path,
    shorten,
    text_colour_on,
    wrap,
)
from reports.palette import DARK, LIGHT


def test_numbers_are_short_and_never_minus_zero() -> None:
    assert [number(x) for x in (1, 1.5, 1.004, -0.001, 12.3456, 100)] == [
        "1",
        "1.5",
        "1",
        "0",
        "12.35",
        "100",
    ]


def test_text_and_ids_are_escaped_and_control_characters_dropped() -> None:
    canvas = Canvas()
    with canvas.group(id='a"<b>&', title="x < y & z"):
        canvas.text((0, 0), "<script>\x00\x0b&amp;", 10, "#000000")
    group = ElementTree.fromstring(canvas.figure(10, 10, "t < u").svg)[1]
    assert group.get("id") == 'a"<b>&'
    assert [child.text for child in group] == ["x < y & z", "<script>&amp;"]


def test_absent_attributes_are_left_out_and_underscores_become_hyphens() -> None:
    canvas = Canvas()
    canvas.rect(Box(0, 0, 1, 2), "none", stroke_width=2, rx=None)
    assert (
        '<rect x="0" y="0" width="1" height="2" fill="none" stroke-width="2"/>' in canvas.figure(1, 2, "").svg
    )


def test_a_scaled_figure_scales_its_boxes() -> None:
    canvas = Canvas()
    figure = canvas.figure(100, 50, "half", {"a": Box(10, 20, 30, 40)}, scale=0.5)
    assert (figure.width, figure.height) == (50, 25)
    assert figure.boxes["a"] == Box(5, 10, 15, 20)
    assert figure.hit(6, 11) == "a"
    assert figure.hit(4, 11) is None


def test_wrapping_keeps_every_word_within_the_limit() -> None:
    text = "a grandmother on the side of the father of the missing person"
    lines = wrap(text, 80, 10)
    assert " ".join(lines) == text
    assert all(measure(line, 10) <= 80 for line in lines)
    assert wrap("incomprehensibilities", 20, 10) == ["incomprehensibilities"]


def test_shortening_fits_and_says_that_something_is_left_out() -> None:
    assert shorten("short", 100, 10) == "short"
    cut = shorten("considerably longer than that", 60, 10)
    assert cut.endswith("…")
    assert measure(cut, 10) <= 60


def test_arabic_is_set_and_measured_in_its_own_face() -> None:
    canvas = Canvas()
    canvas.text((0, 0), "محمد", 10, "#000000")
    assert 'font-family="Noto Sans Arabic"' in canvas.figure(1, 1, "").svg
    assert measure("محمد", 10) > 10


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert blend("#000000", "#FFFFFF", 0.5) == "#808080"
    assert text_colour_on("#0F5E63", "#24211D", "#FFFFFF") == "#FFFFFF"


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_words_in_figures_are_legible_on_their_ground(palette: object) -> None:
    names = ("text", "muted", "accent", "attention", "refused")
    assert all(contrast(getattr(palette, name), palette.surface) >= 4.5 for name in names)  # type: ignore[attr-defined]


def test_paths() -> None:
    assert path([(0, 0), (1.5, 2)]) == "M0 0L1.5 2"
    assert path([(0, 0), (1, 0), (1, 1)], closed=True) == "M0 0L1 0L1 1Z"
