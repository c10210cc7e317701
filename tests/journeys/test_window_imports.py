"""The files of two published exercises through the real window: dry run, import, pedigree, review, screening.

GHEP-ISFG: 87 bones in a table, 119 families whose relation words become pedigrees. Familias: one project with
the remains and the families of a plane crash. Nothing is put past the widgets into the laboratory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forensics.domain.reading import Severity
from forensics.services import auditing
from gui.places.samples_import import ImportPage
from tests.support.laboratories import PASSWORD, open_copy
from tests.support.shared import expected, shared
from tests.support.workstation import Workstation, reopened, words_of

CONSENT = {"form": "form of the exercise", "given_on": "2020-01-01"}


@pytest.fixture
def seat(qtbot: QtBot, qapp: QApplication, empty_template: Path, tmp_path: Path) -> Iterator[Workstation]:
    """A workstation where the manager has just opened a laboratory with its people and nothing else."""
    labs = open_copy(empty_template, tmp_path)
    labs.close()
    with reopened(qtbot, qapp, labs.location, "manager") as made:
        yield made


def test_the_ghep_exercise_comes_in_through_the_window(seat: Workstation, tmp_path: Path) -> None:
    folder = shared("corpus", "dvi", "Exercise-GHEP")
    oracle = expected("oracle", "public", "large_search_ghep1.json")["cases"][0]["result"]
    an_operation(seat, folder / "GHEP-STR-freq.txt", "GHEP exercise", "193", "Equal")
    seat.sign_in("tamara", PASSWORD)
    a_case(seat)
    remains, relatives = folder / "GHEP-PM-profiles.txt", folder / "GHEP-AM-profiles.txt"

    seat.sign_in("analyst", PASSWORD)
    seat.run("Samples")
    page = importing(seat, lambda: seat.press("Import"))
    seat.write(page.fields["case"].editor, the_case(page))
    broken = changed(remains, tmp_path / "broken.txt", ("\t31.2\t", "\t31,,2\t"))
    rejected(seat, page, broken, "Line 2, column ")
    taken_in(seat, page, remains, "87 profiles can be taken in", "87 profiles taken in")

    seat.run("Missing persons")
    page = importing(seat, lambda: seat.run("Import families…"))
    seat.fill(page, CONSENT)
    broken = changed(relatives, tmp_path / "relatives.txt", ("RS2\t11\t13", "RS2\televen\t13"))
    rejected(seat, page, broken, "Line 3, column D8S1179 1")
    taken_in(seat, page, relatives, "286 profiles, 119 families can be taken in", "286 profiles taken in")
    assert seat.place.shown is seat.place.families
    seat.wait(lambda: seat.place.families.list.model.rowCount() == 119)

    reviewed(seat, 373)
    bone, family = strongest(oracle)
    seat.sign_in("manager", PASSWORD)
    confirmed(seat, family)
    line = screened(seat)
    assert (line.item_external, line.family_external) == (bone, family)
    rows, columns = oracle["pm_rows"], oracle["family_cols"]
    as_drawn = oracle["log10_lr_equal_mutation_as_drawn"][rows.index(bone)][columns.index(family)]
    assert line.log10_lr == pytest.approx(as_drawn, abs=1e-6)


def test_a_familias_project_comes_in_through_the_window(seat: Workstation, tmp_path: Path) -> None:
    project = shared("corpus", "familias", "planecrash.fam")
    cases = expected("oracle", "public", "dvi_datasets.json")["cases"]
    oracle = next(c for c in cases if c["id"] == "DVI-planecrash")["result"]["pairwise_lr"]
    an_operation(seat, project, "Plane crash", "5", "Proportional")
    seat.sign_in("tamara", PASSWORD)
    a_case(seat)

    seat.sign_in("analyst", PASSWORD)
    seat.run("Missing persons")
    page = importing(seat, lambda: seat.run("Import families…"))
    seat.write(page.fields["case"].editor, the_case(page))
    seat.fill(page, CONSENT)
    whole = project.read_text(encoding="utf-8", errors="replace")
    cut = tmp_path / "cut.fam"
    cut.write_text(whole[: len(whole) // 2], encoding="utf-8")
    rejected(seat, page, cut, "Line ")
    taken_in(seat, page, project, "13 profiles, 5 families can be taken in", "13 profiles taken in")
    seat.wait(lambda: seat.place.families.list.model.rowCount() == 5)

    reviewed(seat, 13)
    seat.sign_in("manager", PASSWORD)
    confirmed(seat, "Family 5")
    line = screened(seat)
    assert (line.item_external, line.family_external) == ("PM4", "Family 5")  # the peers call it V4
    at = oracle["rows"].index("V4"), oracle["cols"].index("M5")
    assert 10**line.log10_lr == pytest.approx(oracle["values"][at[0]][at[1]], rel=1e-4)


# what the people do


def an_operation(seat: Workstation, table: Path, title: str, sought: str, mutation: str) -> None:
    """The manager takes the exercise's own frequencies into use, and an operation with its policies."""
    seat.run("Laboratory settings")
    seat.press("Frequency tables")
    told = {"name": f"{title} frequencies", "population": "of the exercise", "source": "as published"}
    seat.asked(lambda: seat.keys("Ctrl+N"), seat.typed(path=str(table)), seat.typed(**told))
    seat.press("Operations")
    policies = {
        "reading": "One read and a review",
        "mutation": mutation,
        "mutation_rate_male": "0.001",
        "mutation_rate_female": "0.001",
    }
    seat.asked(
        lambda: seat.press("Create the first operation"),
        seat.typed(
            title=title, number_sought=sought, frequencies=f"{title} frequencies", theta="0", **policies
        ),
    )
    seat.sees(title)


