"""The window: places by role, everything by keyboard, "saved" only after the receipt, lock, long work."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Conflict, Refused
from forensics.domain.operations import Operation, OperationKind, Organisation
from forensics.domain.people import Permission, Role
from forensics.domain.progress import Progress
from forensics.persistence.transaction import Transaction
from forensics.services.door import Laboratory, command, query
from forensics.services.operations import change_laboratory
from forensics.services.operations import laboratory as own_organisation
from forensics.services.people import prove
from gui.context import Context, Hit, Ref
from gui.finding import find
from gui.header import initials
from gui.lock import LockScreen
from gui.look import Meaning, look
from gui.place import Place
from gui.places import Entry
from gui.shell import MainWindow
from gui.widgets.buttons import Action
from gui.widgets.forms import FormDialog
from tests.gui.conftest import PASSWORD


class Remembering(Place):
    """A place that remembers what was asked of it."""

    subjects = frozenset({"organisation"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.opened: list[Ref] = []
        self.refreshed = 0
        self.done = 0

    def open(self, ref: Ref) -> None:
        self.opened.append(ref)

    def refresh(self) -> None:
        self.refreshed += 1

    def actions_offered(self) -> list[Action]:
        return [
            Action("Receive remains", self.act, "plus"),
            Action("Release", self.act, why_not="Not identified yet."),
        ]

    def act(self) -> None:
        self.done += 1


ENTRIES = [
    Entry("remains", "Remains", "remains", Permission.CASE_READ, Remembering),
    Entry("samples", "Samples", "sample", Permission.SAMPLE_READ, Remembering),
    Entry("reports", "Reports", "report", Permission.REPORT_AUTHORISE, Remembering),
]


@pytest.fixture
def window(qtbot: QtBot, laboratory: Laboratory) -> Iterator[MainWindow]:
    context = Context(laboratory, "Institute")
    context.prove = lambda password: prove(laboratory, password)
    made = MainWindow(context, ENTRIES)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def place(window: MainWindow, id: str) -> Remembering:
    found = window.places[id]
    assert isinstance(found, Remembering)
    return found


def said(window: MainWindow) -> list[str]:
    return [toast.words for toast in window.toasts.shown]


@query(Permission.CASE_READ)
def may_all(tx: Transaction) -> int:
    return 1


@query(Permission.IDENTIFICATION_CONFIRM)
def may_none(tx: Transaction) -> int:
    return 1


@command(Permission.CASE_READ)
def collides(tx: Transaction) -> None:
    raise Conflict("Somebody else changed it.", {"side": "left"}, {"side": "right"})


def test_the_rail_shows_what_the_roles_open(window: MainWindow) -> None:
    assert list(window.rail.buttons) == ["remains", "samples"]
    window.go("reports")
    assert window.current == "remains"
    assert said(window) == ["Your role does not open this place; ask an administrator."]


def test_a_place_is_made_when_it_is_first_opened(window: MainWindow) -> None:
    assert list(window.places) == ["remains"]
    window.go("samples", Ref("sample", "7"))
    assert place(window, "samples").opened == [Ref("sample", "7")]
    assert window.rail.buttons["samples"].isChecked()
    assert window.header.place.text() == "Samples"


def test_alt_and_a_number_goes_to_a_place(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.current == "samples"


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Slash, Qt.KeyboardModifier.NoModifier),
    ],
)
def test_the_palette_reaches_places_and_actions(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    qtbot.keyClick(window, key, modifier)
    palette = window.palette_overlay
    assert palette.isVisible()
    qtbot.keyClicks(palette.words, "recei")
    assert [palette.hits.item(n).text() for n in range(palette.hits.count())] == ["Receive remains"]
    qtbot.keyClick(palette.words, Qt.Key.Key_Return)
    assert place(window, "remains").done == 1
    assert not palette.isVisible()


def test_what_can_t_be_done_now_is_not_offered_in_the_palette(window: MainWindow) -> None:
    assert "Release" not in [hit.text for hit in window.local_hits()]


def test_the_palette_finds_records_and_goes_to_them(qtbot: QtBot, window: MainWindow) -> None:
    window.context.search(lambda _: [Hit("R-1 femur", "Item", "remains", "samples", Ref("item", "1", "R-1"))])
    window.palette_overlay.open("R-1")
    qtbot.waitUntil(lambda: window.palette_overlay.hits.count() == 1, timeout=3000)
    qtbot.keyClick(window.palette_overlay.words, Qt.Key.Key_Return)
    assert place(window, "samples").opened == [Ref("item", "1", "R-1")]


def test_escape_leaves_the_palette(qtbot: QtBot, window: MainWindow) -> None:
    window.palette_overlay.open("x")
    qtbot.keyClick(window.palette_overlay.words, Qt.Key.Key_Escape)
    assert not window.palette_overlay.isVisible()


def test_records_of_the_laboratory_are_found(context: Context) -> None:
    assert [(hit.place, hit.detail) for hit in find(context, "Amira")] == [("settings", "Person")]


def test_a_scan_goes_to_the_one_thing_that_carries_the_code(qtbot: QtBot, window: MainWindow) -> None:
    window.context.search(
        lambda text: (
            [Hit(text, "", "sample", "samples", Ref("sample", "9", text))] if text == "S-000009" else []
        )
    )
    window.scanner.scanned.emit("s-000009".upper())
    qtbot.waitUntil(lambda: window.current == "samples", timeout=3000)
    assert place(window, "samples").opened[0].number == "S-000009"
    window.scanner.scanned.emit("S-000010")
    qtbot.waitUntil(lambda: "Nothing here carries the code S-000010." in said(window), timeout=3000)


def test_saved_is_said_only_after_the_receipt_and_the_places_hear_what_changed(
    qtbot: QtBot, window: MainWindow
) -> None:
    context = window.context
    window.go("samples")
    window.go("remains")
    before = place(window, "remains").refreshed
    ours = context.query(own_organisation)
    assert isinstance(ours, Organisation)
    assert said(window) == []
    context.act(change_laboratory, ours, {"address": "Street 1"})
    assert said(window) == ["Saved"]
    qtbot.waitUntil(lambda: place(window, "remains").refreshed == before + 1, timeout=3000)
    assert place(window, "samples").refreshed == 0  # not in front: it reloads when it comes there
    window.go("samples")
    assert place(window, "samples").refreshed == 1


def test_a_refusal_is_said_and_nothing_is_saved(window: MainWindow) -> None:
    assert window.context.query(may_none) is None
    assert window.context.act(may_none) is None
    assert len(said(window)) == 1
    assert "may not confirm identifications" in said(window)[0]
    assert window.context.may(may_all)
    assert not window.context.may(may_none)


def test_a_conflict_shows_both_versions(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    from gui.widgets.conflict import ConflictDialog

    shown: list[set[str]] = []

    def ask(dialog: ConflictDialog) -> None:
        shown.append({label.text() for label in dialog.findChildren(QLabel)})

    monkeypatch.setattr(ConflictDialog, "ask", ask)
    assert window.context.act(collides) is None
    assert {"left", "right"} <= shown[0]
    assert said(window) == []


def test_a_bug_in_a_query_is_not_swallowed(context: Context) -> None:
    def broken(tx: Transaction) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        context.query(query(Permission.CASE_READ)(broken))


def test_long_work_is_shown_and_can_be_stopped(qtbot: QtBot, window: MainWindow) -> None:
    began = Event()

    def work(progress: Progress) -> None:
        while True:
            progress.step(3, 10, "family 3")
            began.set()

    window.context.start("Screening", work)
    assert began.wait(5)
    (line,) = window.strip.lines
    qtbot.waitUntil(lambda: line.words.text() == "30 % · family 3", timeout=3000)
    assert window.strip.isVisible()
    with qtbot.waitSignal(line.task.cancelled, timeout=5000):
        line._stop()
    qtbot.waitUntil(lambda: not window.strip.isVisible(), timeout=3000)


def test_a_failed_task_says_why(qtbot: QtBot, window: MainWindow) -> None:
    def work(progress: Progress) -> None:
        raise Refused("The inputs have moved; screen again.")

    window.context.start("Screening", work)
    qtbot.waitUntil(lambda: said(window) == ["The inputs have moved; screen again."], timeout=3000)


def test_the_lock_hides_everything_until_the_password_is_given(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert window.lock_screen.isVisible()
    assert window.lock_screen.geometry() == window.rect()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert not window.palette_overlay.isVisible()
    assert window.current == "remains"
    window.lock_screen.password.set_value("wrong password")
    window.lock_screen.unlock()
    assert window.lock_screen.isVisible()
    window.lock_screen.password.set_value(PASSWORD)
    window.lock_screen.unlock()
    assert not window.lock_screen.isVisible()
    assert window.rail.isEnabled()


def test_the_lock_covers_an_open_dialog_too_and_keeps_what_was_typed(
    qtbot: QtBot, window: MainWindow
) -> None:
    form = FormDialog("New item", lambda values: values, window)
    form.text("element", "Element")
    form.fill({"element": "left femur"})
    form.open()
    window.idle.expired.emit()
    (cover,) = [one for one in form.findChildren(LockScreen) if one.isVisible()]
    assert cover.geometry() == form.rect()
    assert form.focusWidget() is cover.password.editor
    qtbot.keyClick(cover.password.editor, Qt.Key.Key_Escape)
    qtbot.keyClick(cover.password.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    for _ in range(5):
        qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        assert cover.isAncestorOf(form.focusWidget())
    assert form.isVisible()
    assert not form.save_button.isEnabled()
    cover.password.set_value("wrong password")
    cover.unlock()
    assert window.lock_screen.isVisible()
    cover.password.set_value(PASSWORD)
    qtbot.keyClick(cover.password.editor, Qt.Key.Key_Return)
    assert not window.lock_screen.isVisible()
    assert window.rail.isEnabled()
    assert form.isVisible()
    assert form.save_button.isEnabled()
    assert form.values() == {"element": "left femur"}
    form.reject()


def test_the_header_says_where_and_who(window: MainWindow) -> None:
    assert window.header.where.accessibleName() == "Institute"
    assert window.header.person.accessibleName() == "Signed in: Amira Halilović"
    window.header.where.say("A very long name of an institute " * 5)
    assert window.header.where.text().endswith("…")
    operation = Operation(title="Drina 1995", kind=OperationKind.CONFLICT, number_sought=100)
    window.context.set_operation(operation)
    assert window.header.operation.text().startswith("Drina 1995")


def test_the_rail_folds_where_the_window_is_narrow(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1000, 700)
    assert window.rail.narrow
    assert window.rail.buttons["remains"].accessibleName() == "Remains"
    window.resize(1366, 768)
    assert not window.rail.narrow
    window._fold()
    window.resize(1500, 800)
    assert window.rail.narrow  # the person's choice stays


def test_toasts_stand_inside_the_window_and_a_repeated_one_only_once(
    qtbot: QtBot, window: MainWindow
) -> None:
    for _ in range(3):
        window.say("Saved", Meaning.GOOD)
    assert said(window) == ["Saved"]
    assert window.rect().contains(window.toasts.shown[0].geometry())


def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    window.palette_overlay.open("")
    silent = [
        type(widget).__name__
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(window)
        and not (widget.accessibleName() or getattr(widget, "text", lambda: "")())
    ]
    assert silent == []


def test_it_can_be_read_from_right_to_left(qtbot: QtBot, window: MainWindow) -> None:
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    window.resize(1366, 768)
    qtbot.waitUntil(lambda: window.rail.mapTo(window, window.rail.rect().topLeft()).x() > 1000, timeout=3000)
    window.say("Saved")
    assert window.toasts.shown[0].x() == 24


def test_light_and_dark_from_the_palette(window: MainWindow) -> None:
    hit = next(hit for hit in window.local_hits() if hit.text == "Light or dark")
    assert hit.run is not None
    hit.run()
    assert look().is_dark


@pytest.mark.parametrize(
    ("name", "letters"), [("Amira Halilović", "AH"), ("Cher", "C"), ("María José de la Cruz", "MC"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_person_without_places_is_told(qtbot: QtBot, laboratory: Laboratory) -> None:
    assert Role.ADMINISTRATOR in laboratory.roles
    window = MainWindow(Context(laboratory, "Institute"), [])
    qtbot.addWidget(window)
    window.show()
    assert "Nothing to open" in {label.text() for label in window.findChildren(QLabel)}
    window.close()
