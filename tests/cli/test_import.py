"""`nomina import`: reading without a laboratory, the dry run, and taking in whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.domain.remains import Description, RemainsCase
from forensics.services import auditing, operations, profiles, remains
from tests.support.commands import Commands
from tests.support.format_samples import MATRIX, REFERENCES, SAMPLES

CONSENT = ("--consent-form", "C-2", "--consent-date", "2026-03-01")
WRONG = SAMPLES.replace("\t9.3\t", "\t09-Mar\t")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in (
        ("pm.txt", SAMPLES),
        ("am.txt", REFERENCES),
        ("freq.txt", MATRIX),
        ("wrong.txt", WRONG),
    ):
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def case(nomina: Commands) -> str:
    """The number of a case in the only operation."""
    new = Operation(title="Flood 2026", kind=OperationKind.DISASTER, number_sought=9)
    operation = nomina.labs["manager"].run(operations.create_operation, new)
    arrived = RemainsCase(
        operation=operation.id,
        received_at=datetime.now(UTC),
        received_from="Mortuary",
        received_by=nomina.labs.person("tamara").id,
        description=Description.COMMINGLED,
    )
    return nomina.labs["tamara"].run(remains.receive_case, arrived).number


def taken(nomina: Commands) -> int:
    return nomina.labs["reviewer"].run(profiles.profiles, ListQuery()).total


def test_reading_needs_no_laboratory(nomina: Commands, files: Path) -> None:
    said = nomina("import", "--dry-run", files / "pm.txt", files / "am.txt", files / "freq.txt")
    assert (said.status, said.err) == (0, "")
    assert "pm.txt: Sample table; 2 profiles" in said.out
    assert "am.txt: Family reference table; 3 profiles, 2 families" in said.out
    assert "freq.txt: Frequency matrix; frequencies of 2 markers" in said.out


def test_every_problem_has_its_place_and_remedy(nomina: Commands, files: Path) -> None:
    said = nomina("import", "--dry-run", files / "wrong.txt", files / "pm.txt", "--json")
    assert said.status == 1
    wrong, right = said.json
    assert (wrong["outcome"], right["outcome"]) == ("refused", "can be read")
    (problem,) = [p for p in wrong["problems"] if p["severity"] == "fatal"]
    assert problem["line"] == 2
    assert "TH01" in problem["column"]
    assert problem["remedy"]
    assert said.err.startswith("Refused as a whole (1 of 2): wrong.txt.")


def test_no_file_that_can_be_read_is_told_in_a_sentence(nomina: Commands, files: Path) -> None:
    (files / "letter.txt").write_text("Dear colleague, here are the profiles.\n")
    said = nomina("import", "--dry-run", files / "letter.txt")
    assert said.status == 1
    assert "✗ letter.txt is no file that can be read here" in said.out


def test_a_dry_run_says_what_would_happen_and_does_nothing(nomina: Commands, files: Path, case: str) -> None:
    before = nomina.labs.admin.run(auditing.head)
    said = nomina.as_("analyst", "import", "--dry-run", files / "pm.txt", "--case", case)
    assert said.status == 0, said.err
    assert "line 2, B-001: new item with a sample, 2 loci" in said.out
    assert "would be taken in" in said.out
    assert nomina.labs.admin.run(auditing.head) == before


def test_files_are_taken_in(nomina: Commands, files: Path, case: str) -> None:
    said = nomina.as_(
        "analyst", "import", files / "pm.txt", files / "am.txt", "--case", case, *CONSENT, "--kit", "K1"
    )
    assert said.status == 0, said.err
    assert taken(nomina) == 5
    rows = nomina.labs["reviewer"].run(profiles.profiles, ListQuery()).rows
    assert nomina.labs["reviewer"].run(profiles.profile, rows[0].id).kit == "K1"
    again = nomina.as_("analyst", "import", files / "pm.txt", "--case", case)
    assert again.status == 1
    assert "was taken in before" in again.out
    assert taken(nomina) == 5


def test_one_refused_file_does_not_hold_up_the_other(nomina: Commands, files: Path, case: str) -> None:
    said = nomina.as_("analyst", "import", files / "wrong.txt", files / "pm.txt", "--case", case, "--json")
    assert said.status == 1
    assert [one["outcome"] for one in said.json] == ["refused", "taken in"]
    assert said.json[1]["number"].startswith("IM-")
    assert taken(nomina) == 2


def test_unknown_remains_and_relatives_without_consent_are_refused(
    nomina: Commands, files: Path, case: str
) -> None:
    said = nomina.as_("analyst", "import", files / "pm.txt", files / "am.txt")
    assert said.status == 1
    assert "The laboratory knows no sample B-001." in said.out
    assert "Record the consent" in said.out
    assert taken(nomina) == 0


def test_a_frequency_table_is_taken_in_by_who_manages_operations(
    nomina: Commands, files: Path, case: str
) -> None:
    assert nomina.as_("analyst", "import", files / "freq.txt").status == 1
    said = nomina.as_("manager", "import", files / "freq.txt")
    assert said.status == 0, said.out
    assert len(nomina.labs["manager"].run(operations.frequency_tables)) == 1


def test_the_operation_is_named_or_the_only_one(nomina: Commands, files: Path, case: str) -> None:
    run = nomina.labs["manager"].run
    other = run(
        operations.create_operation, Operation(title="Storm", kind=OperationKind.DISASTER, number_sought=4)
    )
    command = ("import", "--dry-run", files / "pm.txt", "--case", case)
    assert "There are several operations" in nomina.as_("analyst", *command).refused()
    assert nomina.as_("analyst", *command, "--operation", "flood 2026").status == 0
    assert nomina.as_("analyst", *command, "--operation", other.number).status == 0
    assert (
        "There is no operation 'Quake'" in nomina.as_("analyst", *command, "--operation", "Quake").refused()
    )


def test_a_mistyped_case_is_told_at_once(nomina: Commands, files: Path, case: str) -> None:
    wrong = case[:-1] + ("A" if case[-1] != "A" else "B")
    assert "check character" in nomina.as_("analyst", "import", files / "pm.txt", "--case", wrong).refused()


def test_consent_is_a_form_and_a_day(nomina: Commands, files: Path) -> None:
    said = nomina("import", "--dry-run", files / "am.txt", "--consent-form", "C-2")
    assert said.status == 2
    assert "together" in said.err
    assert nomina("import").status == 2
    assert nomina("import", files / "not-there.txt").status == 2
