"""`nomina power`: every kind of question, JSON, refusals in one sentence, the same seed the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from forensics.cli.power import command

TABLE = {f"L{i}": {"1": 0.1, "2": 0.2, "3": 0.7} for i in range(1, 6)}
TRIO = [
    {"id": "F", "sex": "M", "father": None, "mother": None},
    {"id": "M", "sex": "F", "father": None, "mother": None},
    {"id": "MP", "sex": "M", "father": "F", "mother": "M"},
]
FAMILY: dict[str, Any] = {
    "id": "family",
    "title": "a father",
    "chromosome": "autosomal",
    "theta": 0,
    "frequency_table": "t",
    "loci": list(TABLE),
    "mutation": None,
    "pedigree": TRIO,
    "missing": "MP",
    "genotypes": {"F": {locus: ["1", "2"] for locus in TABLE}},
}
CLAIM: dict[str, Any] = {
    **{k: v for k, v in FAMILY.items() if k not in ("pedigree", "missing", "genotypes", "title")},
    "id": "claim",
    "claim_pedigree": TRIO,
    "true_pedigree": [TRIO[0], {"id": "MP", "sex": "M", "father": None, "mother": None}],
    "available": ["F", "MP"],
}
WEIGHED: dict[str, Any] = {
    **{k: v for k, v in FAMILY.items() if k not in ("pedigree", "missing")},
    "id": "weighed",
    "hypotheses": {
        "H1": [*TRIO[:2], {**TRIO[2], "id": "B1"}],
        "H2": [*TRIO, {"id": "B1", "sex": "M", "father": None, "mother": None}],
    },
    "numerator": "H1",
    "denominator": "H2",
    "genotypes": {**FAMILY["genotypes"], "B1": {"L1": ["1", "3"]}},
}
NOBODY = {**WEIGHED, "id": "nobody", "denominator": "H1"}
LINKED = {**FAMILY, "id": "x", "chromosome": "X"}


def run(folder: Path, cases: object, *options: str) -> Any:
    file = folder / "case.json"
    content = {"schema": "kinship-oracle/1", "frequency_tables": {"t": TABLE}, "cases": cases}
    file.write_text(json.dumps(content))
    return CliRunner().invoke(command, [str(file), *options])


def test_a_family_a_claim_and_a_weighed_pair_are_answered(tmp_path: Path) -> None:
    result = run(tmp_path, [FAMILY, CLAIM, WEIGHED], "--json")
    assert result.exit_code == 0, result.output
    family, claim, weighed = json.loads(result.output)
    p, q = 0.7, 0.3  # an unrelated person is excluded who has neither of the father's alleles
    assert family["exclusion_power"]["per_locus"]["L1"] == pytest.approx(p**2)
    assert family["exclusion_power"]["total"] == pytest.approx(1 - (1 - p**2) ** 5)
    assert family["simulation"] is None
    assert [line["log10_lr"] for line in family["reach"]] == [2.0, 4.0, 6.0]
    assert weighed["if_true"] == family["if_true"]  # the profile itself is set aside
    assert weighed["people"] == ["B1"]
    # father and child share no allele: one is homozygous for what the other lacks, or both differ
    a, b = 0.1, 0.2
    excluded = a**2 * (b + p) ** 2 + b**2 * (a + p) ** 2 + p**2 * q**2
    excluded += 2 * a * b * p**2 + 2 * a * p * b**2 + 2 * b * p * a**2
    assert claim["exclusion_power"]["per_locus"]["L1"] == pytest.approx(excluded)


def test_relatives_are_ranked_with_their_relation_in_words(tmp_path: Path) -> None:
    result = run(tmp_path, [FAMILY], "--json", "--relatives", "--required", "20")
    assert result.exit_code == 0, result.output
    ranking = json.loads(result.output)[0]["ranking"]
    assert ranking["goal_log10_lr"] == pytest.approx(1.30103, abs=1e-5)
    who = {one["candidates"][0]["id"]: one for one in ranking["singles"]}
    assert who["M"]["candidates"][0]["relation"] == "mother"
    assert who["M"]["gain"] > 0
    assert who["MP"]["candidates"][0]["kind"] == "a belonging of the missing person"
    shown = run(tmp_path, [FAMILY], "--relatives", "--required", "20").output
    assert "nobody more" in shown
    assert "mother" in shown


def test_the_seed_decides_what_is_simulated(tmp_path: Path) -> None:
    def pairs(*options: str) -> Any:
        chosen = ("--json", "--relatives", "--required", "1e5", "--simulations", "50", *options)
        return json.loads(run(tmp_path, [FAMILY], *chosen).output)[0]["ranking"]["pairs"]

    assert pairs() == pairs("--seed", "1")
    assert pairs() != pairs("--seed", "2")
    assert pairs()[0]["simulation"] == {"count": 50, "seed": 1}
    assert pairs()[0]["reach_goal"]["standard_error"] > 0


def test_a_case_without_numbers_says_why_beside_the_others(tmp_path: Path) -> None:
    result = run(tmp_path, [FAMILY, LINKED, NOBODY], "--json")
    assert result.exit_code == 1
    good, refused, nobody = json.loads(result.stdout)
    assert "refused" not in good
    assert "X-chromosomal" in refused["refused"]
    assert "name them in `available`" in nobody["refused"]
    assert "2 of 3 cases have no number" in result.output


def test_what_can_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    assert "there is no case 'other'" in run(tmp_path, [FAMILY], "--case", "other").output
    broken = run(tmp_path, [{**FAMILY, "pedigree": "F and M"}])
    assert broken.exit_code == 1
    assert "must be a list" in broken.output
    stranger = run(tmp_path, [{**FAMILY, "missing": "X"}])
    assert "'X' is not in the pedigree" in stranger.output


def test_thresholds_and_those_who_can_not_be_asked_stand_in_the_case(tmp_path: Path) -> None:
    case = {**FAMILY, "thresholds": [0.5], "required": 1.5, "not_asked": ["M"]}
    (found,) = json.loads(run(tmp_path, [case], "--json", "--relatives").output)
    assert [line["log10_lr"] for line in found["reach"]] == [0.5, 1.5]
    assert found["ranking"]["goal_log10_lr"] == 1.5
    assert "M" not in {c["id"] for one in found["ranking"]["singles"] for c in one["candidates"]}


def test_people_read_a_table(tmp_path: Path) -> None:
    shown = run(tmp_path, [FAMILY, LINKED]).output
    assert "family: a father" in shown
    assert "5 loci, computed" in shown
    assert "LR at least" in shown
    assert "not for X-chromosomal markers" in shown
