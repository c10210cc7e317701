"""`nomina dvi`: output, exit status, and refusals in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from forensics.cli.dvi import command
from tests.genetics.test_joint_chains import always_sample

CASE: dict[str, Any] = {
    "id": "one",
    "title": "a father and his daughter",
    "theta": 0,
    "input": {
        "loci": ["L1"],
        "frequencies": {"L1": {"1": 0.05, "2": 0.05, "3": 0.9}},
        "mutation": None,
        "pm_samples": {
            "V1": {"id": "V1", "sex": "M", "genotypes": {"L1": ["1", "2"]}},
            "V2": {"id": "V2", "sex": "F", "genotypes": {"L1": ["3", "3"]}},
        },
        "am_families": {
            "F1": {
                "pedigree": [
                    {"id": "M1", "sex": "M", "father": None, "mother": None},
                    {"id": "w", "sex": "F", "father": None, "mother": None},
                    {"id": "c", "sex": "F", "father": "M1", "mother": "w"},
                ],
                "genotypes": {"c": {"L1": ["1", "3"]}},
            }
        },
        "missing_persons": ["M1"],
    },
}


def run(tmp_path: Path, content: object, *options: str) -> Any:
    file = tmp_path / "case.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return CliRunner().invoke(command, [str(file), *options])


def test_json_has_what_a_program_needs(tmp_path: Path) -> None:
    result = run(tmp_path, {"cases": [CASE]}, "--json")
    assert result.exit_code == 0
    (found,) = json.loads(result.output)
    # the child got allele 1 from V1 with probability 1/2, else 2, which it does not have: LR = (1/2) / 0.1 / ...
    lr = (0.5 * 0.9) / (2 * 0.05 * 0.9)
    assert found["id"] == "one"
    assert found["pairwise_lr"] == {
        "rows": ["V1", "V2"],
        "cols": ["M1"],
        "values": [[pytest.approx(lr)], [None]],
    }
    assert found["exclusion_matrix"]["values"] == [[0], [None]]
    assert found["posterior_marginals"]["cols"] == ["M1", "*"]
    assert found["posterior_marginals"]["values"][0] == [
        pytest.approx(lr / (1 + lr)),
        pytest.approx(1 / (1 + lr)),
    ]
    assert found["posterior_marginals"]["values"][1] == [0.0, 1.0]
    assert found["best"][0]["assignment"] == {"V1": "M1", "V2": "*"}
    assert found["lost_mass"] == 0


def test_a_single_case_needs_no_list(tmp_path: Path) -> None:
    result = run(tmp_path, CASE)
    assert result.exit_code == 0
    assert "V1: M1 of F1" in result.output
    assert "nobody on the list" in result.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("not json", "is not JSON"),
        ({"cases": [{"id": "x"}]}, "no identification case"),
        ({**CASE, "input": {**CASE["input"], "missing_persons": ["M9"]}}, "M9 is in no family"),
        ({**CASE, "input": {k: v for k, v in CASE["input"].items() if k != "frequencies"}}, "frequencies"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence(tmp_path: Path, content: object, words: str) -> None:
    result = run(tmp_path, content)
    assert result.exit_code == 1
    assert words in result.output
    assert "Traceback" not in result.output


def test_an_impossible_family_is_named(tmp_path: Path) -> None:
    family = CASE["input"]["am_families"]["F1"]
    impossible = {**family, "genotypes": {"c": {"L1": ["1", "1"]}, "w": {"L1": ["3", "3"]}}}
    case = {**CASE, "input": {**CASE["input"], "am_families": {"F1": impossible}}}
    (found,) = json.loads(run(tmp_path, case, "--json").output)
    assert "impossible in the pedigree" in found["not_computed"][0]["reason"]
    assert found["pairwise_lr"]["values"][0] == [None]


def test_the_method_and_the_prior_are_said(tmp_path: Path) -> None:
    (found,) = json.loads(run(tmp_path, CASE, "--json").output)
    assert found["method"] == "exact sum"
    assert (found["half_width"], found["standard_error"], found["sampled"]["families"]) == (0, 0, [])
    assert found["prior"] == {"pair_weight": 1.0, "threshold": 0.9995}
    words = run(tmp_path, CASE).output
    assert "prior: flat over all assignments" in words
    assert "posterior mass left out: at most 0" in words


def test_the_number_sought_gives_the_prior(tmp_path: Path) -> None:
    (found,) = json.loads(run(tmp_path, CASE, "--json", "--sought", "11", "--threshold", "0.3").output)
    lr, others = (0.5 * 0.9) / (2 * 0.05 * 0.9), 10
    assert found["prior"] == {"pair_weight": 0.1, "threshold": 0.3}
    assert found["posterior_marginals"]["values"][0] == [
        pytest.approx(lr / (lr + others)),
        pytest.approx(others / (lr + others)),
    ]
    assert found["identified"] == [["V1", "M1"]]
    assert "prior weight of a pair: 0.1" in run(tmp_path, CASE, "--sought", "11").output


def test_not_evaluable_stays_apart_from_excluded(tmp_path: Path) -> None:
    family = CASE["input"]["am_families"]["F1"]
    people = [*family["pedigree"], {"id": "M2", "sex": "M", "father": None, "mother": None}]
    people.append({"id": "M3", "sex": "M", "father": "M2", "mother": None})
    # nobody's sample tells anything about M2 and M3; V1 is impossible as M1 without allele 3 in the child
    silent = {**family, "pedigree": people, "genotypes": {"c": {"L1": ["3", "3"]}}}
    case = {
        **CASE,
        "input": {**CASE["input"], "am_families": {"F1": silent}, "missing_persons": ["M1", "M2", "M3"]},
    }
    (found,) = json.loads(run(tmp_path, case, "--json").output)
    assert found["pairwise_state"]["values"][0] == ["excluded", "not evaluable", "not evaluable"]
    assert found["pairwise_lr"]["values"][0] == [0.0, 1.0, 1.0]
    words = run(tmp_path, case).output
    assert "1 excluded, 2 not evaluable" in words
    assert "not evaluable, which excludes nobody: M2 of F1 against V1" in words


def test_what_is_sampled_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    always_sample(monkeypatch)
    (found,) = json.loads(run(tmp_path, CASE, "--json", "--seed", "3").output)
    assert found["method"] == "sampled"
    assert found["sampled"]["families"] == ["F1"]
    assert found["sampled"]["seed"] == 3
    assert found["posterior_marginals"]["values"][0][0] == pytest.approx(5 / 6, abs=0.02)
    words = run(tmp_path, CASE).output
    assert "sampled, too wide for a sum: families F1; 64 chains" in words
    assert "largest standard error" in words
