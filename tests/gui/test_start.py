"""Set-up and sign-in, with a real laboratory on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Refused
from forensics.domain.lists import ListQuery
from forensics.domain.people import Role
from forensics.services import documents
from forensics.services.demonstration import PASSWORD as DEMONSTRATION_PASSWORD
from forensics.services.workstation import demonstration_file, state_folder
from gui.app import Application
from gui.laboratories import Known, Opened, Real
from gui.shell import MainWindow
from gui.start import StartWindow
from gui.strength import Strength, strength_of, suggested
from gui.widgets.banner import Banner
from reports.demonstrating import open_or_make
from tests.gui.conftest import PASSWORD
from tests.support.laboratories import SMALL


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[StartWindow]:
    (state_folder() / "last-laboratory").unlink(missing_ok=True)
    made = StartWindow(Real())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.tasks.close()


def fill_in(start: StartWindow, path: Path) -> None:
    page = start.set_up
    start.show_set_up()
    page.name.set_value("Institute of Forensic Medicine")
    page.path.set_value(str(path))
    page.next()
    page.person.set_value("Amira Halilović")
    page.login.set_value("amira")
    page.password.set_value(PASSWORD)
    page.steps[1].again.set_value(PASSWORD)  # type: ignore[attr-defined]
    page.also.set_value(True)
    page.next()


def test_three_steps_create_a_laboratory_and_the_next_time_it_is_offered(
    qtbot: QtBot, start: StartWindow, tmp_path: Path
) -> None:
    path = tmp_path / "institute.nomina"
    assert start.stack.currentWidget() is start.welcome
    fill_in(start, path)
    last = start.set_up.steps[2]
    last._suggest()  # type: ignore[attr-defined]
    start.set_up.next()
    assert start.set_up.pages.currentIndex() == 2  # not before it is written down
    last.written.set_value(True)  # type: ignore[attr-defined]
    start.set_up.next()
    assert not path.exists()  # a last look first
    with qtbot.waitSignal(start.opened, timeout=60_000) as told:
        start.set_up.next()
    opened: Opened = told.args[0]
    assert opened.name == "Institute of Forensic Medicine"
    assert set(opened.lab.roles) == {Role.ADMINISTRATOR, Role.CASE_MANAGER}
    assert path.read_bytes()[:6] != b"SQLite"
    opened.lab.close()
    assert Real().known() == [Known(str(path), "Institute of Forensic Medicine", "amira")]
    _sign_in_again(qtbot)


def _sign_in_again(qtbot: QtBot) -> None:
    """The same person, wrong and right; then the window, and back to the sign-in."""
    application = Application(Real())
    application.ask()
    start = application.start
    assert start is not None
    page = start.sign_in
    assert start.stack.currentWidget() is page
    assert page.login.value() == "amira"
    page.password.set_value("not the password")
    qtbot.keyClick(page.password.editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(said(start)), timeout=30_000)
    assert "wrong" in said(start)[0]
    assert page.frame.isEnabled()
    page.password.set_value(PASSWORD)
    page.carry_out()
    qtbot.waitUntil(lambda: application.window is not None, timeout=30_000)
    window = application.window
    assert isinstance(window, MainWindow)
    assert window.header.where.accessibleName() == "Institute of Forensic Medicine"
    assert application.start is None
    window.left.emit()
    assert application.start is not None
    assert not window.isVisible()
    login = application.start.sign_in.login.editor
    assert application.start.focusWidget() is login
    assert login.property("selectedText") == "amira"  # another person types over it
    application.start.finish()


def said(start: StartWindow) -> list[str]:
    QCoreApplication.processEvents()
    return [banner.label.text() for banner in start.findChildren(Banner) if banner.isVisible()]


def test_two_entries_that_differ_and_short_secrets_are_said_at_once(
    start: StartWindow, tmp_path: Path
) -> None:
    start.show_set_up()
    page = start.set_up
    page.next()
    assert page.name.error.text() == "Please fill in “Name of the laboratory”."
    page.name.set_value("Institute")
    page.path.set_value(str(tmp_path / "x.nomina"))
    page.next()
    page.person.set_value("A")
    page.login.set_value("a")
    page.password.set_value("short")
    page.steps[1].again.set_value("short")  # type: ignore[attr-defined]
    page.next()
    assert page.password.error.text() == "Use at least 10 characters."
    page.password.set_value("long enough now")
    page.next()
    assert page.steps[1].again.error.text() == "The two entries differ."  # type: ignore[attr-defined]
    page.back()
    page.back()
    assert start.stack.currentWidget() is start.welcome


def test_a_refusal_on_creation_is_shown_and_everything_is_kept(
    qtbot: QtBot, start: StartWindow, tmp_path: Path
) -> None:
    path = tmp_path / "taken.nomina"
    path.write_bytes(b"something")
    fill_in(start, path)
    start.set_up.steps[2]._suggest()  # type: ignore[attr-defined]
    start.set_up.steps[2].written.set_value(True)  # type: ignore[attr-defined]
    start.set_up.next()
    start.set_up.next()
    qtbot.waitUntil(lambda: bool(said(start)), timeout=30_000)
    assert "exists already" in said(start)[0]
    assert path.read_bytes() == b"something"
    assert start.set_up.name.value() == "Institute of Forensic Medicine"


def test_the_file_is_proposed_from_the_name_until_the_person_chose_another(start: StartWindow) -> None:
    start.show_set_up()
    page = start.set_up
    page.name.set_value("Institute of Forensic Medicine")
    page.name.edited.emit()
    assert page.path.value().name == "institute-of-forensic-medicine.nomina"
    page.path.set_value("/data/mine.nomina")
    page.name.set_value("Another")
    page.name.edited.emit()
    assert page.path.value() == Path("/data/mine.nomina")


def test_an_address_of_a_server_is_kept_as_it_was_typed(start: StartWindow) -> None:
    start.show_sign_in()
    start.sign_in.path.set_value("postgresql://nomina@server/lab")
    assert start.sign_in.location == "postgresql://nomina@server/lab"


def test_set_up_creates_on_the_server_whose_address_was_typed(start: StartWindow) -> None:
    address = "postgresql://nomina@server/lab"
    fill_in(start, Path("unused"))
    start.set_up.path.set_value(address)
    start.set_up.steps[2]._suggest()  # type: ignore[attr-defined]
    start.set_up._show(3)
    assert start.set_up.wanted.location == address
    said_there = [label.text() for label in start.set_up.last.findChildren(QLabel)]
    assert "Server" in said_there
    assert address in said_there


def test_laboratories_that_are_gone_are_not_offered(tmp_path: Path) -> None:
    QSettings().setValue("laboratories", [f"{tmp_path / 'gone.nomina'}\tGone\tamira"])
    assert Real().known() == []


def test_the_demonstration_opens_first_and_its_reports_follow(
    qtbot: QtBot, start: StartWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A smaller one is lying there already, as after a first start that was killed before its reports."""
    demonstration_file().unlink(missing_ok=True)
    open_or_make(size=SMALL, reports=False).close()
    application = Application(Real())
    application.start = start
    start.opened.connect(application.enter)
    start.demonstrate(start.welcome)
    qtbot.waitUntil(lambda: application.window is not None, timeout=60_000)
    window = application.window
    assert isinstance(window, MainWindow)
    assert window.context.lab.person.login == "manager"
    assert [line.task.title for line in window.strip.lines] == ["Reports of the demonstration"]
    qtbot.waitUntil(lambda: not window.strip.lines, timeout=120_000)
    assert window.context.query(documents.reports, ListQuery()).total == 5  # type: ignore[union-attr]
    window.close()
    opened = Real().open(str(demonstration_file()), "tamara", DEMONSTRATION_PASSWORD)
    assert opened.outstanding is None
    opened.lab.close()


