"""Power of forrel 1.9.0 (exclusionPower, missingPersonEP, missingPersonIP), repeated.

Its exclusion powers are computed and must come out again; its LR distributions were simulated, so that they
must lie within four of its own standard errors of what is computed here.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from forensics.domain.power import Power, PowerQuestion
from forensics.formats.power_cases import read_each_question
from forensics.genetics.power import power
from forensics.genetics.power_tables import Kits, all_outcomes, locus_question
from tests.support.shared import expected, shared

FILE = ("oracle", "public", "power.json")


@cache
def questions() -> dict[str, PowerQuestion]:
    found = dict(read_each_question(shared(*FILE).read_bytes()))
    assert all(isinstance(question, PowerQuestion) for question in found.values())
    return {name: question for name, question in found.items() if isinstance(question, PowerQuestion)}


@cache
def answers() -> dict[str, Power]:
    return {name: power(question) for name, question in questions().items()}


def results(category: str) -> dict[str, dict[str, Any]]:
    cases = [c for c in expected(*FILE)["cases"] if c["category"] == category]
    assert cases
    return {case["id"]: case["result"] for case in cases}


def test_exclusion_power_of_families_agrees_per_locus_and_in_total() -> None:
    for name, result in results("power_missing_person").items():
        theirs, ours = result["exclusion_power_exact"], answers()[name].exclusion
        assert ours.per_locus == pytest.approx(theirs["per_locus"], rel=1e-12, abs=1e-13)
        assert ours.total == pytest.approx(theirs["total"], abs=1e-13)
        assert ours.expected_mismatches == pytest.approx(theirs["expected_mismatching_loci"], rel=1e-12)


def test_exclusion_power_of_claims_agrees_per_locus_and_in_total() -> None:
    for name, result in results("exclusion_power_claim").items():
        ours = answers()[name].exclusion
        assert ours.per_locus == pytest.approx(result["exclusion_power_per_locus"], rel=1e-12)
        assert ours.total == pytest.approx(result["total"], rel=1e-12)


def test_the_distribution_if_true_is_the_one_that_was_simulated() -> None:
    checked = 0
    for name, result in results("power_missing_person").items():
        theirs, ours = result["inclusion_simulated_true_mp"], answers()[name]
        count, mean, sd = theirs["nsim"], ours.if_true.mean, ours.if_true.sd
        assert mean is not None
        assert sd is not None
        assert abs(theirs["mean_log10_lr"] - mean) < 4 * theirs["se_mean_log10_lr"]
        assert theirs["sd_log10_lr"] == pytest.approx(sd, rel=4 / math.sqrt(count))
        for threshold, share in theirs["prob_lr_exceeds"].items():
            chance = ours.reaching(math.log10(float(threshold))).if_true
            error = math.sqrt(max(chance.value * (1 - chance.value), 1 / count) / count)
            assert chance.low - 4 * error <= share <= chance.high + 4 * error
            checked += 1
        quantiles = {float(k.rstrip("%")) / 100: v for k, v in theirs["quantiles_log10_lr"].items()}
        at_them = power(replace(questions()[name], thresholds=tuple(quantiles.values())))
        for share, value in quantiles.items():
            above = at_them.reaching(value).if_true
            error = math.sqrt(share * (1 - share) / count)
            assert above.low - 4 * error <= 1 - share <= above.high + 4 * error
            checked += 1
    assert checked > 100


def test_the_mean_lr_of_each_locus_if_true_is_the_one_that_was_simulated() -> None:
    checked = 0
    for name, result in results("power_missing_person").items():
        theirs, question = result["inclusion_simulated_true_mp"], questions()[name]
        kits = Kits(question.case)
        for locus, mean in theirs["mean_lr_per_locus"].items():
            found = all_outcomes(
                locus_question(question.case, locus, question.available, kits.stated), question.available
            )
            lr = 10.0**found.log10
            exact = float((found.if_true * lr).sum())
            error = math.sqrt(float((found.if_true * (lr - exact) ** 2).sum()) / theirs["nsim"])
            assert abs(mean - exact) <= 5 * error + 1e-9, (name, locus)
            checked += 1
    assert checked > 200


def test_the_distribution_of_an_unrelated_person_is_the_one_that_was_simulated() -> None:
    for name, result in results("power_missing_person").items():
        theirs, ours = result["random_candidate_simulated"], answers()[name].if_false
        error = math.sqrt(max(ours.zero * (1 - ours.zero), 1 / theirs["nsim"]) / theirs["nsim"])
        assert abs(theirs["prob_lr_zero"] - ours.zero) < 4 * error
        if theirs["se"] is not None:
            assert ours.mean is not None
            assert abs(theirs["mean_log10_lr_given_nonzero"] - ours.mean) < 4 * theirs["se"]
