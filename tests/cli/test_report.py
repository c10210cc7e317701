"""`nomina report`: from the draft to the issued file, by two people."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forensics.domain.lines import HypothesisLine
from forensics.domain.lists import ListQuery
from forensics.services import identifications, matching
from tests.support.commands import Commands
from tests.support.laboratories import PASSPHRASE, PASSWORD


@pytest.fixture
def supported(nomina_small: Commands) -> HypothesisLine:
    wanted = ListQuery(filters={"state": ("supported",)}, limit=1)
    return nomina_small.labs["analyst"].run(matching.hypotheses, wanted).rows[0]


def test_a_match_report_goes_from_draft_to_issue(
    nomina_small: Commands, supported: HypothesisLine, tmp_path: Path
) -> None:
    run = nomina_small.as_
    said = run("analyst", "report", "draft", "match", supported.number, "--authoriser", "reviewer", "--json")
    assert said.status == 0, said.err
    number = said.json["number"]
    assert "the author signs first" in run("reviewer", "report", "authorise", number).refused()
    assert run("analyst", "report", "sign", number).status == 0
    assert "another authoriser" in run("coordinator", "report", "authorise", number).refused()
    issued = run("reviewer", "report", "authorise", number, "--json")
    assert issued.json["state"] == "issued"
    (row,) = run("analyst", "report", "list", "--json").json
    assert (row["number"], row["state"], row["kind"]) == (number, "issued", "match")
    _saved_and_verified(nomina_small, number, tmp_path / "report.pdf")


def test_a_descriptor_gives_the_password_once_for_signing_in_and_signing(
    nomina_small: Commands, supported: HypothesisLine
) -> None:
    command = ("report", "draft", "match", supported.number, "--authoriser", "reviewer", "--json")
    number = nomina_small.as_("analyst", *command).json["number"]
    read, write = os.pipe()
    os.write(write, f"{PASSWORD}\n{PASSPHRASE}\n".encode())
    os.close(write)
    where = ("--laboratory", nomina_small.labs.location, "--as", "analyst", "--passphrase-fd", str(read))
    said = nomina_small("report", "sign", number, *where)
    assert said.status == 0, said.err
    assert "signed" in said.out


def _saved_and_verified(nomina: Commands, number: str, path: Path) -> None:
    assert nomina.as_("coordinator", "report", "save", number, path).status == 0
    said = nomina.as_("coordinator", "verify", path, "--json")
    assert said.status == 0, said.out
    assert said.json["accepted"]
    content = path.read_bytes()
    assert "exists already" in nomina.as_("coordinator", "report", "save", number, path).refused()
    assert path.read_bytes() == content


def test_an_identification_report_is_drafted_and_saved_as_a_draft(
    nomina_small: Commands, tmp_path: Path
) -> None:
    wanted = ListQuery(filters={"state": ("confirmed",)}, limit=1)
    (line,) = nomina_small.labs["manager"].run(identifications.identifications, wanted).rows
    run = nomina_small.as_
    command = ("report", "draft", "identification", line.number, "--authoriser", "coordinator")
    said = run("manager", *command)
    assert said.status == 0, said.err
    number = said.out.split()[0]
    assert run("quality", "report", "save", number, tmp_path / "draft.pdf").status == 0
    assert run("quality", "verify", tmp_path / "draft.pdf").status == 1  # nobody has signed it
    nowhere = tmp_path / "no such folder" / "draft.pdf"
    assert "choose another place" in run("quality", "report", "save", number, nowhere).refused()


def test_who_may_not_authorise_is_told_who_may(nomina_small: Commands, supported: HypothesisLine) -> None:
    for login in ("analyst", "tamara", "nobody"):
        command = ("report", "draft", "match", supported.number, "--authoriser", login)
        sentence = nomina_small.as_("analyst", *command).refused()
        assert f"{login} can't authorise a report of yours" in sentence
        assert "reviewer" in sentence


def test_numbers_are_checked_before_anything_is_asked(
    nomina_small: Commands, supported: HypothesisLine
) -> None:
    wrong = supported.number[:-1] + ("A" if supported.number[-1] != "A" else "B")
    for command in (
        ("draft", "match", wrong, "--authoriser", "reviewer"),
        ("draft", "identification", wrong, "--authoriser", "reviewer"),
        ("sign", wrong),
        ("authorise", wrong),
    ):
        assert "check character" in nomina_small("report", *command).refused()


def test_an_unknown_report_is_one_sentence(nomina_small: Commands, supported: HypothesisLine) -> None:
    sentence = nomina_small.as_("analyst", "report", "sign", supported.number).refused()
    assert sentence == f"There is no report {supported.number} in the register."
