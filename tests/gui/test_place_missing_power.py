"""Who should give a sample next, asked on the page of a missing person and of a family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from forensics.domain.kinship import FrequencyTable, KinshipCase, Member, Pedigree, Sex
from forensics.domain.lists import ListQuery
from forensics.domain.power import Kind
from forensics.domain.power_questions import family_question
from forensics.genetics.power_ranking import rank
from forensics.services import families
from forensics.services.power import FamilyPower, FamilyPowerQuestion, Someone
from gui.context import Context, Ref
from gui.places import missing_power_words as words
from gui.places.missing import MissingPlace
from gui.widgets.svgview import SvgView
from tests.support.laboratories import Staffed

TITLE = "Who should give a sample next?"


@pytest.fixture
def place(qtbot: QtBot, small_lab: Staffed) -> Iterator[MissingPlace]:
    lab = small_lab["manager"]
    context = Context(lab, "Laboratory")
    made = MissingPlace(context)
    made.resize(1300, 800)
    made.show()
    made.begin()
    qtbot.waitUntil(lambda: made.persons.list.model.rowCount() > 0, timeout=5000)
    yield made
    made.close()
    context.close()


def searched(small_lab: Staffed) -> tuple[UUID, str, families.FamilyRecord]:
    """A missing person whose father or mother alone is typed: quick to compute also with θ."""
    manager = small_lab["manager"]
    query = ListQuery(limit=200, filters={"confirmed": (True,)})
    for row in manager.run(families.missing_persons, query).rows:
        record = manager.run(families.family_record, row.family)
        own = next(r for r in record.relatives if r.missing_person == row.id)
        if record.typed and record.typed <= {own.father, own.mother}:
            return row.id, row.number, record
    raise AssertionError("the demonstration has no such family")


def opened(qtbot: QtBot, place: MissingPlace, kind: str, id: UUID, number: str) -> None:
    place.open(Ref(kind, id, number))
    qtbot.waitUntil(lambda: bool(place.shown.current and place.shown.current.id == id), timeout=5000)
    qtbot.waitUntil(lambda: any(label.text().startswith(TITLE) for label in labels(place)), timeout=5000)


def labels(place: MissingPlace) -> list[QLabel]:
    return [label for label in place.shown.page.findChildren(QLabel) if label.isVisibleTo(place)]


def said(place: MissingPlace) -> str:
    return "\n".join(label.text() for label in labels(place))


def press(qtbot: QtBot, place: MissingPlace, title: str) -> None:
    button = next(b for b in place.shown.page.findChildren(QPushButton) if b.text() == title)
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)


def test_the_ranking_is_computed_on_demand_and_said_in_words(
    qtbot: QtBot, place: MissingPlace, small_lab: Staffed
) -> None:
    missing, number, record = searched(small_lab)
    opened(qtbot, place, "missing_person", missing, number)
    assert "is computed on demand" in said(place)
    press(qtbot, place, "Compute")
    assert "Is being computed" in said(place)
    qtbot.waitUntil(lambda: missing in place.persons.next.found, timeout=60000)
    qtbot.waitUntil(lambda: "gave a sample" in said(place), timeout=5000)
    own = next(r for r in record.relatives if r.missing_person == missing)
    typed = "father" if own.father in record.typed else "mother"
    assert f"With the profile of the {typed}, the required LR of" in said(place)
    if not {own.father, own.mother} <= record.typed:
        other = "mother" if typed == "father" else "father"
        assert f"If the {other} gave a sample, the required LR of" in said(place)
    figure = next(
        v for v in place.shown.page.findChildren(SvgView) if v.accessibleName().startswith("Chance to reach")
    )
    assert figure.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert "now" in figure.things
    assert len(figure.things) > 1


def test_a_change_of_the_family_sets_the_ranking_aside(
    qtbot: QtBot, place: MissingPlace, small_lab: Staffed
) -> None:
    missing, number, record = searched(small_lab)
    opened(qtbot, place, "missing_person", missing, number)
    press(qtbot, place, "Compute")
    qtbot.waitUntil(lambda: missing in place.persons.next.found, timeout=60000)
    donor = next(d for d in record.donors if d.profile and d.consent)
    place.persons.context.act(families.withdraw_consent, donor.donor.id, "changed their mind")
    qtbot.waitUntil(lambda: "is computed on demand" in said(place), timeout=5000)
    assert missing not in place.persons.next.found


def test_it_can_be_stopped_on_the_page(qtbot: QtBot, place: MissingPlace, small_lab: Staffed) -> None:
    missing, _, record = searched(small_lab)
    opened(qtbot, place, "family", record.family.id, record.family.number)
    press(qtbot, place, "Compute")
    press(qtbot, place, "Stop")
    qtbot.waitUntil(lambda: not place.families.next.running, timeout=20000)
    assert missing not in place.families.next.found
    qtbot.waitUntil(lambda: "is computed on demand" in said(place), timeout=5000)


def test_what_can_not_be_computed_is_said_on_the_page(
    qtbot: QtBot, place: MissingPlace, small_lab: Staffed
) -> None:
    missing, number, record = searched(small_lab)
    from forensics.services import operations

    op = small_lab["manager"].run(operations.operation, record.family.operation)
    place.persons.context.act(operations.change_operation, op, {"frequencies": None})
    opened(qtbot, place, "missing_person", missing, number)
    press(qtbot, place, "Compute")
    qtbot.waitUntil(lambda: "no frequency table yet" in said(place), timeout=10000)


# sentences

LOCI = tuple(f"L{i}" for i in range(8))
TABLE = FrequencyTable("a table", {x: {str(a): 0.1 for a in range(10)} for x in LOCI})
FAMILY = Pedigree(
    (
        Member("gf", Sex.MALE),
        Member("gm", Sex.FEMALE),
        Member("mother", Sex.FEMALE, "gf", "gm"),
        Member("U1", Sex.MALE, "gf", "gm"),
        Member("U2", Sex.MALE, "gf", "gm"),
        Member("father", Sex.MALE),
        Member("missing", Sex.MALE, "father", "mother"),
        Member("H1", Sex.FEMALE),
    )
)


def made(typed: tuple[str, ...], **flags: dict[str, bool]) -> FamilyPower:
    from forensics.domain.kin_words import kin_words

    genotypes = {who: dict.fromkeys(LOCI, ("1", "2")) for who in typed}
    question = family_question(
        KinshipCase("f", LOCI, TABLE, FAMILY, FAMILY, genotypes), "missing", required=4.0
    )
    people = {
        c.id: Someone(
            c.kind, kin_words(FAMILY, c.id, "missing") if c.kind is Kind.DRAWN else c.kind.value, c.id
        )
        for c in question.candidates
    }
    people = {id: replace(one, **flags.get(id, {})) for id, one in people.items()}
    unable = {id for id, one in people.items() if one.deceased or one.withdrawn}
    relations = tuple(kin_words(FAMILY, code, "missing") for code in typed)
    able = [replace(c, can_be_asked=c.can_be_asked and c.id not in unable) for c in question.candidates]
    question = replace(question, candidates=tuple(able))
    asked = FamilyPowerQuestion(uuid4(), question, people, relations, 200, True)
    return FamilyPower(asked, rank(question))


def test_the_sentences_say_who_how_often_and_from_what() -> None:
    found = made(("father",))
    assert words.now_sentence(found).startswith(
        "With the profile of the father, the required LR of 1.0 × 10⁴"
    )
    best = words.best_sentence(found)
    assert best.startswith(
        "If the mother gave a sample, the required LR of 1.0 × 10⁴ would be reached in 100 % of cases"
    )
    assert "(now " in best
    assert "200 profiles of the last search" in words.chance_sentence(found)
    assert words.basis_sentence(found).startswith(
        "For complete profiles at 8 loci, a table, θ = 0, without mutation;"
    )


def test_two_of_the_same_relation_are_told_apart_by_their_code() -> None:
    found = made(("father",))
    names = {words.people_words(one, found) for one in found.ranking.singles}
    assert {"mother's brother (U1)", "mother's brother (U2)", "maternal grandfather", "mother"} <= names
    assert "further child" in names


def test_who_is_apart_changes_nothing_and_is_named_last() -> None:
    found = made(("father",))
    assert "H1" in words.rest_sentence(found)
    assert "H1" not in {row.name for row in words.figure_rows(words.shown(found), found)}


def test_the_dead_and_those_who_withdrew_are_not_proposed_first() -> None:
    found = made(("father",), mother={"deceased": True})
    assert "mother gave" not in words.best_sentence(found)
    notes = {row.name: row.note for row in words.figure_rows(words.shown(found), found)}
    assert notes["mother"] == "deceased: bones or belongings only"
    found = made(("father",), mother={"withdrawn": True}, U1={"expected": True})
    notes = {row.name: row.note for row in words.figure_rows(words.shown(found), found)}
    assert "mother gave" not in words.best_sentence(found)
    assert notes["mother"] == "withdrew the consent"
    assert notes["mother's brother (U1)"] == "has agreed, no accepted profile yet"


def test_two_samples_together_are_said_where_one_is_not_enough() -> None:
    found = made((), mother={"deceased": True}, father={"deceased": True})
    assert words.now_sentence(found).startswith("No relative has a profile")
    assert words.chance_sentence(found) == ""
    assert len(found.ranking.pairs) == 3
    names = {c.id for one in found.ranking.pairs for c in one.candidates}
    assert not names & {"mother", "father", "missing"}
    pair = words.pair_sentence(found)
    assert pair.startswith("If a further ")
    assert " both gave one: " in pair
    assert {row.note for row in words.figure_rows(found.ranking.pairs, found)} == {"simulated"}


def test_with_both_parents_nobody_else_is_needed() -> None:
    found = made(("father", "mother"))
    drawn = [one for one in found.ranking.singles if one.candidates[0].kind is Kind.DRAWN]
    assert not any(words.helps(one, found) for one in drawn)
    assert "maternal grandfather" in words.rest_sentence(found)
