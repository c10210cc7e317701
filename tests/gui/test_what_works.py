"""The page of what works: its figures are said in words, and a bone leads to its item."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from forensics.domain.proportions import Proportion
from gui.places.samples import SamplesPlace
from gui.places.samples_works import Span, WhatWorksPlace, percent
from tests.support.desk import Desks
from tests.support.laboratories import Staffed


def test_a_share_is_said_with_its_interval() -> None:
    assert percent(Proportion(11, 16)) == "69 % (44–86 %)"


def test_the_page_tells_the_laboratorys_own_figures(qtbot: QtBot, desks: Desks, small_lab: Staffed) -> None:
    place = desks("analyst").sit(SamplesPlace)
    place.show_view("works")
    page = place.shown
    assert isinstance(page, WhatWorksPlace)
    qtbot.waitUntil(lambda: bool(page.findChildren(Span)))
    words = [label.text() for label in page.findChildren(QLabel)]
    assert any("samples of remains gave a profile of 12 loci or more" in one for one in words)
    assert {"Which bone next?", "By element", "By preservation", "By extraction method"} <= set(words)
    assert all("%" in span.accessibleName() for span in page.findChildren(Span))


def test_an_empty_laboratory_has_kind_words(qtbot: QtBot, staffed: Staffed) -> None:
    from tests.support.desk import Desk

    page = Desk(qtbot, staffed["analyst"]).sit(WhatWorksPlace)
    qtbot.waitUntil(lambda: any("Nothing was tried yet" in one.text() for one in page.findChildren(QLabel)))
