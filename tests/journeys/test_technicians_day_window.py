"""A technician's day through the real window, by keyboard and scanner: the van at eight, the released plate at five.

The evening before stands already: an operation, places, lots in date, instruments. Nothing of the day is put past
the widgets into the laboratory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forensics.domain.custody import PlaceKind
from forensics.domain.laboratory import BatchState, Stage
from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.services import auditing, batches, custody, profiles, samples, storage
from forensics.services.door import Laboratory
from gui.places.remains_intake import IntakePage
from gui.widgets.forms import FormDialog
from tests.support.batches import KIT, Bench, control, peak_table, person, second_technician
from tests.support.laboratories import PASSWORD, open_copy
from tests.support.workstation import Workstation, complaints, reopened

SCANNER = "~"  # what the scanner puts before each code: a loaded machine is no slow hand


@dataclass
class Day:
    """What the people know: numbers and tokens that they have read in the window."""

    folder: Path
    shelf: str = ""
    bones: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@pytest.fixture
def day(tmp_path: Path) -> Day:
    return Day(tmp_path)


@pytest.fixture
def seat(
    qtbot: QtBot, qapp: QApplication, empty_template: Path, tmp_path: Path, day: Day
) -> Iterator[Workstation]:
    """The custodian has come to the laboratory as it was left the evening before."""
    labs = open_copy(empty_template, tmp_path)
    Bench(labs, tmp_path)
    room = labs["custodian"].run(storage.create_location, "Cold room", kind=PlaceKind.ROOM)
    day.shelf = labs["custodian"].run(storage.create_location, "Shelf 2", room.id, 60).number
    second_technician(labs)
    labs.close()
    with reopened(qtbot, qapp, labs.location, "custodian") as made:
        QSettings().setValue("scanner/prefix", SCANNER)
        made.sign_in("custodian", PASSWORD)
        yield made


def test_a_day_from_the_delivery_to_the_released_batch(seat: Workstation, day: Day) -> None:
    at_eight_the_van_comes(seat, day)
    what_came_is_put_away_by_scanning(seat, day)
    the_bones_are_sampled(seat, day)
    for stage in (Stage.EXTRACTION, Stage.QUANTIFICATION, Stage.AMPLIFICATION):
        a_plate_is_worked(seat, day, stage)
        teo_releases(seat)
    the_run_is_taken_in(seat, day)
    teo_releases(seat)
    everything_is_accounted_for(seat, day)


def scan(seat: Workstation, code: str) -> None:
    """A scanner types into whatever has the focus."""
    window = seat.fronted()
    QTest.keyClicks(window.focusWidget() or window, f"{SCANNER}{code}")
    seat.key(window.focusWidget() or window, Qt.Key.Key_Return)
    QApplication.processEvents()


# -- the morning -----------------------------------------------------------------------------------------


def at_eight_the_van_comes(seat: Workstation, day: Day) -> None:
    """Two cases typed line by line, one seal broken; settled on the page of the delivery."""
    seat.run("Remains")
    seat.keys("Ctrl+4")
    seat.sees("No delivery yet")
    seat.keys("Ctrl+N")
    seat.wait(lambda: isinstance(seat.place.stack.currentWidget(), IntakePage))
    page = seat.place.stack.currentWidget()
    for name, words in (
        ("delivered_by", "Sgt. Vella"),
        ("institution", "Coast guard"),
        ("order_reference", "KT-12"),
    ):
        seat.write(page.fields[name].editor, words)
    first = page.rows.rows[0]
    seat.fill(first, {"contents": "L fem, R fem", "pieces": "2", "stated": "A-17", "found": "A-17 broken"})
    assert "frozen until that is settled" in first.told.text()
    seat.key(first.fields["found"].editor, Qt.Key.Key_Return)
    seat.wait(lambda: len(page.rows.rows) == 2)
    seat.fill(page.rows.rows[1], {"description": "Commingled", "contents": "T1-12, ribs 2-5"})
    seat.keys("Ctrl+Return")
    seat.sees("One discrepancy is not settled")
    seat.asked(
        lambda: seat.press("Settle"), seat.typed(resolution="Opened by customs; their protocol is here.")
    )
    seat.wait(lambda: "One discrepancy is not settled" not in seat.words())
    seat.keys("Ctrl+2")
    rows = seat.place.items.list.model
    seat.wait(lambda: rows.rowCount() == 2 + 12 + 8 and not rows.is_waiting)
    lines = [rows.row(at) for at in range(rows.rowCount())]
    day.bones = [line.number for line in lines if line.element == "femur"]
    assert len(day.bones) == 2


def what_came_is_put_away_by_scanning(seat: Workstation, day: Day) -> None:
    for bone in day.bones:
        scan(seat, bone)
        seat.sees("In hand: ")
    scan(seat, day.shelf)
    seat.sees("2 things moved to Cold room › Shelf 2.")


def the_bones_are_sampled(seat: Workstation, day: Day) -> None:
    """Planned, authorised, cut before a witness, received: by the people whose step it is."""
    seat.sign_in("tamara", PASSWORD)
    for bone in day.bones:
        scan(seat, bone)
        seat.sees(bone)
        seat.row(seat.place.items.list)
        seat.asked(lambda: seat.press("Plan a sample"), seat.typed(kind="Bone"))
    seat.run("Samples")
    rows = seat.place.list.list.model
    seat.wait(lambda: rows.rowCount() == 2 and not rows.is_waiting)
    day.tokens = [rows.row(at).token for at in range(2)]
    seat.sign_in("manager", PASSWORD)
    for token in day.tokens:
        shown(seat, token, "Waits for a case manager")
        seat.press("Authorise")
        seat.wait(lambda: not seat.buttons("Authorise"))
    seat.sign_in("tamara", PASSWORD)
    for token in day.tokens:
        shown(seat, token, "Waits to be taken, before a witness.")
        seat.asked(lambda: seat.press("Take"), seat.typed(witness="Nuno Carvalho", mass="500"))
        seat.sees("another person than the one who took it")
    seat.sign_in("custodian", PASSWORD)
    for token in day.tokens:
        shown(seat, token, "Waits to be received")
        seat.asked(lambda: seat.press("Receive"), seat.typed(condition="sealed"))
        seat.sees("Waits for its profile.")


def shown(seat: Workstation, token: str, words: str) -> None:
    """The page of a sample by its scan, once it says so."""
    scan(seat, token)
    seat.wait(lambda: token in seat.words(seat.place) and words in seat.words(seat.place))


# -- the plates ------------------------------------------------------------------------------------------


def a_plate_is_worked(seat: Workstation, day: Day, stage: Stage) -> None:
    """Drawn up, its tubes scanned, locked, started; the results of a quantification pasted."""
    seat.sign_in("tamara", PASSWORD)
    seat.run("Laboratory")
    told = {"protocol": "SOP-12", "version": "3"}
    if stage in (Stage.AMPLIFICATION, Stage.DETECTION):
        told["kit"] = KIT
    if stage is Stage.AMPLIFICATION:
        told["control"] = "9947A"
    seat.asked(lambda: seat.keys("Ctrl+N"), seat.typed(stage=str(stage)), seat.typed(**told))
    shown = seat.place.shown
    seat.wait(lambda: shown.record is not None and shown.record.batch.stage is stage)
    for position, token in zip(("A1", "B1"), day.tokens, strict=True):
        seat.sees(f"Next: {position}")
        scan(seat, token)
    seat.sees("Next: C1")
    stepped(seat, BatchState.LOCKED)
    stepped(seat, BatchState.RUNNING)
    if stage is Stage.QUANTIFICATION:
        table = "Well\tSmall\tLarge\tIPC\nA1\t0,2\t0,1\t27\nB1\t0,3\t0,2\t27\n"
        seat.asked(lambda: seat.press("Paste results"), pasted(seat, table))
    if stage is not Stage.DETECTION:
        stepped(seat, BatchState.EVALUATED)


def pasted(seat: Workstation, table: str) -> Callable[[FormDialog], None]:
    """The answer to a form: the table comes from the clipboard."""

    def answer(form: FormDialog) -> None:
        QApplication.clipboard().setText(table)
        editor = form.fields["table"].editor
        editor.setFocus()
        seat.key(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        seat.key(form.save_button, Qt.Key.Key_Space)
        assert not form.isVisible(), complaints(form)

    return answer


def stepped(seat: Workstation, state: BatchState) -> None:
    """Ctrl+Return is always the next step."""
    seat.keys("Ctrl+Return")
    seat.wait(lambda: seat.place.shown.record.batch.state is state)
    settled(seat)


def settled(seat: Workstation) -> None:
    """The page of the batch is written."""
    seat.row(seat.place.shown.list)


def teo_releases(seat: Workstation) -> None:
    """Who set the plate up is told who may; the colleague signs in and does."""
    assert "another person releases it" in seat.why_off("Release…")
    seat.sign_in("teo", PASSWORD)
    seat.run("Laboratory")
    settled(seat)
    assert seat.place.shown.record.batch.state is BatchState.EVALUATED
    seat.asked(lambda: seat.keys("Ctrl+Return"), seat.sworn(PASSWORD))
    seat.wait(lambda: seat.place.shown.record.batch.state is BatchState.RELEASED)


def the_run_is_taken_in(seat: Workstation, day: Day) -> None:
    """The file of another plate is refused with the line; the right one is evaluated at once."""
    a_plate_is_worked(seat, day, Stage.DETECTION)
    rows = {"Ladder": {}, "RB": {}, "NC": {}, "PC_9947A": control()}
    rows |= {token: person(at) for at, token in enumerate(day.tokens)}
    right, wrong = day.folder / "detection.txt", day.folder / "another.txt"
    right.write_text(peak_table(rows.items()), encoding="utf-16")
    wrong.write_text(peak_table([*rows.items(), ("K7QM-2XVD-4", person(9))]), encoding="utf-8")
    heard: list[str] = []
    seat.asked(lambda: seat.keys("Ctrl+Return"), seat.refused(heard, path=str(wrong)))
    assert any("K7QM-2XVD-4 does not stand on this plate" in words for words in heard)
    settled(seat)
    seat.asked(lambda: seat.keys("Ctrl+Return"), seat.typed(path=str(right)))
    seat.wait(lambda: seat.place.shown.record.batch.state is BatchState.EVALUATED)
    seat.sees("The controls are in order.")
    settled(seat)


def everything_is_accounted_for(seat: Workstation, day: Day) -> None:
    seat.sign_in("quality", PASSWORD)
    lab = seat.window.context.lab
    assert isinstance(lab, Laboratory)
    assert {line.state for line in lab.run(batches.batches, ListQuery()).rows} == {BatchState.RELEASED}
    assert (
        len(lab.run(profiles.profiles, ListQuery(filters={"state": (str(ProfileState.IMPORTED),)})).rows) == 2
    )
    sample = lab.run(samples.sample_of_token, day.tokens[0])
    assert sample.taken_by not in (sample.received_by, sample.witness)
    assert sample.item is not None
    story = lab.run(custody.item_story, sample.item)
    assert sorted(line.what.split(" ")[0] for line in story) == ["Moved", "Received", "Sample", "Sample"]
    assert not any(line.joint and line.joint.broken for line in story)
    verdict = lab.run(auditing.verify)
    assert verdict.sound, verdict.problems
