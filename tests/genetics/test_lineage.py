"""Lineage markers: counting estimates and their bounds, and how far haplotypes are apart."""

import json
from pathlib import Path
from typing import Any

import pytest

from forensics.domain.errors import Invalid
from forensics.genetics.lineage import (
    compare,
    compare_mitotypes,
    counting_estimate,
    discrete_laplace,
    kappa_match_probability,
)

SOURCE = Path(__file__).resolve().parents[3] / "shared" / "oracle" / "public" / "y_str.json"
needs_danes = pytest.mark.skipif(
    not SOURCE.is_file(), reason="the Danish haplotypes are not beside this repository"
)


@pytest.fixture(scope="module")
def danes() -> dict[str, Any]:
    return dict(json.loads(SOURCE.read_bytes())["cases"][0])


def test_a_haplotype_never_seen() -> None:
    found = counting_estimate(0, 185)
    assert found.upper_bound == pytest.approx(1 - 0.05 ** (1 / 185), rel=1e-14)
    assert found.interval == (0.0, pytest.approx(1 - 0.025 ** (1 / 185), rel=1e-13))
    assert found.with_the_case == 1 / 186
    assert found.likelihood_ratio == pytest.approx(1 / found.upper_bound)


def test_everybody_has_it() -> None:
    found = counting_estimate(7, 7)
    assert found.upper_bound == 1
    assert found.interval == (pytest.approx(0.025 ** (1 / 7)), 1.0)


@pytest.mark.parametrize(
    ("count", "size", "confidence"), [(-1, 5, 0.95), (6, 5, 0.95), (0, 0, 0.95), (1, 5, 1.0)]
)
def test_numbers_that_can_not_be_are_refused(count: int, size: int, confidence: float) -> None:
    with pytest.raises(Invalid):
        counting_estimate(count, size, confidence)


@needs_danes
def test_counting_estimates_of_r_are_repeated(danes: dict[str, Any]) -> None:
    rows = danes["result"]["counting_examples"] + danes["result"]["counting_examples_n1000"]
    for row in rows:
        found = counting_estimate(row["count"], row["n"])
        assert found.observed == pytest.approx(row["p_hat"], rel=1e-13)
        assert found.with_the_case == pytest.approx(row["p_add1"], rel=1e-13)
        assert found.with_both == pytest.approx(row["p_add2"], rel=1e-13)
        assert found.interval == pytest.approx(row["clopper_pearson_95_two_sided"], rel=1e-10)
        assert found.upper_bound == pytest.approx(row["clopper_pearson_upper_95_one_sided"], rel=1e-10)


@needs_danes
def test_kappa_of_the_danes(danes: dict[str, Any]) -> None:
    expected = danes["result"]["brenner_kappa"]["match_probability_unseen"]
    assert kappa_match_probability([row["count"] for row in danes["data"]]) == pytest.approx(
        expected, rel=1e-12
    )


@needs_danes
def test_discrete_laplace_frequencies_are_repeated(danes: dict[str, Any]) -> None:
    checked = 0
    for model in danes["result"]["discrete_laplace"]:
        for row in model.get("haplotype_frequency", []):
            found = discrete_laplace(row["haplotype"], model["tau"], model["centres"], model["p"])
            assert found == pytest.approx(row["frequency"], rel=1e-9)
            checked += 1
    assert checked > 20


def test_kappa_by_hand() -> None:
    # 1 + 1 + 3 people, and the new one: 6 people, 3 singletons.
    assert kappa_match_probability([1, 1, 3]) == pytest.approx((1 - 3 / 6) / 6)
    with pytest.raises(Invalid):
        kappa_match_probability([0])


def test_differences_are_counted_in_loci_and_steps() -> None:
    first = {
        "DYS19": ("14",),
        "DYS385": ("11", "15"),
        "DYS390": ("24",),
        "DYS391": ("10",),
        "DYS458": ("17.2",),
    }
    second = {
        "DYS19": ("16",),
        "DYS385": ("14", "11"),
        "DYS390": ("24",),
        "DYS392": ("13",),
        "DYS458": ("17.2",),
    }
    found = compare(first, second)
    assert found.compared == ("DYS19", "DYS385", "DYS390", "DYS458")
    assert [(d.locus, d.steps) for d in found.differences] == [("DYS19", 2), ("DYS385", 1)]
    assert found.steps == 3
    assert found.not_compared == ("DYS391", "DYS392")


def test_steps_that_can_not_be_counted_are_not_guessed() -> None:
    assert compare({"a": ("17.2",)}, {"a": ("17",)}).steps is None
    assert compare({"a": ("11", "14")}, {"a": ("11",)}).steps is None
    assert compare({"a": ("11",)}, {"a": ("OL",)}).steps is None


def test_mitotypes_are_compared_where_both_were_read() -> None:
    found = compare_mitotypes(
        ["263G", "315.1C", "309.1C", "16126C", "16362C"],
        ["263G", "315.1C", "152C", "16126C"],
        [(16024, 16365), (73, 340)],
        [(16024, 16300), (73, 340)],
    )
    assert (found.only_first, found.only_second) == ((), ("152C",))
    assert found.ignored == ("309.1C",)
    assert found.count == 1
    assert found.positions_compared == 277 + 268


def test_a_variant_without_a_position_is_refused() -> None:
    with pytest.raises(Invalid, match="'CRS'"):
        compare_mitotypes(["CRS"], [], [(1, 10)], [(1, 10)])
