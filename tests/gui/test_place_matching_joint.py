"""A whole operation in the window: the matrix by keyboard, both answers beside each other, and growing old."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from forensics.domain.joint import PairState
from forensics.domain.joint_solution import Decided, Held, JointSolution
from forensics.domain.lists import ListQuery
from forensics.domain.remains import AssociationState
from forensics.services import associations, joint, operations, remains
from forensics.services.joint import KeptSolution
from gui.look import Meaning
from gui.places import matching_matrix_view
from gui.places.matching import MatchingPlace
from gui.places.matching_joint import verdict_mark
from gui.places.matching_matrix_paint import CellPainter
from gui.places.matching_matrix_sheet import sheet_of
from gui.places.matching_matrix_view import MatrixView
from tests.support.desk import Desks, said_on
from tests.support.joint import written
from tests.support.laboratories import Staffed


def differing() -> JointSolution:
    """R0 fits M0 best, but R1 takes the place; R2 could be either of two siblings; R3 is nobody."""
    return written(
        {(0, 0): 5.5, (0, 1): 4.0, (1, 0): 9.0, (2, 2): 6.0, (2, 3): 6.0},
        [{0: 0.001, 1: 0.998}, {0: 0.9999}, {2: 0.49995, 3: 0.49995}, {}],
        ["F1", "F2", "F3", "F3"],
        states={(3, 0): PairState.EXCLUDED, (3, 1): PairState.NOT_EVALUABLE, (1, 2): PairState.SEX_MISMATCH},
    )


# the matrix


def test_the_matrix_is_computed_beside_the_window_and_walked_by_keyboard(desks: Desks, qtbot: QtBot) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("matrix")
    assert "Every victim against every missing person" in said_on(place.matrix)
    place.matrix.work.compare()
    assert place.joint.is_running
    assert place.matrix.actions_offered()[0].why_not
    desk.wait(lambda: place.joint.pairs is not None and not place.joint.is_running, 60)
    view, sheet = place.matrix.view, place.matrix.view.sheet
    assert sheet is not None
    assert sheet.cell(*view.cursor_at) in sheet.pairs.table.log10_lr
    assert f"{len(sheet.pairs.victims)} victims × {len(sheet.pairs.sought)}" in place.matrix.said.text()
    first = view.cursor_at
    QTest.keyClick(view, Qt.Key.Key_N)
    assert view.cursor_at == sheet.strong[1]
    assert place.matrix.at_cursor.accessibleName() == sheet.words(*sheet.strong[1])
    assert view.accessibleDescription() == sheet.words(*sheet.strong[1])
    QTest.keyClick(view, Qt.Key.Key_P)
    assert view.cursor_at == first
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.cursor_at == (first[0] + 1, first[1])
    QTest.keyClick(view, Qt.Key.Key_Up)
    row, column = sheet.cell(*first)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert place.shown is place.candidates
    desk.wait(lambda: place.candidates.record is not None)
    record = place.candidates.record
    assert record is not None
    assert record.missing.id == sheet.pairs.sought[column].person
    assert record.item.id in sheet.pairs.victims[row].items


def test_a_pair_that_no_screening_found_says_so(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.joint._solved(KeptSolution(differing(), None))
    place.open_pair(3, 0)
    assert any("not among the candidates" in words for words, _ in desk.said)


def test_bounds_and_all_rows_and_columns(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("matrix")
    place.joint._solved(KeptSolution(differing(), None))
    place.joint.changed.emit()
    view = place.matrix.view
    assert view.sheet is not None
    assert (len(view.sheet.rows), len(view.sheet.columns)) == (3, 4)
    place.matrix.show_whole()
    assert len(view.sheet.rows) == 4
    assert "4 victims × 4 missing persons" in place.matrix.said.text()
    place.matrix.whole = False
    place.matrix.chip.choose((6.0,))
    assert set(view.sheet.rows) == {0, 1, 2}  # strong, or placed jointly
    before = view.cell
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.cell < before


def test_every_state_has_its_words_and_its_sign(qtbot: QtBot) -> None:
    found = differing()
    sheet = sheet_of(found.pairs, found, 2.0, whole=True)
    at = {(r, c): (sheet.at_row[r], sheet.at_column[c]) for r in range(4) for c in range(4)}
    assert "LR 0, excluded" in sheet.words(*at[3, 0])
    assert "not an exclusion" in sheet.words(*at[3, 1])
    assert "the sexes differ" in sheet.words(*at[1, 2])
    assert sheet.words(*at[0, 0]).startswith("R0 as M0 of family F1: LR 3.1 × 10⁵, very strong support")
    assert "LR below 1" in sheet.words(*at[1, 1])
    assert "jointly 99.80" in sheet.words(*at[0, 1])
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_sheet(sheet)
    view.show()
    picture = view.viewport().grab().toImage()

    def colours(cell: tuple[int, int]) -> set[str]:
        box = view.box_of(*at[cell]).toRect().adjusted(3, 3, -3, -3)
        return {
            QColor(picture.pixel(x, y)).name()
            for x in range(box.left(), box.right())
            for y in range(box.top(), box.bottom())
        }

    assert len(colours((1, 1))) == 1  # below 1: nothing
    for cell in ((3, 0), (3, 1), (1, 2), (0, 0), (2, 2)):
        assert len(colours(cell)) > 1, cell
    signs = set()
    for cell in ((3, 0), (3, 1), (1, 2)):  # excluded, not evaluable, sexes differ: a figure, a dot, a dash
        box = view.box_of(*at[cell]).toRect()
        drawn = picture.copy(box.adjusted(8, 8, -8, -8))
        ground = drawn.pixel(0, 0)
        inked = [
            (x, y) for x in range(drawn.width()) for y in range(drawn.height()) if drawn.pixel(x, y) != ground
        ]
        wide, high = ({place[axis] for place in inked} for axis in (0, 1))
        signs.add("dash" if len(high) < 3 < len(wide) else "dot" if len(high) < 6 else "figure")
    assert signs == {"figure", "dot", "dash"}


def test_the_pair_below_the_mouse_is_told_and_a_double_click_opens_it(qtbot: QtBot) -> None:
    found = differing()
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show_sheet(sheet_of(found.pairs, found, 2.0))
    view.show()
    sheet = view.sheet
    assert sheet is not None
    place = (sheet.at_row[2], sheet.at_column[3])
    point = view.box_of(*place).center().toPoint()
    assert view.place_at(point) == place
    assert view.place_at(QPoint(2, 2)) is None
    with qtbot.waitSignal(view.opened) as told:
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert told.args == [2, 3]
    assert view.cursor_at == place
    QToolTip.hideText()


def test_only_what_is_seen_of_a_large_operation_is_drawn(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 700
    pairs = {(n, (n * 37) % size): 6.0 + n % 9 for n in range(size)}
    states = {(r, c): PairState.SEX_MISMATCH for r in range(0, size, 7) for c in range(size)}
    found = written(pairs, [{}] * size, [f"F{c // 2}" for c in range(size)], states=states)
    drawn: list[object] = []
    for kind in ("lr", "state"):
        monkeypatch.setattr(CellPainter, kind, lambda *given: drawn.append(given))
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show_sheet(sheet_of(found.pairs, None, 2.0, whole=True))
    view.show()
    view.viewport().grab()
    seen = (900 // view.cell + 2) * (600 // view.cell + 2)
    assert 0 < len(drawn) < 2 * seen
    view.go(size - 1, size - 1)
    assert view.viewport().rect().contains(view.box_of(size - 1, size - 1).center().toPoint())
    for _ in range(40):
        view.zoom(False)
    assert view.cell == matching_matrix_view.SMALLEST
    drawn.clear()
    view.viewport().grab()
    assert drawn


def test_clusters_stand_along_the_diagonal_rivals_first_and_families_together() -> None:
    found = written(
        {(0, 3): 9.0, (1, 0): 12.0, (2, 2): 7.0, (3, 1): 6.0, (3, 3): 2.5},
        [{}] * 4,
        ["F1", "F2", "F3", "F2"],
    )
    sheet = sheet_of(found.pairs, None, 2.0)
    assert sheet.columns == (3, 1, 0, 2)
    assert sheet.rows == (0, 3, 1, 2)
    assert [sheet.is_edge(j) for j in range(4)] == [False, False, True, False]


# together


def test_both_answers_stand_beside_each_other_and_differences_come_first(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("together")
    assert "nobody is two people" in said_on(place.together)
    place.joint._solved(KeptSolution(differing(), None))
    place.joint.changed.emit()
    desk.wait(lambda: place.together.current is not None)
    rows = place.together._rows()
    assert [row.number for row in rows] == ["R0", "R2", "R1", "R3"]
    place.together.list.select("R0")
    desk.wait(lambda: "R1 takes the place of M0" in said_on(place.together.page))
    words = said_on(place.together.page)
    assert "Jointly M1" in words
    assert "Others for the same place" in words
    assert "each of 101 sought equally likely" in words
    place.together.list.show_only(differs=(True,))
    desk.wait(lambda: place.together.list.model.rowCount() == 2)


def test_solved_together_on_the_real_engine_and_said_on_the_page_of_the_candidate(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.show_view("together")
    place.joint.solve()
    desk.wait(lambda: place.joint.solution is not None and not place.joint.is_running, 120)
    solution = place.joint.solution
    assert solution is not None
    assert len(place.together._rows()) == len(solution.pairs.victims)
    assert any("Solved together" in words for words, meaning in desk.said if meaning is Meaning.GOOD)
    best = max(place.joint.lines, key=lambda line: line.log10_lr or 0.0)
    assert best.pairwise is not None
    place.open_pair(best.row, best.pairwise)
    desk.wait(lambda: "Jointly" in said_on(place.candidates.page))


def test_what_people_decided_is_marked_and_said(qtbot: QtBot) -> None:
    found = written(
        {(0, 0): 5.5, (1, 1): 9.0, (2, 2): 6.0},
        [{0: 1.0}, {}, {2: 0.9999}],
        ["F1", "F2", "F3"],
        decided=Decided(held={0: Held("ID-1", "M0", 0)}, excluded={(1, 1): "HY-4"}),
    )
    sheet = sheet_of(found.pairs, found, 2.0)
    at = {(r, c): (sheet.at_row[r], sheet.at_column[c]) for r in range(3) for c in range(3)}
    assert sheet.words(*at[0, 0]).endswith("very strong support; identified (ID-1)")
    assert sheet.words(*at[0, 1]).endswith("the remains are identified as M0 (ID-1)")
    assert sheet.words(*at[2, 0]).endswith("M0 is identified already (ID-1)")
    assert sheet.words(*at[1, 1]).endswith("excluded in review (HY-4)")
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show_sheet(sheet)
    view.show()
    view.go(*at[2, 1])
    with_marks = view.viewport().grab().toImage()
    view.show_sheet(replace(sheet, pairs=replace(found.pairs, decided=Decided())))
    without = view.viewport().grab().toImage()
    for cell in ((0, 0), (1, 1)):
        box = view.box_of(*at[cell]).toRect()
        assert with_marks.copy(box) != without.copy(box), cell
    plain = view.box_of(*at[2, 2]).toRect()
    assert with_marks.copy(plain) == without.copy(plain)


def test_the_last_solution_is_there_when_the_window_is_opened_and_says_when_it_is_old(
    desks: Desks, small_lab: Staffed
) -> None:
    analyst = small_lab["analyst"]
    op = analyst.run(operations.operations)[0]
    kept = joint.solve_and_keep(analyst, op.id)
    assert kept.record is not None
    desk = desks("manager")
    place = desk.sit(MatchingPlace)
    place.show_view("together")
    desk.wait(lambda: place.together.current is not None)
    assert place.joint.solution == kept.solution
    desk.wait(lambda: kept.record.number in said_on(place.together.page))
    assert "by Ines Amrani" in said_on(place.together.page)
    assert not place.joint.is_outdated
    place.show_view("matrix")
    assert kept.record.number in said_on(place.matrix)
    small_lab["manager"].run(operations.change_operation, op, {"number_sought": op.number_sought + 100})
    desk.wait(lambda: place.joint.is_outdated)
    assert "by Ines Amrani" in said_on(place.matrix)
    assert "have changed since this was computed" in said_on(place.matrix)


def test_stopping_leaves_nothing_at_hand(desks: Desks) -> None:
    desk = desks("analyst")
    place = desk.sit(MatchingPlace)
    place.joint.solve()
    (task,) = desk.context.tasks.running
    task.cancel()
    desk.wait(lambda: not place.joint.is_running, 60)
    assert place.joint.solution is None
    assert place.joint.pairs is None


def test_what_has_changed_since_is_said(desks: Desks, small_lab: Staffed) -> None:
    desk = desks("reviewer")
    place = desk.sit(MatchingPlace)
    place.show_view("matrix")
    op = desk.lab.run(operations.operations)[0]
    place.joint._compared(joint.compare_operation(desk.lab, op.id))
    place.joint.changed.emit()
    assert not place.joint.is_outdated
    query = ListQuery(filters={"state": (AssociationState.PROPOSED,)}, limit=1)
    waiting = desk.lab.run(associations.association_list, query).rows
    if not waiting:
        pytest.skip("the miniature holds no association to decide")
    desk.lab.run(remains.decide_association, waiting[0].id, True, "Same genotypes.")
    desk.wait(lambda: place.joint.is_outdated)
    assert "have changed since this was computed" in said_on(place.matrix)


def test_every_verdict_has_a_mark_of_its_own() -> None:
    from forensics.domain.joint_verdicts import Verdict

    marks = [verdict_mark(one) for one in Verdict]
    assert len({mark.word for mark in marks}) == len(marks)
