"""Reports: drafted beside the window, signed by two people, verified in words, withdrawn with a reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from forensics.domain.documents import Report, ReportState
from forensics.domain.lists import ListQuery
from forensics.domain.matching import HypothesisState
from forensics.services import documents, matching, report_facts
from gui.context import Ref
from gui.places.reports import ReportsPlace
from gui.places.reports_pages import ReadingDialog
from gui.places.reports_verifying import VerificationDialog
from reports.verification import Verdict
from tests.support.desk import Desk, Desks, said_on
from tests.support.laboratories import Staffed

_R = ReportState


def match(desk: Desk) -> Ref:
    query = ListQuery(filters={"state": (HypothesisState.SUPPORTED,)}, sort="log10_lr", descending=True)
    line = desk.lab.run(matching.hypotheses, query).rows[0]
    return Ref("hypothesis", line.id, line.number)


def drafted(desk: Desk, staffed: Staffed) -> Report:
    ref = match(desk)
    return report_facts.draft_match(desk.lab, ref.id, staffed.person("reviewer").id)  # type: ignore[arg-type]


def shown(desk: Desk, place: ReportsPlace, report: Report, state: ReportState) -> documents.ReportRecord:
    place.refresh()
    place.open(Ref("report", report.id, report.number))
    desk.wait(lambda: place.record and place.record.report.id == report.id)
    place.show_again()
    assert place.record is not None
    assert place.record.report.state is state
    return place.record


def test_from_a_match_to_an_issued_and_verified_report(
    desks: Desks, small_lab: Staffed, tmp_path: Path
) -> None:
    desk = desks("analyst")
    place = desk.sit(ReportsPlace)
    desk.answer(authoriser=small_lab.person("reviewer").id)
    place.open(match(desk))
    desk.wait(lambda: place.record is not None, 60)
    assert place.record is not None
    report = place.record.report
    assert report.state is _R.DRAFT
    desk.wait(lambda: place.pages is not None and place.pages.pages, 60)
    assert place.pages is not None
    assert "DRAFT" in place.pages.pages[0].words
    assert place.record.facts.frame.authoriser.name == small_lab.person("reviewer").name

    desk.hold()
    place.sign()
    desk.wait(lambda: desk.lab.run(documents.report_record, report.id).report.state is _R.SIGNED, 60)

    second = desks("reviewer")
    other = second.sit(ReportsPlace)
    record = shown(second, other, report, _R.SIGNED)
    assert "Waits for" in said_on(other.page)
    second.hold()
    other.authorise()
    second.wait(lambda: second.lab.run(documents.report_record, report.id).report.state is _R.ISSUED, 60)
    record = shown(second, other, report, _R.ISSUED)
    other.verify()
    second.wait(lambda: record.report.pdf_digest in other.verified, 60)
    found = other.verified[record.report.pdf_digest]
    assert found.verdict is Verdict.VALID
    assert found.accepted
    assert "every check holds" in said_on(other.page)
    assert record.pdf is not None
    kept = tmp_path / "kept.pdf"
    other.keep(kept, record.pdf)
    assert kept.read_bytes() == record.pdf

    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(record.pdf.replace(b"/Producer", b"/Producex", 1))
    other.verify_path(damaged)
    second.wait(lambda: _open(VerificationDialog) is not None, 60)
    dialog = _open(VerificationDialog)
    assert dialog is not None
    assert "not what was signed" in said_on(dialog)
    dialog.close()


def _open(kind: type) -> ReadingDialog | VerificationDialog | None:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    return found[0] if found else None  # type: ignore[return-value]


def test_only_the_author_signs_first_and_others_read_why(desks: Desks, small_lab: Staffed) -> None:
    report = drafted(desks("analyst"), small_lab)
    desk = desks("manager")
    place = desk.sit(ReportsPlace)
    shown(desk, place, report, _R.DRAFT)
    sign = next(a for a in place.actions_offered() if a.text.startswith("Sign"))
    assert small_lab.person("analyst").name in sign.why_not


def test_a_draft_is_withdrawn_with_password_and_reason(desks: Desks, small_lab: Staffed) -> None:
    desk = desks("analyst")
    report = drafted(desk, small_lab)
    place = desk.sit(ReportsPlace)
    shown(desk, place, report, _R.DRAFT)
    desk.hold(password="a wrong password", reason="Wrong family")
    place.withdraw()
    assert any("not yours" in words for words in desk.refused)
    desk.hold(reason="Wrong family")
    place.withdraw()
    kept = desk.lab.run(documents.report_record, report.id).report
    assert (kept.state, kept.reason) == (_R.WITHDRAWN, "Wrong family")


def test_the_pages_are_read_large_and_zoomed_by_key(desks: Desks, small_lab: Staffed) -> None:
    desk = desks("analyst")
    report = drafted(desk, small_lab)
    place = desk.sit(ReportsPlace)
    shown(desk, place, report, _R.DRAFT)
    place.read()
    desk.wait(lambda: _open(ReadingDialog) is not None, 60)
    dialog = _open(ReadingDialog)
    assert isinstance(dialog, ReadingDialog)
    desk.wait(lambda: dialog.view.pages, 60)
    wide = dialog.view.width()
    desk.qtbot.keyClick(dialog, Qt.Key.Key_Plus)  # type: ignore[no-untyped-call]
    assert dialog.view.minimumWidth() > wide
    dialog.close()


def test_who_may_not_write_reads_why(desks: Desks) -> None:
    desk = desks("coordinator")
    place = desk.sit(ReportsPlace)
    assert "writes reports" in place.new_action().why_not
    place.write()
    assert "writes reports" in desk.said[-1][0]
