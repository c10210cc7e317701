"""`nomina spreadsheet`: the dry run, the mapping on the line, and taking in whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.domain.lists import ListQuery
from forensics.domain.operations import Operation, OperationKind
from forensics.services import operations, remains
from tests.support.commands import Commands

SHEET = "Case number;Came on;From;Bone\nC-1;13/07/1995;Police;L fem\nC-1;13/07/1995;Police;{0}\n"


@pytest.fixture
def sheet(nomina: Commands, tmp_path: Path) -> Path:
    new = Operation(title="Flood 2026", kind=OperationKind.DISASTER, number_sought=9)
    nomina.labs["manager"].run(operations.create_operation, new)
    path = tmp_path / "old.csv"
    path.write_text(SHEET.format("R fem"))
    return path


def cases(nomina: Commands) -> int:
    return nomina.labs["tamara"].run(remains.cases, ListQuery()).total


def test_a_spreadsheet_is_tried_out_and_then_taken_in(nomina: Commands, sheet: Path) -> None:
    line = ("spreadsheet", str(sheet), "--rows", "remains")
    wrong = nomina.as_("tamara", *line)
    assert wrong.status == 1
    assert "No column is the date of receipt" in wrong.out
    tried = nomina.as_("tamara", *line, "--column", "Came on=received", "--dry-run", "--json")
    assert (tried.status, cases(nomina)) == (0, 0)
    assert tried.json["columns"]["Came on"] == "received"
    taken = nomina.as_("tamara", *line, "--column", "Came on=received")
    assert "old.csv: 2 rows, taken in as LI-" in taken.out
    assert cases(nomina) == 1
    again = nomina.as_("tamara", *line, "--column", "Came on=received")
    assert again.status == 1
    assert "This very file was taken in" in again.out


def test_what_is_wrong_is_named_with_its_place(nomina: Commands, sheet: Path) -> None:
    sheet.write_text(SHEET.format("wing"))
    line = ("spreadsheet", str(sheet), "--rows", "remains", "--column")
    told = nomina.as_("tamara", *line, "Came on=received")
    assert told.status == 1
    assert "✗ line 3, column Bone: “wing” is not understood" in told.out
    assert "no column “Came”" in nomina.as_("tamara", *line, "Came=received").err
    assert "can't be “age”" in nomina.as_("tamara", *line, "Came on=age").err
