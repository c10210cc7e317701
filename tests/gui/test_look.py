"""The palette can be read by everybody, and nobody else names a colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.look import Meaning, Mode, Size, font, look
from gui.stylesheet import stylesheet
from reports.palette import DARK, LIGHT, Palette

INKS = ("text", "muted", "accent", "waiting", "good", "attention", "refused")


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_guideline_says() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
@pytest.mark.parametrize("ground", ["window", "surface", "raised", "selection"])
@pytest.mark.parametrize("ink", INKS)
def test_text_reaches_a_contrast_of_4_5_on_every_ground(palette: Palette, ink: str, ground: str) -> None:
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
@pytest.mark.parametrize("meaning", list(Meaning))
def test_words_of_a_mark_reach_4_5_on_its_ground(palette: Palette, meaning: Meaning) -> None:
    assert contrast(getattr(palette, meaning.ink), getattr(palette, meaning.ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_the_primary_button_and_the_outline_of_fields_can_be_seen(palette: Palette) -> None:
    assert contrast(palette.on_accent, palette.accent) >= 4.5
    assert contrast(palette.faint, palette.surface) >= 3  # outlines of fields, WCAG 1.4.11
    assert contrast(palette.accent, palette.surface) >= 3  # the focus ring
    assert contrast(palette.accent, palette.window) >= 3


def test_no_other_module_of_the_window_names_a_colour(repository: Path) -> None:
    naming = re.compile(r"""["']#[0-9A-Fa-f]{3,8}\b|QColor\(|rgba?\(|Qt\.GlobalColor\.(?!transparent)""")
    allowed = {"look.py"}
    guilty = [
        f"{path.name}:{number}"
        for path in sorted((repository / "gui").rglob("*.py"))
        if path.name not in allowed
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if naming.search(line)
    ]
    assert not guilty


def test_every_widget_follows_from_light_to_dark(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    heard: list[bool] = []
    look().changed.connect(lambda: heard.append(look().is_dark))
    look().set_mode(Mode.DARK)
    assert heard == [True]
    assert label.palette().window().color().name().upper() == DARK.window
    assert DARK.accent in qapp.styleSheet()
    look().set_mode(Mode.LIGHT)
    assert label.palette().window().color().name().upper() == LIGHT.window


def test_an_unknown_state_never_looks_like_no() -> None:
    assert Meaning.UNKNOWN.icon != Meaning.NO.icon


def test_the_shipped_faces_are_used() -> None:
    assert QFontInfo(font()).family() == "Noto Sans"
    assert QFontInfo(font(mono=True)).family() == "Noto Sans Mono"
    assert font(Size.LARGE).pointSizeF() == 15


def test_type_can_be_made_larger(qtbot: QtBot) -> None:
    look().set_scale(1.2)
    assert font().pointSizeF() == pytest.approx(12.6)
    assert "18pt" in stylesheet(LIGHT, 1.2)
    look().set_scale(1.0)
