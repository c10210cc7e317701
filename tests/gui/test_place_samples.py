"""Samples through the window: authorised, taken, received, labelled; files of profiles taken in and reviewed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from forensics.domain.lists import ListQuery
from forensics.domain.profiles import ProfileState
from forensics.domain.samples import Sample, SampleKind, SampleState
from forensics.services import profiles, remains, samples
from gui.context import Ref, Some
from gui.places.samples import SamplesPlace
from gui.places.samples_import import ImportPage
from tests.support.answering import filled, when_asked
from tests.support.desk import Desks
from tests.support.laboratories import Staffed

Open = Callable[[str], SamplesPlace]
HEADER = "Sample Name\tMarker\tAllele 1\tAllele 2\tHeight 1\tHeight 2\n"


@pytest.fixture
def opened(qtbot: QtBot, desks: Desks) -> Open:
    def make(login: str) -> SamplesPlace:
        place = desks(login).sit(SamplesPlace)
        qtbot.waitUntil(lambda: place.list.current is not None)
        return place

    return make


def button(place: Any, words: str) -> QPushButton:
    QApplication.processEvents()  # what was just put on the page is shown
    return next(b for b in place.findChildren(QPushButton) if b.text() == words and b.isVisible())


def go(qtbot: QtBot, place: SamplesPlace, sample: Sample) -> None:
    place.open(Ref("sample", sample.id, sample.number))
    qtbot.waitUntil(lambda: place.list.current is not None and place.list.current.id == sample.id)
    place.list.show_again()


def planned(lab: Staffed) -> Sample:
    item = lab["tamara"].run(remains.items, ListQuery(limit=1)).rows[0]
    return lab["tamara"].run(samples.plan_sample, item.id, SampleKind.BONE)


def state(lab: Staffed, sample: Sample) -> Sample:
    return lab["tamara"].run(samples.sample_record, sample.id).sample


def test_a_bone_goes_from_hand_to_hand_and_never_through_one(
    qtbot: QtBot, opened: Open, small_lab: Staffed
) -> None:
    sample = planned(small_lab)
    technician = opened("tamara")
    go(qtbot, technician, sample)
    waits = button(technician, "Authorise")
    assert not waits.isEnabled()
    assert waits.toolTip() == "A case manager authorises the cutting of bone and teeth."

    manager = opened("manager")
    go(qtbot, manager, sample)
    button(manager, "Authorise").click()
    assert state(small_lab, sample).state is SampleState.AUTHORISED

    go(qtbot, technician, sample)
    witness = small_lab.person("custodian")
    asked: list[Any] = []

    def take(form: Any) -> None:
        box = form.fields["witness"].editor
        asked.extend(box.itemText(n) for n in range(box.count()))
        filled(witness=witness.id, mass="0,9")(form)

    when_asked(take)
    button(technician, "Take").click()
    taken = state(small_lab, sample)
    assert (taken.state, taken.witness, taken.mass_mg) == (SampleState.TAKEN, witness.id, 0.9)
    assert (
        taken.taken_at == taken.changed_at
    )  # not the minute that was offered, in which it may not have been yet
    assert "Tamara Lindqvist" not in asked
    assert witness.name in asked

    go(qtbot, technician, sample)
    own = button(technician, "Receive")
    assert not own.isEnabled()
    assert own.toolTip() == "You took this sample; another person receives it."

    custodian = opened("custodian")
    go(qtbot, custodian, sample)
    when_asked(filled(condition="sealed"))
    button(custodian, "Receive").click()
    assert state(small_lab, sample).state is SampleState.ACCESSIONED


def test_the_witness_must_be_another_and_the_refusal_is_shown(
    qtbot: QtBot, opened: Open, small_lab: Staffed
) -> None:
    sample = small_lab["manager"].run(samples.authorise_sample, planned(small_lab).id)
    place = opened("tamara")
    go(qtbot, place, sample)

    def take_alone(form: Any) -> None:
        form.fields["witness"]._offer(small_lab.person("tamara").id, "myself")
        filled(witness=small_lab.person("tamara").id)(form)

    said = when_asked(take_alone)
    button(place, "Take").click()
    assert any("another person" in sentence for sentence in said), said
    assert state(small_lab, sample).state is SampleState.AUTHORISED


def test_a_sample_taken_elsewhere_is_accessioned_by_the_number_of_its_item(
    opened: Open, small_lab: Staffed
) -> None:
    place = opened("custodian")
    item = small_lab["custodian"].run(remains.items, ListQuery(limit=1)).rows[0]
    values = {
        "source": item.number,
        "kind": SampleKind.TOOTH,
        "outside": "Mortuary of Sfax",
        "external": "SF-7",
    }
    when_asked(filled(**values))
    place.list.acts.accession()
    found = small_lab["custodian"].run(samples.samples, ListQuery(text="SF-7")).rows
    assert [(row.source, row.state) for row in found] == [(item.number, SampleState.ACCESSIONED)]


def test_labels_are_saved_as_pdf_and_counted(
    qtbot: QtBot, opened: Open, small_lab: Staffed, tmp_path: Path
) -> None:
    sample, place = planned(small_lab), opened("tamara")
    go(qtbot, place, sample)
    path = tmp_path / "labels.pdf"
    when_asked(filled(path=str(path), open=False))
    button(place, "Labels").click()
    assert path.read_bytes().startswith(b"%PDF")
    assert state(small_lab, sample).labels_printed == 1
    go(qtbot, place, sample)
    assert button(place, "Labels again").isEnabled()


# -- profiles --------------------------------------------------------------------------------------------


def export(path: Path, rows: list[tuple[str, ...]]) -> Path:
    path.write_text(HEADER + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return path


def importing(qtbot: QtBot, place: SamplesPlace, path: Path) -> ImportPage:
    button(place, "Import").click()
    page = place.stack.currentWidget()
    assert isinstance(page, ImportPage)
    page.fields["path"].set_value(str(path))
    page.read_file()
    qtbot.waitUntil(lambda: page.plan is not None)
    return page


def words(widget: Any) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel))


def test_unknown_samples_are_told_line_by_line_and_taken_in_with_a_case(
    qtbot: QtBot, opened: Open, small_lab: Staffed, tmp_path: Path
) -> None:
    rows = [("NEW-1", "TH01", "6", "9.3", "810", "655"), ("NEW-1", "FGA", "21", "24", "700", "720")]
    place = opened("analyst")
    page = importing(qtbot, place, export(tmp_path / "run.txt", rows))
    assert not page.go.isEnabled()
    assert "The laboratory knows no sample NEW-1." in words(page)
    assert "Accession it first, or choose the remains case that it belongs to." in words(page)
    case = small_lab["analyst"].run(remains.cases, ListQuery(limit=1)).rows[0]
    page.fields["case"].set_value(case.number)
    page.check()
    qtbot.waitUntil(page.go.isEnabled)
    with qtbot.waitSignal(page.imported):
        page.go.click()
    found = small_lab["analyst"].run(samples.samples, ListQuery(text="NEW-1")).rows
    assert [(row.profile, row.loci) for row in found] == [(ProfileState.IMPORTED, 2)]
    qtbot.waitUntil(lambda: place.list.list.chips[1].chosen == (ProfileState.IMPORTED,))


def test_a_file_with_a_fault_is_refused_whole_with_its_line(
    qtbot: QtBot, opened: Open, small_lab: Staffed, tmp_path: Path
) -> None:
    before = small_lab["analyst"].run(profiles.profiles, ListQuery()).total
    rows = [("NEW-2", "TH01", "6", "9.3", "", ""), ("NEW-2", "FGA", "twenty", "24", "", "")]
    page = importing(qtbot, opened("analyst"), export(tmp_path / "bad.txt", rows))
    assert not page.go.isEnabled()
    assert "Line 3" in words(page)
    page.take_in()
    assert small_lab["analyst"].run(profiles.profiles, ListQuery()).total == before


def test_what_is_no_export_is_told_in_a_sentence(qtbot: QtBot, opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear colleague", encoding="utf-8")
    place = opened("analyst")
    button(place, "Import").click()
    page = place.stack.currentWidget()
    assert isinstance(page, ImportPage)
    page.fields["path"].set_value(str(path))
    page.read_file()
    qtbot.waitUntil(lambda: "no file that can be read here" in words(page))


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "is a folder; choose a file."), ("nothing.txt", "There is no file nothing.txt.")],
)
def test_what_is_no_file_is_said(opened: Open, tmp_path: Path, name: str, words: str) -> None:
    place = opened("analyst")
    button(place, "Import").click()
    page = place.stack.currentWidget()
    assert isinstance(page, ImportPage)
    page.fields["path"].set_value(str(tmp_path / name))
    page.read_file()
    assert page.said.text().endswith(words)
    assert not page.go.isEnabled()


def test_the_reviewer_accepts_many_at_once_and_withdraws_one_with_a_reason(
    qtbot: QtBot, opened: Open, small_lab: Staffed
) -> None:
    place = opened("reviewer")
    waiting = {"profile": (ProfileState.IMPORTED,)}
    place.open_some(Some("profile", waiting))
    total = small_lab["reviewer"].run(samples.samples, ListQuery(filters=waiting)).total
    assert total > 1
    qtbot.waitUntil(lambda: place.list.list.model.rowCount() == total)
    place.list.list.view.selectAll()
    button(place, "Accept chosen").click()
    assert small_lab["reviewer"].run(samples.samples, ListQuery(filters=waiting)).total == 0
    qtbot.waitUntil(lambda: place.list.list.model.rowCount() == 0)
    accepted = small_lab["reviewer"].run(
        samples.samples, ListQuery(filters={"profile": (ProfileState.ACCEPTED,)})
    )
    row = next(row for row in accepted.rows if row.profile_id)
    go(qtbot, place, small_lab["reviewer"].run(samples.sample_record, row.id).sample)
    when_asked(filled(reason="sample exchanged"))
    button(place, "Withdraw profile").click()
    assert row.profile_id is not None
    found = small_lab["reviewer"].run(profiles.profile, row.profile_id)
    assert (found.state, found.note) == (ProfileState.WITHDRAWN, "sample exchanged")


def test_the_page_shows_alleles_and_the_heights_of_peaks(
    qtbot: QtBot, opened: Open, small_lab: Staffed, tmp_path: Path
) -> None:
    from forensics.services.operations import operations
    from gui.places.samples_genotypes import Peaks

    rows = [("NEW-3", "TH01", "6", "9.3", "810", "655"), ("NEW-3", "FGA", "21", "24", "700", "720")]
    lab = small_lab["analyst"]
    case = lab.run(remains.cases, ListQuery(limit=1)).rows[0]
    options = profiles.ImportOptions(lab.run(operations)[0].id, "run.txt", case=case.id)
    lab.run(profiles.import_reading, profiles.read(export(tmp_path / "run.txt", rows)), options)
    row = lab.run(samples.samples, ListQuery(text="NEW-3")).rows[0]
    place = opened("analyst")
    go(qtbot, place, lab.run(samples.sample_record, row.id).sample)
    assert "6, 9.3" in words(place.list.page)
    bars = place.list.page.findChildren(Peaks)
    assert "6: 810 RFU, 9.3: 655 RFU" in [bar.accessibleName() for bar in bars]


def test_a_donor_is_known_by_the_token_alone(qtbot: QtBot, opened: Open, small_lab: Staffed) -> None:
    references = small_lab["tamara"].run(samples.samples, ListQuery(filters={"reference": (True,)})).rows
    place = opened("tamara")
    go(qtbot, place, small_lab["tamara"].run(samples.sample_record, references[0].id).sample)
    assert references[0].source in words(place.list.page)
    assert "donor, known here by the token" in words(place.list.page)
