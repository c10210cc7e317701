"""Forms: the error stands beside its field, Enter saves, the next one follows; ceremony and conflict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from forensics.domain.errors import Conflict, Invalid, Refused
from gui.widgets.banner import Banner
from gui.widgets.ceremony import Ceremony
from gui.widgets.conflict import Choice, ConflictDialog, differences
from gui.widgets.fields import ChoiceField, NumberField, PathField, TextField
from gui.widgets.forms import FormDialog


@pytest.fixture
def saved() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def form(qtbot: QtBot, saved: list[dict[str, Any]]) -> Iterator[FormDialog]:
    def submit(values: dict[str, Any]) -> str:
        if values["element"] == "cranium":
            raise Refused("There is a cranium already.")
        saved.append(values)
        return "R-1"

    made = FormDialog("New item", submit, again=True)
    made.text("element", "Element", required=True)
    made.number("mass", "Mass", unit="g", usual=(1, 900))
    made.choice("side", "Side", [("left", "Left"), ("right", "Right")])
    made.text("seal", "Seal", keep=True)
    made.lines("note", "Description")
    qtbot.addWidget(made)
    made.show()
    return made


def said(form: FormDialog) -> list[str]:
    QCoreApplication.processEvents()
    return [banner.label.text() for banner in form.findChildren(Banner) if not banner.isHidden()]


def test_enter_saves_what_was_entered(qtbot: QtBot, form: FormDialog, saved: list[dict[str, Any]]) -> None:
    qtbot.keyClicks(form.fields["element"].editor, "femur")
    qtbot.keyClicks(form.fields["mass"].editor, "232,5")
    qtbot.keyClick(form.fields["mass"].editor, Qt.Key.Key_Return)
    assert saved == [{"element": "femur", "mass": 232.5, "side": None, "seal": "", "note": ""}]
    assert form.result_value == "R-1"
    assert not form.isVisible()


def test_what_is_missing_is_said_at_its_field(qtbot: QtBot, form: FormDialog, saved: list[Any]) -> None:
    qtbot.keyClick(form, Qt.Key.Key_Return)
    assert saved == []
    assert form.fields["element"].error.text() == "Please fill in “Element”."
    assert form.fields["element"].error.isVisible()
    assert form.focusWidget() is form.fields["element"].editor
    qtbot.keyClicks(form.fields["element"].editor, "f")
    assert not form.fields["element"].error.isVisible()


def test_an_unusual_measurement_is_remarked_and_saved(
    qtbot: QtBot, form: FormDialog, saved: list[Any]
) -> None:
    qtbot.keyClicks(form.fields["element"].editor, "femur")
    form.fields["mass"].editor.setFocus()
    qtbot.keyClicks(form.fields["mass"].editor, "5000")
    qtbot.keyClick(form.fields["mass"].editor, Qt.Key.Key_Tab)
    assert "Unusual" in form.fields["mass"].error.text()
    form.save()
    assert saved[0]["mass"] == 5000


def test_a_number_that_is_none_stops_the_save(form: FormDialog, saved: list[Any]) -> None:
    form.fill({"element": "femur", "mass": "much"})
    assert not form.save()
    assert form.fields["mass"].error.text() == "“much” is not a number."


def test_a_refusal_stands_in_the_form_and_nothing_is_lost(form: FormDialog) -> None:
    form.fill({"element": "cranium", "note": "burnt"})
    assert not form.save()
    assert said(form) == ["There is a cranium already."]
    assert form.isVisible()
    assert form.fields["note"].value() == "burnt"


def test_a_refusal_that_names_a_field_stands_beside_it(qtbot: QtBot) -> None:
    def submit(values: dict[str, Any]) -> None:
        error = Invalid("This login is taken.")
        error.field = "login"  # type: ignore[attr-defined]
        raise error

    form = FormDialog("Person", submit)
    qtbot.addWidget(form)
    form.text("login", "Login")
    form.save()
    assert form.fields["login"].error.text() == "This login is taken."


def test_save_and_next_keeps_what_shall_stay(qtbot: QtBot, form: FormDialog, saved: list[Any]) -> None:
    form.fill({"element": "femur", "seal": "00417", "note": "x"})
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(saved) == 1, timeout=2000)
    assert form.isVisible()
    assert form.fields["element"].value_or("") == ""
    assert form.fields["seal"].value() == "00417"
    assert said(form) == ["Saved. Enter the next one."]


def test_enter_in_several_lines_is_a_new_line(qtbot: QtBot, form: FormDialog, saved: list[Any]) -> None:
    note = form.fields["note"].editor
    note.setFocus()
    qtbot.keyClicks(note, "a")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    qtbot.keyClicks(note, "b")
    assert form.fields["note"].value() == "a\nb"
    assert saved == []


def test_every_field_has_a_name_that_is_read_aloud(form: FormDialog) -> None:
    assert all(field.editor.accessibleName() for field in form.fields.values())


def test_not_known_is_a_choice_of_its_own_and_a_required_choice_begins_unmade(qtbot: QtBot) -> None:
    free = ChoiceField("side", "Side", [("no", "No")])
    must = ChoiceField("side", "Side", [(1, "One"), (2, "Two")], required=True)
    for field in (free, must):
        qtbot.addWidget(field)
    assert free.value() is None
    free.set_value("no")
    assert free.value() == "no"
    with pytest.raises(Invalid, match="Side"):
        must.value()


def test_words_are_parsed_where_they_are_entered(qtbot: QtBot) -> None:
    field = TextField("date", "Date", parse=int)
    whole = NumberField("count", "Count", whole=True)
    for one in (field, whole):
        qtbot.addWidget(one)
    field.set_value("abc")
    with pytest.raises(Invalid, match="abc"):
        field.value()
    whole.set_value("2.5")
    with pytest.raises(Invalid, match="whole number"):
        whole.value()


# -- ceremony ------------------------------------------------------------------------------------------


@pytest.fixture
def ceremony(qtbot: QtBot) -> Iterator[Ceremony]:
    def act(password: str) -> str:
        if password != "right":
            raise Refused("The password is wrong; nothing has been signed.")
        return "signed"

    made = Ceremony(
        "Sign report",
        "I declare…",
        [("SHA-256", "9f2c")],
        [("signs now", "Amira Halilović"), ("will authorise", "Marko Kovač")],
        "Sign report",
        act,
        affirmation="I have read it.",
    )
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_ceremony_shows_what_is_signed_and_by_whom(ceremony: Ceremony) -> None:
    words = {label.text() for label in ceremony.findChildren(QLabel)}
    assert {"I declare…", "9f2c", "Amira Halilović", "Marko Kovač"} <= words


def test_nothing_is_signed_before_it_was_read_and_the_password_given(
    qtbot: QtBot, ceremony: Ceremony
) -> None:
    assert not ceremony.go.isEnabled()
    qtbot.keyClicks(ceremony.password.editor, "right")
    assert not ceremony.go.isEnabled()
    qtbot.keyClick(ceremony.password.editor, Qt.Key.Key_Return)
    assert ceremony.result_value is None
    assert ceremony.affirmation is not None
    ceremony.affirmation.set_value(True)
    qtbot.keyClick(ceremony.password.editor, Qt.Key.Key_Return)
    assert ceremony.result_value == "signed"


def test_a_wrong_password_signs_nothing_and_is_forgotten(qtbot: QtBot, ceremony: Ceremony) -> None:
    assert ceremony.affirmation is not None
    ceremony.affirmation.set_value(True)
    qtbot.keyClicks(ceremony.password.editor, "wrong")
    ceremony.carry_out()
    assert ceremony.result_value is None
    assert ceremony.isVisible()
    assert ceremony.password.value_or("") == ""


# -- conflict ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    revision: int
    side: str
    mass_g: float | None


def test_only_what_differs_is_shown_and_bookkeeping_is_not() -> None:
    assert differences(Item(1, "left", 2.0), Item(2, "right", 2.0)) == [("side", "left", "right")]
    assert differences(Item(1, "left", None), Item(2, "left", 2.0)) == [("mass g", "–", "2.0")]


@pytest.mark.parametrize(("button", "choice"), [("Keep mine", Choice.MINE), ("Take theirs", Choice.THEIRS)])
def test_the_person_chooses_between_two_versions(qtbot: QtBot, button: str, choice: Choice) -> None:
    from gui.widgets.buttons import Button

    conflict = Conflict("Marko changed it.", Item(1, "left", 2.0), Item(2, "right", 2.0))
    dialog = ConflictDialog.for_error(conflict)
    qtbot.addWidget(dialog)
    next(b for b in dialog.findChildren(Button) if b.text() == button).click()
    assert dialog.choice is choice


@pytest.mark.parametrize("words", ["~nobody-of-this-name/x", "x" * 5000, "a\0b"])
def test_a_path_that_no_file_can_have_is_refused_beside_its_field(qtbot: QtBot, words: str) -> None:
    for many in (False, True):
        field = PathField("path", "File", many=many)
        qtbot.addWidget(field)
        field.editor.setMaxLength(10_000)  # type: ignore[attr-defined]
        field.set_value(words)
        with pytest.raises(Invalid, match="No file can have this name"):
            field.value()
