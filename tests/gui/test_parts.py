"""The smaller parts: records, marks, figures, timelines, rows that break, notices."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.icons import icon, pixmap
from gui.icons.paths import PATHS
from gui.look import Meaning, Mode, look
from gui.widgets.banner import Banner
from gui.widgets.buttons import Action, Button
from gui.widgets.flow import Flow
from gui.widgets.lines import text
from gui.widgets.marks import Chip, Mark, paint_chip
from gui.widgets.record import Fact, RecordPage
from gui.widgets.svgview import SvgView
from gui.widgets.timeline import Happening, Timeline

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100" viewBox="0 0 100 100">'
    '<g transform="translate(50 0)"><rect id="right" x="0" y="0" width="50" height="100"/></g>'
    '<rect id="left" x="0" y="0" width="40" height="100"/><rect id="frame" width="100" height="100" fill="none"/></svg>'
)


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.text()]


def test_what_is_not_known_says_so_and_a_value_names_its_source(qtbot: QtBot) -> None:
    page = RecordPage()
    qtbot.addWidget(page)
    page.header("R-1", "Femur", marks=[Mark(Meaning.GOOD, "Sampled")])
    section = page.section("Description")
    section.facts([("Side", None), ("Mass", Fact("232 g", "weighed 3 May")), ("Number", 0)])
    assert words(section) == [
        "Description",
        "Side",
        "not known",
        "Mass",
        "232 g",
        "weighed 3 May",
        "Number",
        "0",
    ]
    assert page.accessibleName() == "R-1 Femur"
    page.clear()
    qtbot.waitUntil(lambda: words(page) == [], timeout=2000)


def test_an_action_that_can_t_be_done_says_why(qtbot: QtBot) -> None:
    done: list[int] = []
    button = Button.of(Action("Release", lambda: done.append(1), why_not="Not identified yet."))
    qtbot.addWidget(button)
    assert not button.isEnabled()
    assert button.toolTip() == "Not identified yet."
    can = Button.of(Action("Release", lambda: done.append(1)))
    qtbot.addWidget(can)
    can.click()
    assert done == [1]


def test_a_chip_is_read_aloud_and_drawn_in_its_meaning(qtbot: QtBot) -> None:
    chip = Chip(Mark(Meaning.REFUSED, "Refused"))
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    assert chip.accessibleName() == "Refused"
    picture = chip.grab().toImage()
    colors = {picture.pixelColor(x, 12).name().upper() for x in range(picture.width())}
    assert look().palette.refused_soft in colors


@pytest.mark.parametrize("meaning", list(Meaning))
def test_every_meaning_has_its_own_shape(meaning: Meaning) -> None:
    assert meaning.icon in PATHS
    assert len({m.icon for m in Meaning}) == len(Meaning)


def test_icons_follow_the_look(qtbot: QtBot) -> None:
    light = pixmap("search").toImage()
    look().set_mode(Mode.DARK)
    assert pixmap("search").toImage() != light
    assert not icon("search").isNull()


def test_a_figure_tells_what_is_clicked_even_below_a_transform(qtbot: QtBot) -> None:
    view = SvgView(FIGURE, "A figure", {"left": "Left femur", "right": "Right femur"})
    qtbot.addWidget(view)
    view.resize(100, 100)
    view.show()
    clicked: list[str] = []
    view.clicked.connect(clicked.append)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(75, 50))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, 50))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(45, 50))
    assert clicked == ["right", "left"]


def test_a_figure_is_walked_with_the_keys_and_read_aloud(qtbot: QtBot) -> None:
    view = SvgView(FIGURE, "A figure", {"left": "Left femur", "right": "Right femur"})
    qtbot.addWidget(view)
    view.show()
    clicked: list[str] = []
    view.clicked.connect(clicked.append)
    assert view.accessibleName() == "A figure"
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.accessibleDescription() == "Right femur"
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert clicked == ["left"]


def test_a_figure_keeps_its_shape(qtbot: QtBot) -> None:
    view = SvgView(FIGURE)
    qtbot.addWidget(view)
    view.resize(400, 50)
    assert view.box_of("frame").size().toSize().width() == 50
    assert view.heightForWidth(60) == 60


def test_a_story_is_told_in_order(qtbot: QtBot) -> None:
    story = Timeline(
        [Happening("3 May", "Received", "A. Horvat", "seal intact"), Happening("4 May", "Moved")]
    )
    qtbot.addWidget(story)
    assert words(story) == ["3 May", "Received", "A. Horvat · seal intact", "4 May", "Moved"]


def test_a_row_breaks_where_it_is_narrow(qtbot: QtBot) -> None:
    flow = Flow([Button(f"Button {n}") for n in range(6)])
    qtbot.addWidget(flow)
    assert flow.heightForWidth(200) > flow.heightForWidth(2000)


def test_a_notice_carries_its_remedy(qtbot: QtBot) -> None:
    done: list[int] = []
    banner = Banner("The file has moved.", Meaning.ATTENTION, [Action("Choose…", lambda: done.append(1))])
    qtbot.addWidget(banner)
    banner.findChildren(Button)[0].click()
    assert done == [1]
    assert banner.accessibleName() == "The file has moved."


def test_the_gallery_shows_everything(qtbot: QtBot, qapp: QApplication) -> None:
    from gui.gallery import example_ceremony, example_conflict, example_form, gallery

    window = gallery()
    qtbot.addWidget(window)
    window.show()
    for entry in window.entries[:6]:
        window.go(entry.id)
        assert window.current == entry.id
    for dialog in (example_form(window.context, window), example_ceremony(window), example_conflict(window)):
        dialog.show()
        assert not dialog.grab().isNull()
        dialog.close()
    window.close()


def test_from_right_to_left_a_chip_begins_at_the_right(qtbot: QtBot, qapp: QApplication) -> None:
    mark = Mark(Meaning.REFUSED, "No")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        picture = QPixmap(300, 30)
        picture.fill(look().color("surface"))
        painter = QPainter(picture)
        paint_chip(painter, picture.rect(), mark)
        painter.end()
        assert text("Femur").alignment() & Qt.AlignmentFlag.AlignRight
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    drawn = picture.toImage()
    surface = look().palette.surface
    filled = [x for x in range(300) if drawn.pixelColor(x, 15).name().upper() != surface]
    assert min(filled) > 200
    assert max(filled) >= 297


class Painted(QWidget):
    """Overrides a virtual that returns None."""

    count = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.count += 1


def test_this_qt_survives_ten_thousand_paints(qtbot: QtBot) -> None:
    """PySide 6.12.0 loses a reference to None at each overridden virtual and aborts after some 5,600."""
    widget = Painted()
    qtbot.addWidget(widget)
    widget.resize(2, 2)
    with qtbot.waitExposed(widget):
        widget.show()
    for _ in range(10_000):
        widget.repaint()
    assert widget.count >= 10_000


def test_words_can_be_marked_once_the_mouse_is_there_and_nothing_moves(qtbot: QtBot) -> None:
    label = text("Waits for a case manager: cutting bone or tooth destroys it. " * 2, selectable=True)
    qtbot.addWidget(label)
    label.show()
    before = label.sizeHint(), label.heightForWidth(180)
    at = QPointF(5, 5)
    QApplication.sendEvent(label, QEnterEvent(at, at, at))
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert (label.sizeHint(), label.heightForWidth(180)) == before
    qtbot.mouseDClick(label, Qt.MouseButton.LeftButton, pos=QPoint(12, 8))
    assert label.selectedText() == "Waits"
    label.setText("Short")
    assert label.sizeHint().width() < before[0].width()


def test_a_page_is_laid_out_once_when_it_is_written(qtbot: QtBot) -> None:
    page = RecordPage()
    qtbot.addWidget(page)
    page.resize(600, 400)
    page.show()
    page.clear()
    page.header("R-1", "Femur")
    page.section("Description").facts([(f"Fact {n}", "value") for n in range(20)])
    assert not [label for label in page.findChildren(QLabel) if label.isVisible()]
    page.written()
    assert len([label for label in page.findChildren(QLabel) if label.isVisible()]) == 43
    page.clear()
    page.header("R-2", "Tibia")
    qtbot.waitUntil(lambda: any(label.isVisible() for label in page.findChildren(QLabel)), timeout=500)
