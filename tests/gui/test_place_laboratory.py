"""The laboratory through the window: a technician's plate by keyboard and scanner, the release by another, quality."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from forensics.domain.laboratory import BatchState, LotState, Stage, WellState
from forensics.domain.lists import ListQuery
from forensics.domain.quality import NonconformityState
from forensics.services import batches, nonconformities, reagents
from gui.context import Ref
from gui.place import ListPlace
from gui.places.laboratory import BATCH, ELIMINATION, LOT, NONCONFORMITY, LaboratoryPlace
from gui.places.laboratory_batches import BatchesList
from gui.places.laboratory_details import details_form
from tests.support.batches import Bench, control, run_file
from tests.support.desk import Desk, Desks, said_on
from tests.support.laboratories import Staffed

Sit = Callable[[str], LaboratoryPlace]


@pytest.fixture
def bench(staffed: Staffed, tmp_path: Path) -> Bench:
    return Bench(staffed, tmp_path)


@pytest.fixture
def desks(qtbot: QtBot, staffed: Staffed) -> Any:
    from tests.support.desk import desks_of

    with desks_of(qtbot, staffed) as sit:
        yield sit


def _open(desk: Desk, ref: Ref) -> tuple[LaboratoryPlace, Any]:
    place = desk.sit(LaboratoryPlace)
    place.open(ref)
    shown: ListPlace = place.shown
    desk.wait(lambda: shown.current is not None and shown.current.id == ref.id)
    desk.wait(lambda: not shown.is_writing)
    return place, shown


def _act(shown: BatchesList, words: str) -> Any:
    action = next(a for a in shown.actions_offered() if a.text == words)
    assert not action.why_not, action.why_not
    return action.run()


def _again(desk: Desk, shown: ListPlace) -> None:
    shown.show_again()
    desk.wait(lambda: not shown.is_writing)


def test_a_plate_is_scanned_locked_run_and_released_by_another(
    qtbot: QtBot, desks: Desks, bench: Bench, tmp_path: Path
) -> None:
    tubes = bench.samples(2)
    for stage in (Stage.EXTRACTION, Stage.QUANTIFICATION, Stage.AMPLIFICATION):
        bench.released(stage, tubes)
    draft = bench.draft(Stage.DETECTION)
    desk = desks("tamara")
    _, shown = _open(desk, Ref(BATCH, draft.id, draft.number))
    assert isinstance(shown, BatchesList)
    for position, tube in zip(("A1", "B1"), tubes, strict=True):
        assert shown.panel is not None
        assert shown.panel.record.offered == position
        qtbot.keyClicks(shown.panel.field, tube.token)
        qtbot.keyClick(shown.panel.field, Qt.Key.Key_Return)
        desk.wait(lambda at=position: shown.panel.record.offered != at)  # type: ignore[misc, union-attr]
    _act(shown, "Lock")
    _again(desk, shown)
    _act(shown, "Start")
    _again(desk, shown)
    path = tmp_path / "detection.txt"
    path.write_text(run_file(bench.rows(tubes).items()))
    desk.answer(path=path)
    _act(shown, "Take in the run")
    _again(desk, shown)
    release = next(a for a in shown.actions_offered() if a.text == "Release…")
    assert "another person" in release.why_not
    other = desks("reviewer")
    _, theirs = _open(other, Ref(BATCH, draft.id, draft.number))
    other.hold()
    _act(theirs, "Release…")
    assert other.refused == []
    assert bench.tech.run(batches.batch_record, draft.id).batch.state is BatchState.RELEASED


def test_the_form_of_a_draft_offers_what_can_be_used_and_what_the_last_one_had(
    desks: Desks, bench: Bench
) -> None:
    last = bench.draft(Stage.AMPLIFICATION)
    desk = desks("tamara")
    _, shown = _open(desk, Ref(BATCH, last.id, last.number))
    usual = bench.tech.run(batches.offered_to_detail, bench.operation, Stage.AMPLIFICATION)
    made: list[batches.BatchDetails] = []
    form = details_form(desk.context, shown, "New batch", Stage.AMPLIFICATION, usual, made.append)
    assert form.save()
    assert made == [bench.details(Stage.AMPLIFICATION)]
    bench.tech.run(reagents.end_lot, bench.lots[Stage.AMPLIFICATION], LotState.USED_UP)
    desk.answer(version="4")
    _act(shown, "Details")
    changed = bench.tech.run(batches.batch_record, last.id).batch
    assert (changed.protocol_version, changed.lots) == ("4", ())


def test_a_wrong_tube_is_told_at_the_foot_and_the_well_still_waits(
    qtbot: QtBot, desks: Desks, bench: Bench
) -> None:
    first, second = bench.samples(2)
    draft = bench.draft(Stage.EXTRACTION)
    desk = desks("tamara")
    _, shown = _open(desk, Ref(BATCH, draft.id, draft.number))
    _act(shown, "Fill")
    _again(desk, shown)
    qtbot.keyClicks(shown.panel.field, second.token)
    qtbot.keyClick(shown.panel.field, Qt.Key.Key_Return)
    assert any(f"A1 is for {first.token}" in words for words, _ in desk.said)
    assert bench.at(draft.id, "A1").state is WellState.PLACED


def test_a_scan_anywhere_is_the_next_tube_of_the_draft_that_is_shown(desks: Desks, bench: Bench) -> None:
    tubes = bench.samples(2)
    draft = bench.draft(Stage.EXTRACTION)
    desk = desks("tamara")
    place, shown = _open(desk, Ref(BATCH, draft.id, draft.number))
    assert place.scanned(tubes[0].token)
    assert bench.at(draft.id, "A1").sample == tubes[0].id
    assert not place.scanned(draft.number)
    desk.wait(lambda: shown.panel.record.offered == "B1")
    assert place.scanned(tubes[0].token)
    assert any("is already on the plate" in words for words, _ in desk.said)


def test_arrow_keys_go_from_well_to_well_and_say_what_stands_there(
    qtbot: QtBot, desks: Desks, bench: Bench
) -> None:
    (tube,) = bench.samples(1)
    draft = bench.draft(Stage.EXTRACTION)
    bench.scan(draft.id, [tube])
    _, shown = _open(desks("tamara"), Ref(BATCH, draft.id, draft.number))
    plate = shown.panel.plate
    visited = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up):
        qtbot.keyClick(plate, key)
        visited.append(plate.position)
    assert visited[0] == "A1"
    assert visited[1:] == ["A2", "A1", "H12"]
    assert "Extraction blank" in said_on(shown.panel)
    qtbot.keyClick(plate, Qt.Key.Key_Down)
    assert tube.token in [button.text() for button in shown.panel.findChildren(QPushButton)]


def test_a_failed_batch_says_why_and_leads_to_its_repeat(desks: Desks, bench: Bench) -> None:
    tubes = bench.samples(1)
    failed = bench.take_in(bench.detection(tubes).id, bench.rows(tubes, {"NC": {"TH01": ("6",)}}))
    desk = desks("reviewer")
    _, shown = _open(desk, Ref(BATCH, failed.id, failed.number))
    said = said_on(shown.page)
    assert "Every well is blocked. The negative control in G12 holds alleles (TH01 6)." in said
    assert "Repeated by" in said


def test_a_nonconformity_is_investigated_and_closed_by_another(desks: Desks, bench: Bench) -> None:
    tubes = bench.samples(1)
    bench.take_in(bench.detection(tubes).id, bench.rows(tubes, {"NC": {"TH01": ("6",)}}))
    (line,) = bench.tech.run(nonconformities.nonconformities, ListQuery()).rows
    desk = desks("tamara")
    _, shown = _open(desk, Ref(NONCONFORMITY, line.id, line.number))
    desk.answer(cause="a splash", action="the hood was cleaned")
    shown.investigate(bench.tech.run(nonconformities.nonconformity_record, line.id).nonconformity)
    manager = desks("quality")
    _, theirs = _open(manager, Ref(NONCONFORMITY, line.id, line.number))
    manager.answer(words="three clean blanks")
    theirs.close_it(bench.tech.run(nonconformities.nonconformity_record, line.id).nonconformity)
    done = bench.tech.run(nonconformities.nonconformity_record, line.id).nonconformity
    assert done.state is NonconformityState.CLOSED


def test_a_quarantine_is_lifted_on_the_page_of_the_batch_or_of_the_nonconformity(
    desks: Desks, bench: Bench
) -> None:
    tubes = bench.samples(2)
    detection = bench.detection(tubes)
    rows = {tubes[0].token: control("007"), tubes[1].token: control("9948")}
    bench.take_in(detection.id, bench.rows(tubes, rows))
    desk = desks("quality")
    _, shown = _open(desk, Ref(BATCH, detection.id, detection.number))
    first = next(one for one in shown.record.wells if one.well.position == "A1")
    desk.hold("the plate was checked")
    shown.acts.quarantine(first)[0].run()
    assert bench.at(detection.id, "A1").state is WellState.PASSED
    lines = bench.tech.run(nonconformities.nonconformities, ListQuery()).rows
    line = next(one for one in lines if one.sample == tubes[1].token)
    place, theirs = _open(desk, Ref(NONCONFORMITY, line.id, line.number))
    assert "Quarantined" in said_on(theirs.page)
    desk.hold("the control was pipetted into it")
    button = next(b for b in theirs.page.findChildren(QPushButton) if b.text() == "Contaminated…")
    button.click()
    assert desk.refused == []
    assert bench.at(detection.id, "B1").state is WellState.BLOCKED
    place.close()


def test_quantities_are_pasted_and_a_bad_line_is_named(desks: Desks, bench: Bench) -> None:
    tubes = bench.samples(1)
    bench.released(Stage.EXTRACTION, tubes)
    batch = bench.running(Stage.QUANTIFICATION, tubes)
    desk = desks("tamara")
    _, shown = _open(desk, Ref(BATCH, batch.id, batch.number))
    desk.answer(table="Well\tSmall\nJ9\t0.2\n")
    _act(shown, "Paste results")
    assert any("line 2, column Well: 'J9' is no position" in words for words in desk.refused)
    desk.answer(table="Well\tSmall\tLarge\nA1\t0,2\t0,1\n")
    _act(shown, "Paste results")
    assert bench.at(batch.id, "A1").small == pytest.approx(0.2)


def test_the_elimination_database_is_there_for_the_quality_manager_alone(desks: Desks, bench: Bench) -> None:
    assert ELIMINATION not in desks("tamara").sit(LaboratoryPlace).switch.buttons
    desk = desks("quality")
    place = desk.sit(LaboratoryPlace)
    place.show_list(ELIMINATION)
    assert "no DNA" not in said_on(place.shown)


def test_lots_are_entered_by_the_technician(desks: Desks, bench: Bench) -> None:
    desk = desks("tamara")
    place = desk.sit(LaboratoryPlace)
    place.show_list(LOT)
    from forensics.domain.laboratory import LotKind

    desk.answer(kind=LotKind.POLYMER, name="POP-4", lot="991", expires="2031-01-31", opened="")
    place.shown.register()  # type: ignore[attr-defined]
    assert desk.refused == []
    desk.wait(lambda: place.shown.list.model.rowCount() == 5)