def test_closing_the_window_stops_the_making_and_leaves_nothing(qtbot: QtBot, start: StartWindow) -> None:
    for part in demonstration_file().parent.glob("*"):
        part.unlink()
    start.demonstrate(start.welcome)
    qtbot.waitUntil(lambda: "Creating" in start.welcome.busy.text(), timeout=30_000)
    start.close()
    assert not start.tasks.running
    assert list(demonstration_file().parent.iterdir()) == []


def test_a_refusal_unlocks_the_page_again(qtbot: QtBot, start: StartWindow) -> None:
    def refuse(_: object) -> Opened:
        raise Refused("The server does not answer.")

    page = start.sign_in
    start.show_sign_in()
    page.set_busy("Opening…")
    with qtbot.waitSignal(start.carry_out("", refuse, page.refuse, page.rest).ended, timeout=5000):
        pass
    assert said(start) == ["The server does not answer."]
    assert page.frame.isEnabled()


@pytest.mark.parametrize(
    ("secret", "strength"),
    [
        ("abc", Strength.SHORT),
        ("aaaaaaaaaaaaaaaa", Strength.WEAK),
        ("sarajevo92", Strength.WEAK),
        ("correct horse battery", Strength.STRONG),
    ],
)
def test_strength_counts_length_and_variety(secret: str, strength: Strength) -> None:
    assert strength_of(secret) is strength


def test_suggestions_are_strong_and_never_the_same() -> None:
    made = {suggested() for _ in range(50)}
    assert len(made) == 50
    assert {strength_of(one) for one in made} == {Strength.STRONG}
