"""Missing persons and families, tried on a real laboratory through the widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from forensics.domain.families import ConsentState, MissingPerson, MissingState
from forensics.domain.kinship import Sex
from forensics.domain.lines import MissingLine
from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.services import families, operations
from forensics.services.door import Laboratory
from forensics.services.families import FamilyRecord
from forensics.services.people import prove
from forensics.services.profiles import profile
from gui.context import Context, Ref
from gui.places import missing_forms as forms
from gui.places.missing import FAMILIES, MissingPlace
from gui.places.samples_import import ImportPage
from gui.widgets.conflict import Choice
from gui.widgets.forms import FormDialog
from gui.widgets.marks import Chip
from tests.support.dialogs import Answers, chosen, filled, sworn
from tests.support.laboratories import PASSWORD, Staffed

Open = Callable[[str], MissingPlace]


@pytest.fixture
def opened(qtbot: QtBot, small_lab: Staffed) -> Iterator[Open]:
    """The place as somebody sees it."""
    made: list[MissingPlace] = []

    def open_as(login: str) -> MissingPlace:
        lab = small_lab[login]
        context = Context(lab, "Laboratory")
        context.prove = partial(prove_with, lab)
        place = MissingPlace(context)
        made.append(place)
        place.resize(1300, 800)
        place.show()
        place.begin()
        qtbot.waitUntil(lambda: place.persons.list.model.rowCount() > 0, timeout=5000)
        return place

    yield open_as
    for place in made:
        for shown in (place.persons, place.families):
            shown.list._pause.stop()  # a list that waits for typing would ask a laboratory that is closed
        tasks = place.context.tasks
        qtbot.waitUntil(lambda: not tasks._alive, timeout=5000)  # noqa: B023 - waited for at once
        place.context.close()
        delete(place)


def prove_with(lab: Laboratory, password: str) -> None:
    prove(lab, password)


def row_of(place: MissingPlace, line: int = 0) -> MissingLine:
    found = place.persons.list.model.row(line)
    assert isinstance(found, MissingLine)
    return found


def words(place: MissingPlace) -> str:
    return "\n".join(label.text() for label in place.shown.page.findChildren(QLabel))


def button(qtbot: QtBot, place: MissingPlace, text: str) -> QPushButton:
    """The button that can be seen; what a page showed before may still be on its way out."""

    def found() -> list[QPushButton]:
        shown = place.shown.page.findChildren(QPushButton)
        return [one for one in shown if one.text() == text and one.isVisible()]

    qtbot.waitUntil(lambda: bool(found()), timeout=4000)
    return found()[0]


def show_family(qtbot: QtBot, place: MissingPlace, id: UUID, number: str) -> FamilyRecord:
    place.open(Ref("family", id, number))
    qtbot.waitUntil(
        lambda: place.families.current is not None and place.families.current.id == id, timeout=5000
    )
    qtbot.waitUntil(lambda: place.families.page.key == id, timeout=5000)
    record = place.context.query(families.family_record, id)
    assert record is not None
    return record


def some_family(place: MissingPlace, confirmed: bool = True) -> tuple[UUID, str]:
    page = place.context.query(families.families, ListQuery(filters={"confirmed": (confirmed,)}, limit=5))
    assert page is not None
    return page.rows[0].id, page.rows[0].number


def test_names_are_found_in_any_script_and_shown_to_those_who_may_read_them(
    qtbot: QtBot, opened: Open
) -> None:
    place = opened("manager")
    page = place.context.query(families.missing_persons, ListQuery(limit=500))
    assert page is not None
    arabic = next(row for row in page.rows if row.original_name and not row.original_name.isascii())
    for text in (arabic.original_name, arabic.name.split()[-1].lower()):
        place.persons.list.show_only(text)
        qtbot.waitUntil(
            lambda: arabic.id in {row_of(place, n).id for n in range(place.persons.list.model.rowCount())},
            timeout=5000,
        )
    place.open(Ref("missing_person", arabic.id, arabic.number))
    qtbot.waitUntil(lambda: arabic.original_name in words(place), timeout=5000)
    assert arabic.name in words(place)


def test_the_laboratory_is_blind(qtbot: QtBot, opened: Open) -> None:
    place = opened("analyst")
    qtbot.waitUntil(lambda: place.persons.page.key is not None, timeout=5000)
    row = row_of(place)
    assert row.name == row.original_name == row.last_place == ""
    assert row.token in words(place)
    assert "You work with the token" in words(place)
    assert not button(qtbot, place, "Change…").isEnabled()


def test_somebody_is_reported_missing_with_uncertain_dates(
    qtbot: QtBot, opened: Open, answers: Answers
) -> None:
    place = opened("manager")
    answers.then(
        filled(
            given_names="Zoran", family_names="Đorđević", original_name="Зоран Ђорђевић", aliases="Zoki, Zoća",
            sex=Sex.MALE, birth="1971?", height_cm="181", height_source="military record",
            last_seen="1995-07-11/1995-07-19", last_place="Potočari",
        )
    )  # fmt: skip
    place.report()
    answers.demand()
    qtbot.waitUntil(lambda: "Zoran Đorđević · Зоран Ђорђевић" in words(place), timeout=5000)
    page = place.context.query(families.missing_persons, ListQuery(text="zoran dordevic"))
    assert page is not None
    person = place.context.query(families.missing_person, page.rows[0].id)
    assert isinstance(person, MissingPerson)
    assert person.aliases == ("Zoki", "Zoća")
    assert str(person.birth) == "1971?"
    assert person.sex is Sex.MALE
    assert "22–25 years old when last seen" in words(place)
    assert "military record" in words(place)
    assert "Not searched" in words(place)


def test_a_date_that_can_t_be_is_refused_beside_its_field(
    qtbot: QtBot, opened: Open, answers: Answers
) -> None:
    place = opened("manager")
    heard: list[str] = []

    def answer(form: FormDialog) -> None:
        form.fields["family_names"].set_value("X")
        form.fields["birth"].set_value("long ago")
        assert not form.save()
        heard.append(form.fields["birth"].error.text())
        form.reject()

    answers.then(answer)
    place.report()
    answers.demand()
    assert heard == ["“long ago” is not a date; write 1995-07-11, 1995-07, 1994? or 1995-07-11/1995-07-19."]


def test_the_pedigree_is_drawn_and_worked_with_the_keys_alone(
    qtbot: QtBot, opened: Open, answers: Answers
) -> None:
    place = opened("manager")
    before = show_family(qtbot, place, *some_family(place))
    panel = place.families.panel
    assert panel is not None
    assert panel.code == "MP"
    answers.then(filled(relation="maternal aunt", code="A1", deceased=True))
    qtbot.keyClick(panel.view, Qt.Key.Key_A)
    answers.demand()
    after = place.context.query(families.family_record, before.family.id)
    assert after is not None
    aunt = next(r for r in after.relatives if r.code == "A1")
    assert (aunt.sex, aunt.deceased, aunt.relation) == (Sex.FEMALE, True, "maternal aunt")
    assert after.family.confirmed_by is None  # a changed drawing waits for a person again
    assert "this family takes no part in searches" in words(place)
    assert place.families.panel is not None
    assert place.families.panel.code == "A1"  # the new relative is chosen for what comes next

    answers.then(
        filled(form="C-17", given_on="2025-02-03", language="Arabic", recipients="ICMP", name="Amina")
    )
    qtbot.keyClick(place.families.panel.view, Qt.Key.Key_D)
    answers.demand()
    donors = place.context.query(families.family_record, before.family.id).donors  # type: ignore[union-attr]
    new = next(d for d in donors if d.relative.code == "A1")
    assert new.consent is not None
    assert (new.consent.form, new.consent.recipients) == ("C-17", ("ICMP",))
    assert "Amina" in words(place)

    answers.then(filled())
    button(qtbot, place, "Confirm the pedigree…").click()
    answers.demand()
    confirmed = place.context.query(families.family_record, before.family.id)
    assert confirmed is not None
    assert confirmed.family.confirmed_by == place.context.lab.person.id


def test_a_person_of_the_drawing_is_chosen_with_arrow_and_enter(qtbot: QtBot, opened: Open) -> None:
    place = opened("manager")
    show_family(qtbot, place, *some_family(place))
    panel = place.families.panel
    assert panel is not None
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    first = panel.view.things[0]
    assert panel.code == first.removeprefix("person-")
    assert panel.view.selected == {first}
    qtbot.mouseClick(
        panel.view, Qt.MouseButton.LeftButton, pos=panel.view.box_of("person-MP").center().toPoint()
    )
    assert panel.code == "MP"


def test_what_was_drawn_can_be_removed_but_not_a_donor(qtbot: QtBot, opened: Open, answers: Answers) -> None:
    place = opened("manager")
    record = show_family(qtbot, place, *some_family(place))
    lab = place.context.lab
    lab.run(families.add_relative, record.family.id, "MP", "maternal uncle", "U1")
    show_family(qtbot, place, record.family.id, record.family.number)
    qtbot.waitUntil(
        lambda: place.families.panel is not None and "person-U1" in place.families.panel.view.things
    )
    assert place.families.panel is not None
    place.families.panel.choose("U1")
    qtbot.keyClick(place.families.panel.view, Qt.Key.Key_Delete)
    after = lab.run(families.family_record, record.family.id)
    assert {r.code for r in after.relatives} == {r.code for r in record.relatives}
    place.families.panel.choose(record.donors[0].relative.code)
    off = {action.text: action.why_not for action in place.families.panel.offered()}
    assert off["Remove"] == "A missing person or a donor stays in the drawing."


def test_a_second_missing_person_is_drawn_as_a_relative(qtbot: QtBot, opened: Open, answers: Answers) -> None:
    place = opened("manager")
    record = show_family(qtbot, place, *some_family(place))
    answers.then(filled(place="newMP", relation="brother", given_names="Tarik"))
    forms.missing_in_drawing(place.context, record, "", place)
    answers.demand()
    after = place.context.query(families.family_record, record.family.id)
    assert after is not None
    second = next(r for r in after.relatives if r.code == "MP2")
    first = next(r for r in after.relatives if r.code == "MP")
    assert (second.father, second.mother) == (first.father, first.mother)
    assert second.father is not None
    assert [p.given_names for p in after.missing][1:] == ["Tarik"]


def test_a_withdrawn_consent_takes_the_profile_out_at_once(
    qtbot: QtBot, opened: Open, answers: Answers
) -> None:
    place = opened("manager")
    record = show_family(qtbot, place, *some_family(place))
    assert all(donor.profile is not None for donor in record.donors)
    answers.then(sworn(PASSWORD, "asked by telephone"))
    button(qtbot, place, "Withdraw consent…").click()
    answers.demand()
    after = place.context.query(families.family_record, record.family.id)
    assert after is not None
    (gone,) = [d for d in after.donors if d.withdrawn is not None]
    before = next(d for d in record.donors if d.donor.id == gone.donor.id)
    assert before.profile is not None
    assert (gone.consent, gone.profile) == (None, None)
    assert gone.withdrawn is not None
    assert gone.withdrawn.state is ConsentState.WITHDRAWN
    assert gone.withdrawn.note == "asked by telephone"
    assert place.context.query(profile, before.profile.id).state is ProfileState.WITHDRAWN  # type: ignore[union-attr]
    chips = {chip.mark.word for chip in place.shown.page.findChildren(Chip)}
    assert "Consent withdrawn" in chips


@pytest.mark.parametrize(("choice", "kept"), [(Choice.MINE, "a scar"), (Choice.THEIRS, "none")])
def test_two_people_who_correct_one_record_see_both_versions(
    opened: Open, small_lab: Staffed, answers: Answers, choice: Choice, kept: str
) -> None:
    place = opened("manager")
    id = row_of(place).id
    seen = place.context.lab.run(families.missing_person, id)
    small_lab["manager"].run(families.change_missing_person, seen, {"marks": "none"})
    answers.then(filled(marks="a scar")).then(chosen(choice))
    forms.change_person(place.context, seen, place)
    answers.demand()
    assert place.context.lab.run(families.missing_person, id).marks == kept


def test_the_state_of_a_search_is_recorded(opened: Open, answers: Answers) -> None:
    place = opened("manager")
    id = row_of(place).id
    person = place.context.lab.run(families.missing_person, id)
    answers.then(filled(state=MissingState.DATA_COMPLETE))
    forms.change_state(place.context, person, place)
    answers.demand()
    assert place.context.lab.run(families.missing_person, id).state is MissingState.DATA_COMPLETE


def test_a_partners_families_are_imported_and_wait_for_a_person(
    qtbot: QtBot, opened: Open, small_lab: Staffed, tmp_path: Path
) -> None:
    place = opened("analyst")
    table = tmp_path / "families.csv"
    table.write_text(
        "Family,Relation,Sample,D8S1179_1,D8S1179_2,TH01_1,TH01_2\n"
        "X9,mother,X9-M,12,13,6,9.3\nX9,maternal uncle,X9-U,12,14,7,9.3\n"
    )
    place.import_file()
    page = place.front.currentWidget()
    assert isinstance(page, ImportPage)
    page.fields["path"].set_value(str(table))
    page.fields["form"].set_value("C-9")
    page.fields["given_on"].set_value("2025-01-02")
    page.read_file()
    qtbot.waitUntil(lambda: page.go.isEnabled(), timeout=30_000)
    page.take_in()
    qtbot.waitUntil(lambda: place.front.currentWidget() is place.lists, timeout=30_000)
    assert place.switch.current == FAMILIES
    small = small_lab["manager"]
    found = small.run(families.families, ListQuery(text="X9"))
    record = small.run(families.family_record, found.rows[0].id)
    assert record.family.confirmed_by is None
    assert {d.relative.relation for d in record.donors} == {"mother", "maternal uncle"}


def test_an_operation_is_needed_first(qtbot: QtBot, staffed: Staffed) -> None:
    lab = staffed["manager"]
    context = Context(lab, "Laboratory")
    heard: list[str] = []
    context.noticed.connect(lambda text, _: heard.append(text))
    assert not lab.run(operations.operations)
    place = MissingPlace(context)
    qtbot.addWidget(place)
    place.report()
    assert heard == ["There is no operation yet: create the first one in Laboratory settings."]
    context.close()
