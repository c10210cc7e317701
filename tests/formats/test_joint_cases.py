"""Case files of joint identification: what is read, and how a broken file is told."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from forensics.cli.dvi import command
from forensics.domain.kinship import Convention, Member, MutationKind, MutationModel, Sex
from forensics.formats.joint_cases import cases_in, read_case

CASE: dict[str, Any] = {
    "id": "one",
    "input": {
        "loci": ["L"],
        "frequencies": {"L": {"9": 0.25, "9.3": 0.25, "10": 0.5}},
        "mutation": {"L": {"male": {"model": "equal", "rate": 0.002}, "female": {"rate": 0.001}}},
        "missing_persons": ["MP"],
        "pm_samples": {"V": {"sex": "M", "genotypes": {"L": ["9", "10"], "K": None}}},
        "am_families": {
            "F1": {
                "pedigree": [
                    {"id": "F", "sex": "M", "father": None, "mother": None},
                    {"id": "MP", "sex": "M", "father": "F", "mother": None},
                ],
                "genotypes": {"F": {"L": ["9", "9.3"]}},
            }
        },
    },
}


def changed(place: str, value: Any) -> dict[str, Any]:
    """The case with one value changed, or taken out ("absent")."""
    case = copy.deepcopy(CASE)
    found: Any = case
    *way, last = place.split("/")
    for step in way:
        found = found[int(step)] if isinstance(found, list) else found[step]
    if value == "absent":
        del found[last]
    else:
        found[last] = value
    return case


def test_a_case_is_read() -> None:
    asked = read_case(CASE, Convention.PRUNED, 7)
    screening = asked.screening
    assert asked.best == 7
    assert screening.convention is Convention.PRUNED
    assert screening.mutation == {"L": MutationModel(MutationKind.EQUAL, 0.002, 0.001)}
    assert screening.missing == (("F1", "MP"),)
    assert screening.families[0].pedigree.members[1] == Member("MP", Sex.MALE, "F", None)
    assert screening.profiles[0].genotypes == {"L": ("9", "10")}


@pytest.mark.parametrize("wrap", [lambda c: c, lambda c: [c], lambda c: {"cases": [c]}])
def test_a_file_may_hold_one_case_or_a_list(wrap: Any) -> None:
    assert cases_in(json.dumps(wrap(CASE)).encode()) == [CASE]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("input/loci", "absent", "case one: input: the field 'loci' is missing"),
        ("input/loci", ["L", "L"], "case one: it names no locus, or one twice"),
        ("input/loci", ["K"], "case one: input.frequencies: the field 'K' is missing"),
        ("input/frequencies/L/9", "x", 'case one: input.frequencies.L.9 is "x"; it must be a number'),
        ("input/frequencies/L/9", 0.2, "case one: The frequencies of locus L .* sum to 0.95 instead of 1"),
        ("input/mutation/L/male/rate", 2, "case one: The mutation rate_male of locus L is 2"),
        ("input/mutation/L/male/model", "x", "it must be one of equal, proportional"),
        ("input/missing_persons", ["X"], "case one: missing person X is in no family; add them"),
        ("input/pm_samples/V/sex", 3, "case one: input.pm_samples.V.sex is 3; it must be one of M, F, U"),
        ("input/pm_samples/V/genotypes/L", "9", 'genotypes.L is "9"; it must be a list'),
        (
            "input/am_families/F1/pedigree/0/sex",
            "F",
            "case one: F is the father of MP in family F1, but female",
        ),
        ("input/am_families/F1/pedigree/0/father", "MP", "case one: .* is their own ancestor in family F1"),
        (
            "input/am_families/F1/pedigree/0/id",
            "G",
            "case one: MP has the father 'F', who is not in family F1",
        ),
        ("theta", -0.5, "case one: theta is -0.5; it must lie between 0 and 1"),
    ],
)
def test_what_is_malformed_is_named_in_a_sentence(
    place: str, value: Any, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(changed(place, value)), encoding="utf-8")
    answer = CliRunner().invoke(command, [str(path), "--json"])
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert re.search(message, answer.stderr)


@pytest.mark.parametrize("content", [b"{", b"3", b"[3]", b'{"cases": 1}', b"\xff", b'{"input": NaN}'])
def test_what_is_no_case_file_is_told_with_its_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    answer = CliRunner().invoke(command, [str(path)])
    assert answer.exit_code == 1
    assert "x.json: " in answer.stderr
