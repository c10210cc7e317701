"""Likelihood ratios of other programs, repeated: pedprobr 1.1.0, Familias 2.6.4, DNAprofiles 0.3.2, relMix 1.4.

The cases and the programs' numbers stand beside the repository; versions are in each file.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forensics.domain.kinship import Convention, KinshipCase, LikelihoodRatio
from forensics.formats.kinship_cases import read_cases, write_cases
from forensics.genetics.likelihood import likelihood_ratio

CASES = Path(__file__).resolve().parents[3] / "shared" / "oracle" / "public"
CATEGORIES = (
    "pairwise",
    "missing_person",
    "mutation",
    "mutation_theta",
    "x_chromosome",
    "dropout",
    "silent_allele",
    "direct_match",
)
TOLERANCE = 1e-11

pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="the reference cases of other programs are not beside this repository"
)


@cache
def expected(category: str) -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads((CASES / f"{category}.json").read_bytes())["cases"]}


@cache
def cases(category: str) -> tuple[KinshipCase, ...]:
    return read_cases((CASES / f"{category}.json").read_bytes())


def differences(found: LikelihoodRatio, result: dict[str, Any]) -> list[str]:
    """Every locus, and the total, whose relative difference is above the tolerance."""
    pairs = [(locus, lr, found.log10_per_locus[locus]) for locus, lr in result["lr_per_locus"].items()]
    pairs.append(("total", result["lr_total"], found.log10_total))
    return [
        f"{where}: {log10} instead of {lr}"
        for where, lr, log10 in pairs
        if (log10 is None) != (lr == 0) or (lr and abs(10.0**log10 / lr - 1) > TOLERANCE)
    ]


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_case_agrees_per_locus_and_in_total(category: str) -> None:
    wrong = {}
    for case in cases(category):
        found = differences(likelihood_ratio(case), expected(category)[case.id]["result"])
        if found:
            wrong[case.id] = found
    assert len(cases(category)) > 10
    assert wrong == {}


@pytest.mark.parametrize("category", ["mutation", "silent_allele"])
def test_the_pruned_convention_agrees(category: str) -> None:
    checked, wrong = 0, {}
    for case in cases(category):
        result = expected(category)[case.id].get("alt_result_pruned")
        if result:
            checked += 1
            found = differences(likelihood_ratio(replace(case, convention=Convention.PRUNED)), result)
            if found:
                wrong[case.id] = found
    assert checked > 10
    assert wrong == {}


def test_linked_pairs_agree_and_differ_from_the_product() -> None:
    different = 0
    for case in cases("linked"):
        result = expected("linked")[case.id]["result"]
        found = likelihood_ratio(case)
        assert found.value == pytest.approx(result["lr_linked"], rel=TOLERANCE)
        values = found.log10_per_locus.values()
        apart = 0.0 if None in values else 10.0 ** sum(value for value in values if value is not None)
        assert apart == pytest.approx(result["lr_if_unlinked"], rel=TOLERANCE)
        different += abs(apart - found.value) > 1e-6 * apart
    assert different > 10


@pytest.mark.parametrize("category", [*CATEGORIES, "linked"])
def test_writing_and_reading_gives_the_same_cases_back(category: str) -> None:
    assert read_cases(write_cases(cases(category))) == cases(category)


def test_recomputation_is_identical_to_the_last_bit() -> None:
    for case in cases("missing_person")[:8]:
        assert likelihood_ratio(case) == likelihood_ratio(case)
