"""Remains through the window: received by shorthand, sampled before a witness, joined, examined, signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from forensics.domain.anthropology import Completeness, Side
from forensics.domain.examinations import ExaminationState
from forensics.domain.lists import ListQuery
from forensics.domain.remains import AssociationState, Basis, Description
from forensics.domain.samples import SampleKind, SampleState
from forensics.services import anthropology, custody, examinations, remains
from gui.context import Ref, Some
from gui.places.examination import ExaminationPage
from gui.places.examination_reading import reading_page
from gui.places.remains import RemainsPlace
from gui.widgets.ceremony import Ceremony
from gui.widgets.conflict import ConflictDialog
from tests.support.answering import filled, when_asked
from tests.support.desk import Desks, said_on
from tests.support.laboratories import PASSWORD, Staffed

Open = Callable[[str], RemainsPlace]


@pytest.fixture
def opened(qtbot: QtBot, desks: Desks) -> Open:
    def make(login: str) -> RemainsPlace:
        place = desks(login).sit(RemainsPlace)
        place.resize(1366, 768)
        qtbot.waitUntil(lambda: place.cases.current is not None)
        return place

    return make


def press(place: Any, words: str) -> None:
    """Press the visible button with this word."""
    QApplication.processEvents()  # what was just put on the page is shown
    found = [b for b in place.findChildren(QPushButton) if b.text() == words and b.isVisible()]
    assert found, f"no button {words}"
    assert found[0].isEnabled(), found[0].toolTip()
    found[0].click()


def go(qtbot: QtBot, place: RemainsPlace, ref: Ref) -> None:
    place.open(ref)
    qtbot.waitUntil(lambda: place.current.current is not None and place.current.current.id == ref.id)
    qtbot.waitUntil(lambda: place.current.page.key == ref.id)


def item_of(lab: Staffed) -> Any:
    return lab["tamara"].run(remains.items, ListQuery(limit=1)).rows[0]


def test_a_case_is_received_with_its_bones_in_short(qtbot: QtBot, opened: Open, small_lab: Staffed) -> None:
    place = opened("tamara")
    before = place.cases.list.model.rowCount()
    when_asked(
        filled(
            description=Description.SKELETAL,
            received_from="Coast guard",
            contents="L fem, R fem, T11-12",
            seals="SE-1",
            new_place="Shelf 99",
        )
    )
    press(place, "Receive")
    qtbot.waitUntil(lambda: place.cases.list.model.rowCount() == before + 1)
    line = place.cases.list.model.row(0)
    record = small_lab["tamara"].run(remains.case_record, line.id)
    assert record.case.received_from == "Coast guard"
    assert [(i.element, str(i.side)) for i in record.items] == [
        ("femur", "left"), ("femur", "right"), ("t11", "midline"), ("t12", "midline"),
    ]  # fmt: skip
    assert {i.place for i in record.items} == {"Shelf 99"}


def test_a_word_that_is_no_bone_is_refused_beside_its_field(opened: Open, small_lab: Staffed) -> None:
    before = small_lab["tamara"].run(remains.cases, ListQuery()).total
    values = {"description": Description.SKELETAL, "received_from": "Police", "contents": "L fem, wing"}
    said = when_asked(filled(**values))
    press(opened("tamara"), "Receive")
    assert any("wing" in sentence for sentence in said)
    assert small_lab["tamara"].run(remains.cases, ListQuery()).total == before


def test_who_may_not_receive_is_told_why_on_the_button(opened: Open) -> None:
    place = opened("analyst")
    button = next(b for b in place.findChildren(QPushButton) if b.text() == "Receive")
    assert not button.isEnabled()
    assert button.toolTip() == "Your role does not receive remains."


def test_the_three_lists_are_one_key_apart_and_say_what_exists(qtbot: QtBot, opened: Open) -> None:
    place = opened("tamara")
    qtbot.keyClick(place.cases.list.view, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert place.current is place.items
    line = place.items.list.model.row(0)
    strip = next(c for c in place.items.list.model.columns if c.key == "exists").of(line)
    assert len(strip) == 5
    assert strip[1].word == ("sampled" if line.samples else "not sampled")
    qtbot.keyClick(place.items.list.view, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: place.individuals.current is not None)
    assert place.individuals.current.items > 1


def test_drafts_are_found_from_the_first_page(qtbot: QtBot, opened: Open, small_lab: Staffed) -> None:
    place = opened("anthropologist")
    place.open_some(Some("examination", {"draft": (True,)}))
    total = small_lab["anthropologist"].run(remains.cases, ListQuery(filters={"draft": (True,)})).total
    qtbot.waitUntil(lambda: place.cases.list.model.rowCount() == total)
    assert total > 0


def test_a_sample_is_planned_and_an_item_moved_on_its_page(
    qtbot: QtBot, opened: Open, small_lab: Staffed
) -> None:
    place, item = opened("tamara"), item_of(small_lab)
    go(qtbot, place, Ref("remains_item", item.id, item.number))
    before = len(small_lab["tamara"].run(remains.item_record, item.id).samples)
    when_asked(filled(kind=SampleKind.BONE))
    press(place, "Plan a sample")
    added = small_lab["tamara"].run(remains.item_record, item.id).samples[before:]
    assert [line.state for line in added] == [SampleState.PLANNED]
    when_asked(filled(new_place="Table 4", note="for measuring"))
    press(place, "Move")
    story = small_lab["tamara"].run(custody.item_story, item.id)
    assert (story[-1].where, story[-1].detail) == ("Table 4", "for measuring")


def test_two_items_are_joined_only_by_another_person(qtbot: QtBot, opened: Open, small_lab: Staffed) -> None:
    rows = [r for r in small_lab["tamara"].run(remains.items, ListQuery(limit=500)).rows if not r.individual]
    first, second = rows[0], rows[1]
    proposing = opened("anthropologist")
    go(qtbot, proposing, Ref("remains_item", first.id, first.number))
    when_asked(filled(other=second.number, basis=Basis.PAIR, explanation="mirror images"))
    press(proposing, "Same individual as…")
    found = small_lab["anthropologist"].run(remains.item_record, first.id).associations[-1]
    assert found.state is AssociationState.PROPOSED
    proposing.items.show_again()
    QApplication.processEvents()
    accepts = [b for b in proposing.items.page.findChildren(QPushButton) if b.text() == "Accept"]
    own = next(b for b in accepts if b.isVisible())
    assert not own.isEnabled()
    assert own.toolTip() == "You proposed it; another person decides."
    deciding = opened("reviewer")
    go(qtbot, deciding, Ref("remains_item", first.id, first.number))
    when_asked(filled(decision="agreed"))
    press(deciding, "Accept")
    record = small_lab["reviewer"].run(remains.item_record, first.id)
    assert record.individual is not None
    assert [line.id for line in record.together] == [second.id]
    deciding.items.show_again()
    when_asked(filled(reason="wrong side"))
    press(deciding, "Undo")
    assert small_lab["reviewer"].run(remains.item_record, first.id).individual is None


# -- the examination ------------------------------------------------------------------------------------


@pytest.fixture
def bench(qtbot: QtBot, opened: Open, small_lab: Staffed) -> ExaminationPage:
    """A new examination of a case that nobody has examined, opened from its page."""
    place = opened("anthropologist")
    rows = small_lab["anthropologist"].run(remains.cases, ListQuery(limit=500)).rows
    case = next(row for row in rows if not row.examinations)
    go(qtbot, place, Ref("remains_case", case.id, case.number))
    press(place, "Examine")
    page = place.stack.currentWidget()
    assert isinstance(page, ExaminationPage)
    return page


def stored(page: ExaminationPage) -> Any:
    assert page.seen is not None
    return page.context.lab.run(examinations.examination, page.seen.id)


def test_bones_are_recorded_by_line_by_click_and_by_part_of_the_body(
    qtbot: QtBot, bench: ExaminationPage
) -> None:
    panel = bench.panel
    assert panel is not None
    panel.line.setText("L fem, R fem")
    qtbot.keyClick(panel.line, Qt.Key.Key_Return)
    panel.choose(Completeness.PARTIAL)
    panel.skeleton.touched.emit(("sacrum", Side.MIDLINE), False)
    panel.skeleton.touched.emit(("tibia", Side.LEFT), True)
    panel.line.setText("- L fem")
    qtbot.keyClick(panel.line, Qt.Key.Key_Return)
    qtbot.keyClick(bench, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.save()
    found = {(line.element, line.side): line.completeness for line in stored(bench).inventory}
    assert found[("femur", "right")] == "complete"
    assert found[("sacrum", "midline")] == "partial"
    assert {("tibia", "left"), ("fibula", "left"), ("patella", "left")} <= set(found)
    assert stored(bench).minimum_individuals == 1


def test_the_bone_under_the_pointer_is_the_one_recorded(qtbot: QtBot, bench: ExaminationPage) -> None:
    skeleton = bench.panel.skeleton if bench.panel else None
    assert skeleton is not None
    box = skeleton.box_of("femur-left")
    qtbot.mouseClick(skeleton, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert [(line.element, line.side) for line in bench.panel.inventory.lines] == [("femur", "left")]  # type: ignore[union-attr]
    qtbot.mouseClick(skeleton, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert bench.panel.inventory.lines == []  # type: ignore[union-attr]


def test_a_second_bone_of_a_kind_is_a_second_person(qtbot: QtBot, bench: ExaminationPage) -> None:
    assert bench.panel is not None
    assert bench.form is not None
    for words in ("L fem", "+ L fem"):
        bench.panel.line.setText(words)
        qtbot.keyClick(bench.panel.line, Qt.Key.Key_Return)
    assert "at least 2 persons" in bench.form.counted.text()
    assert bench.form.fields["minimum_individuals"].value() == 2


def test_a_method_proposes_its_interval_and_keeps_its_arithmetic(bench: ExaminationPage) -> None:
    assert bench.form is not None
    inputs = {"group": "white_m", "fem": 455.0}
    result = bench.context.lab.run(anthropology.method_result, "stature.trotter_gleser_1952", inputs)
    bench.form.take(result)
    bench.save()
    kept = stored(bench)
    assert (kept.stature_minimum, kept.stature_maximum) == (round(result.low or 0), round(result.high or 0))
    assert kept.stature_method == result.title
    assert kept.results[0]["arithmetic"] == result.arithmetic


def test_that_ante_mortem_data_were_opened_is_recorded_and_read(bench: ExaminationPage) -> None:
    assert bench.form is not None
    bench.form.fields["unblinded_reason"].set_value("MP-26-00001-A, to find the right plate")
    bench.form.edited.emit()
    bench.save()
    assert stored(bench).unblinded_reason == "MP-26-00001-A, to find the right plate"
    page = reading_page(bench.context, stored(bench))
    assert "MP-26-00001-A, to find the right plate" in said_on(page)
    blind = reading_page(bench.context, replace(stored(bench), unblinded_reason=""))
    assert "Not opened before signing" in said_on(blind)


def test_signing_asks_for_the_password_and_ends_all_writing(qtbot: QtBot, bench: ExaminationPage) -> None:
    assert bench.panel is not None
    bench.panel.line.setText("mandible")
    qtbot.keyClick(bench.panel.line, Qt.Key.Key_Return)

    def wrong(ceremony: Ceremony) -> None:
        ceremony.password.set_value("not it")
        ceremony.carry_out()

    when_asked(wrong)
    bench.sign()
    assert stored(bench).state is ExaminationState.DRAFT

    def right(ceremony: Ceremony) -> None:
        ceremony.password.set_value(PASSWORD)
        ceremony.carry_out()

    when_asked(right)
    bench.sign()
    assert stored(bench).state is ExaminationState.SIGNED
    assert bench.form is None
    assert not bench.panel.editable
    qtbot.mouseClick(bench.panel.skeleton, Qt.MouseButton.LeftButton)
    assert [b.text() for b in bench.findChildren(QPushButton) if b.text() == "New version"]


def test_an_unsigned_inventory_without_a_bone_is_not_signed(bench: ExaminationPage) -> None:
    def attempt(ceremony: Ceremony) -> None:
        ceremony.password.set_value(PASSWORD)
        ceremony.carry_out()

    said = when_asked(attempt)
    bench.sign()
    assert any("inventory is empty" in sentence for sentence in said)
    assert stored(bench).state is ExaminationState.DRAFT


def test_what_was_written_elsewhere_meanwhile_is_never_overwritten_silently(bench: ExaminationPage) -> None:
    assert bench.form is not None
    assert bench.seen is not None
    bench.context.lab.run(examinations.change_examination, bench.seen, {"marks": "from the other window"})
    bench.form.fields["marks"].set_value("from this window")
    seen: list[str] = []

    def look(dialog: ConflictDialog) -> None:
        seen.extend(label.text() for label in dialog.findChildren(QLabel))
        next(b for b in dialog.findChildren(QPushButton) if b.text() == "Take theirs").click()

    when_asked(look)
    bench.save()
    assert {"from the other window", "from this window"} <= set(seen)
    assert stored(bench).marks == "from the other window"
    assert bench.form.fields["marks"].value() == "from the other window"


def test_leaving_saves_the_draft(bench: ExaminationPage, qtbot: QtBot) -> None:
    assert bench.form is not None
    bench.form.fields["rationale"].set_value("to be weighed tomorrow")
    bench.form.edited.emit()
    with qtbot.waitSignal(bench.left):
        bench.leave()
    assert stored(bench).rationale == "to be weighed tomorrow"


def test_going_elsewhere_saves_the_draft_and_closes_it(qtbot: QtBot, bench: ExaminationPage) -> None:
    assert bench.form is not None
    place = bench.parentWidget().parentWidget()  # type: ignore[union-attr]
    assert isinstance(place, RemainsPlace)
    bench.form.fields["dental"].set_value("11 to 28 there")
    bench.form.edited.emit()
    lab, id = bench.context.lab, bench.seen.id if bench.seen else None
    assert id is not None
    place.show_list(1)
    assert place.current is place.items
    assert place.stack.count() == len(place.lists)
    assert lab.run(examinations.examination, id).dental == "11 to 28 there"


def test_what_cannot_be_saved_keeps_the_examination_open(bench: ExaminationPage) -> None:
    assert bench.form is not None
    place = bench.parentWidget().parentWidget()  # type: ignore[union-attr]
    assert isinstance(place, RemainsPlace)
    bench.form.fields["age_minimum"].set_value("about thirty")
    bench.form.edited.emit()
    place.show_list(1)
    assert place.stack.currentWidget() is bench
    assert "is not a number" in bench.form.fields["age_minimum"].error.text()
