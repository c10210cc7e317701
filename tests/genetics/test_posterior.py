"""Posterior probabilities against printed tables, and where doubles would lose them."""

import json
import math
from pathlib import Path

import pytest

from forensics.domain.errors import Invalid
from forensics.genetics.posterior import among, complement, effective_number, posterior, required_log10_lr

SHARED = Path(__file__).resolve().parents[3] / "shared" / "oracle" / "public" / "posterior_examples.json"
needs_examples = pytest.mark.skipif(
    not SHARED.is_file(), reason="the examples are not beside this repository"
)


def test_the_rule_by_hand() -> None:
    assert posterior(2, 10) == pytest.approx(100 / 109, rel=1e-14)
    assert complement(2, 10) == pytest.approx(9 / 109, rel=1e-14)
    assert posterior(0, 40) == pytest.approx(1 / 40, rel=1e-14)


def test_an_exclusion_and_a_single_person() -> None:
    assert (posterior(None, 10), complement(None, 10)) == (0.0, 1.0)
    assert (posterior(-3, 1), complement(-3, 1)) == (1.0, 0.0)


def test_huge_ratios_keep_their_digits_in_the_complement() -> None:
    assert posterior(400, 1_000) == 1.0
    assert complement(40, 1_001) == pytest.approx(1e-37, rel=1e-12)
    assert posterior(-40, 1_001) == pytest.approx(1e-43, rel=1e-12)
    for log10 in (-1e6, -400, 400, 1e6):
        assert 0 <= posterior(log10, 8_000) <= 1
        assert 0 <= complement(log10, 8_000) <= 1


@pytest.mark.parametrize(("n", "needed"), [(100, 2.0e5), (1_000, 2.0e6), (8_000, 1.6e7), (40_000, 8.0e7)])
def test_the_ratio_that_a_policy_needs(n: int, needed: float) -> None:
    assert 10 ** required_log10_lr(0.9995, n) == pytest.approx(0.9995 / 0.0005 * (n - 1), rel=1e-12)
    assert 10 ** required_log10_lr(0.9995, n) == pytest.approx(needed, rel=0.02)


def test_the_needed_ratio_just_reaches_the_threshold() -> None:
    for threshold in (0.5, 0.99, 0.9995, 0.999999):
        for n in (2, 136.5, 40_000):
            assert posterior(required_log10_lr(threshold, n), n) == pytest.approx(threshold, rel=1e-13)
    assert required_log10_lr(0.9995, 1) == -math.inf


@pytest.mark.parametrize("n", [0, 0.5, -3, math.nan, math.inf])
def test_a_number_of_persons_that_can_not_be_is_refused(n: float) -> None:
    with pytest.raises(Invalid, match="number of persons sought"):
        posterior(1, n)


@pytest.mark.parametrize("threshold", [0, 1, 1.5, math.nan])
def test_a_threshold_that_can_not_be_is_refused(threshold: float) -> None:
    with pytest.raises(Invalid, match="threshold"):
        required_log10_lr(threshold, 10)


def test_traits_reduce_the_number() -> None:
    assert effective_number(10_000, [0.07, 0.3, 0.65]) == pytest.approx(136.5)
    assert effective_number(10, [0.01]) == 1
    with pytest.raises(Invalid, match="share"):
        effective_number(10, [0])


def test_candidates_of_any_size_share_one() -> None:
    shares, nobody = among({"a": 400.0, "b": 399.0, "c": None})
    assert shares == pytest.approx({"a": 10 / 11, "b": 1 / 11, "c": 0.0})
    assert nobody < 1e-300
    assert among({"a": None}) == ({"a": 0.0}, 1.0)


@needs_examples
def test_printed_tables_are_repeated() -> None:
    cases = {case["id"]: case for case in json.loads(SHARED.read_bytes())["cases"]}
    for row in cases["PO-001"]["table"]:
        found = 100 * posterior(math.log10(row["lr"]), row["missing_persons"])
        assert found == pytest.approx(row["posterior_percent"], rel=1e-12)
    listed = cases["PO-002"]["lr"]
    for side, other, driven in (("victim", "family", "pm_driven"), ("family", "victim", "am_driven")):
        for name, expected in cases["PO-002"][driven].items():
            logs = {e[other]: math.log10(e["lr"]) if e["lr"] else None for e in listed if e[side] == name}
            shares, nobody = among(logs)
            assert {**shares, "*": nobody} == pytest.approx(expected, rel=1e-12)
    effective = effective_number(cases["PO-003"]["factors"][0], cases["PO-003"]["factors"][1:])
    assert effective == pytest.approx(cases["PO-003"]["n_effective"])
    for row in cases["PO-004"]["cases"]:
        assert posterior(0, row["n"] + 1) == pytest.approx(row["prior"])