def a_case(seat: Workstation) -> None:
    seat.run("Remains")
    told = {"description": "Commingled", "received_from": "Prosecutor", "new_place": "Shelf 1"}
    seat.asked(lambda: seat.keys("Ctrl+N"), seat.typed(**told))
    seat.sees("Prosecutor")


def importing(seat: Workstation, act: Callable[[], object]) -> ImportPage:
    """The page of the import, opened by this act."""
    before = seat.place.findChildren(ImportPage)
    act()
    (page,) = (one for one in seat.place.findChildren(ImportPage) if one not in before)
    assert isinstance(page, ImportPage)
    return page


def the_case(page: ImportPage) -> str:
    (number,) = page._cases
    return number


def changed(original: Path, path: Path, *mistakes: tuple[str, str]) -> Path:
    """A copy of a file with mistakes, each put where its words first stand."""
    words = original.read_text(encoding="utf-8")
    for right, wrong in mistakes:
        assert right in words
        words = words.replace(right, wrong, 1)
    path.write_text(words, encoding="utf-8")
    return path


def rejected(seat: Workstation, page: ImportPage, path: Path, place: str) -> None:
    """The problem is told with its place and remedy, the file can't be taken in, and nothing has changed."""
    before = seat.window.context.lab.run(auditing.head)
    seat.write(page.fields["path"].editor, str(path))
    seat.wait(lambda: page.plan is not None and page.plan.refused and place in words_of(page))
    assert page.plan is not None
    fatal = [problem for problem in page.plan.problems if problem.severity is Severity.FATAL]
    assert all(problem.remedy for problem in fatal)
    for problem in fatal:
        seat.sees(problem.remedy)
    assert not page.go.isEnabled()
    page.take_in()
    assert seat.window.context.lab.run(auditing.head) == before


def taken_in(seat: Workstation, page: ImportPage, path: Path, dry: str, done: str) -> None:
    before = seat.window.context.lab.run(auditing.head)
    seat.write(page.fields["path"].editor, str(path))
    seat.sees(dry)
    assert seat.window.context.lab.run(auditing.head) == before  # so far the file was only read
    seat.key(page.go, Qt.Key.Key_Space)
    seat.wait(lambda: any(done in words for words, _ in seat.said), 60)


def reviewed(seat: Workstation, count: int) -> None:
    """Another person accepts all that came in, however many screens it fills."""
    seat.sign_in("reviewer", PASSWORD)
    seat.run("Samples")
    rows = seat.place.list.list
    seat.wait(lambda: rows.model.rowCount() == count and not rows.model.is_waiting)
    seat.key(rows.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    seat.press("Accept chosen")
    seat.wait(lambda: any(f"{count} profiles accepted" in words for words, _ in seat.said), 60)


def confirmed(seat: Workstation, family: str) -> None:
    """A person looks at the drawing, settles the questions of the import, and stands for it."""
    seat.run("Missing persons")
    seat.keys("Ctrl+2")
    seat.row(seat.place.families.list, family)
    seat.sees("The pedigree waits")

    def stand_for_it(form: Any) -> None:
        seat.typed(**dict.fromkeys(form.fields, True))(form)

    seat.asked(lambda: seat.press("Confirm the pedigree…"), stand_for_it)
    seat.wait(lambda: "The pedigree waits" not in words_of(seat.window))


def screened(seat: Workstation) -> Any:
    """The analyst compares the remains with the confirmed family; the strongest candidate."""
    seat.sign_in("analyst", PASSWORD)
    seat.run("Matching")
    seat.asked(lambda: seat.keys("Ctrl+N"))
    seat.answers.then(lambda dialog: dialog.accept())  # what the screening compared, in words
    seat.wait(lambda: not seat.answers.waiting, 60)
    seat.answers.demand()
    rows = seat.place.candidates.list
    seat.wait(lambda: rows.model.rowCount() > 0 and not rows.model.is_waiting)
    return seat.row(rows)


def strongest(oracle: dict[str, Any]) -> tuple[str, str]:
    """The bone and the family with the highest expected LR."""
    found = [
        (value, bone, family)
        for bone, line in zip(oracle["pm_rows"], oracle["log10_lr_equal_mutation_as_drawn"], strict=True)
        for family, value in zip(oracle["family_cols"], line, strict=True)
        if value is not None
    ]
    _, bone, family = max(found)
    return bone, family
