"""Mutation matrices against their definitions, written out entry by entry."""

import math
from dataclasses import replace

import numpy as np
import pytest

from forensics.domain.errors import Invalid, Refused
from forensics.domain.kinship import MutationKind, MutationModel, Sex
from forensics.genetics.mutation import mutation_matrix, stationary_distribution, stationary_transform

ALLELES = ("10", "11", "11.3", "12", "12.3", "13", "15.2")
P = np.array([0.1, 0.25, 0.05, 0.3, 0.08, 0.2, 0.02])
N = len(ALLELES)
STEPWISE = MutationModel(MutationKind.STEPWISE, 0.003, 0.001, 2e-5, 1e-5, 0.5, 0.1)


def matrix(model: MutationModel, parent: Sex = Sex.MALE, silent: str | None = None) -> np.ndarray:
    found = mutation_matrix(
        model,
        ALLELES if silent is None else (*ALLELES, silent),
        P if silent is None else np.append(P * 0.9, 0.1),
        parent,
        silent,
    )
    assert found is not None
    return found


ALL = [
    MutationModel(MutationKind.EQUAL, 0.004, 0.001),
    MutationModel(MutationKind.PROPORTIONAL, 0.004, 0.001),
    MutationModel(MutationKind.ONESTEP, 0.004, 0.001),
    MutationModel(MutationKind.DAWID, 0.0004, 0.0001, range_male=0.3),
    STEPWISE,
    replace(STEPWISE, transform="PM"),
]


@pytest.mark.parametrize("model", ALL, ids=lambda m: m.kind.value + (m.transform or ""))
@pytest.mark.parametrize("parent", [Sex.MALE, Sex.FEMALE])
def test_rows_are_distributions_and_sexes_differ(model: MutationModel, parent: Sex) -> None:
    found = matrix(model, parent)
    assert found.min() >= 0
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-14)
    assert not np.array_equal(matrix(model, Sex.MALE), matrix(model, Sex.FEMALE))


def test_equal() -> None:
    found = matrix(ALL[0])
    assert found[2, 5] == 0.004 / (N - 1)
    assert found[3, 3] == 1 - 0.004


def test_proportional_keeps_frequencies_and_rate() -> None:
    found = matrix(ALL[1])
    assert P @ found == pytest.approx(P, abs=1e-15)
    assert 1 - (P * np.diag(found)).sum() == pytest.approx(0.004, rel=1e-12)
    assert found[0, 3] / found[0, 5] == pytest.approx(P[3] / P[5])


def test_onestep_splits_the_rate_over_neighbours() -> None:
    found = matrix(ALL[2])
    assert found[1].tolist() == [0.002, 0.996, 0, 0.002, 0, 0, 0]
    assert found[6, 6] == 1
    assert found[2, 4] == pytest.approx(0.004)


def test_stepwise_by_hand() -> None:
    found = matrix(STEPWISE)
    # 11 steps to 10, 12 (one) and 13 (two); three microvariants share rate2.
    weights = {0: 0.5, 3: 0.5, 5: 0.25}
    for j, weight in weights.items():
        assert found[1, j] == pytest.approx(0.003 * weight / 1.25, rel=1e-13)
    assert found[1, 2] == found[1, 4] == found[1, 6] == pytest.approx(2e-5 / 3, rel=1e-13)
    assert found[1, 1] == 1 - 0.003 - 2e-5
    # 11.3 and 12.3 are one step apart.
    assert found[2, 4] == pytest.approx(0.003, rel=1e-13)
    # 15.2 is alone in its group: it mutates with rate2 only.
    assert found[6, 6] == 1 - 2e-5
    assert found[6, 0] == pytest.approx(2e-5 / 6, rel=1e-13)


def test_stepwise_without_microvariants_has_no_second_rate() -> None:
    found = mutation_matrix(STEPWISE, ("10", "11", "12"), np.array([0.2, 0.3, 0.5]), Sex.MALE)
    assert found is not None
    assert np.diag(found) == pytest.approx(1 - 0.003, abs=1e-16)


def test_dawid_by_its_formula_is_stationary() -> None:
    found = matrix(ALL[3])
    g, rate = 0.3, 0.0004
    a = (1 - g**N) / (1 - g)
    assert found[1, 4] == pytest.approx(rate / P[1] * (1 - g) / (2 * g * (N - a)) * g**3, rel=1e-12)
    assert P @ found == pytest.approx(P, abs=1e-15)


@pytest.mark.parametrize("parent", [Sex.MALE, Sex.FEMALE])
def test_pm_is_stationary_and_keeps_the_mean_rate(parent: Sex) -> None:
    plain, found = matrix(STEPWISE, parent), matrix(ALL[5], parent)
    assert P @ found == pytest.approx(P, rel=1e-12)
    assert (P * np.diag(found)).sum() == pytest.approx((P * np.diag(plain)).sum(), rel=1e-13)


def test_the_stationary_distribution_keeps_small_entries_exact() -> None:
    # Detailed balance of a birth and death chain: v[i+1]/v[i] is known exactly.
    up, down = 1e-7, 1e-2
    chain = np.array([[1 - up, up, 0], [down, 1 - up - down, up], [0, down, 1 - down]])
    v = stationary_distribution(chain)
    assert v[1] / v[0] == pytest.approx(1e-5, rel=1e-13)
    assert v[2] / v[0] == pytest.approx(1e-10, rel=1e-13)


def test_no_mutation_is_no_matrix() -> None:
    assert mutation_matrix(MutationModel(MutationKind.EQUAL), ALLELES, P, Sex.MALE) is None
    assert np.array_equal(stationary_transform(np.eye(N), P), np.eye(N))


def test_a_silent_allele_neither_mutates_nor_arises() -> None:
    for model in ALL:
        found = matrix(model, silent="silent")
        assert found[-1].tolist() == [0.0] * N + [1.0]
        assert found[:-1, -1].tolist() == [0.0] * N
        assert found.sum(axis=1) == pytest.approx(1, abs=1e-14)


def test_a_stated_matrix_is_put_in_the_order_of_the_ladder() -> None:
    rows = ((0.9, 0.1, 0.0), (0.0, 0.8, 0.2), (0.3, 0.0, 0.7))
    model = MutationModel(MutationKind.MATRIX, alleles=("c", "a", "b"), matrix_male=rows, matrix_female=rows)
    found = mutation_matrix(model, ("a", "b", "c"), np.array([0.2, 0.3, 0.5]), Sex.MALE)
    assert found is not None
    assert found.tolist() == [[0.8, 0.2, 0.0], [0.0, 0.7, 0.3], [0.1, 0.0, 0.9]]


@pytest.mark.parametrize(
    ("rows", "names", "message"),
    [
        (((0.9, 0.2), (0.1, 0.9)), ("a", "b"), "sum to 1"),
        (((1.1, -0.1), (0.1, 0.9)), ("a", "b"), "not a probability"),
        (((math.nan, 1.0), (0.1, 0.9)), ("a", "b"), "not a probability"),
        (((1.0,),), ("a", "b"), "square"),
        (((0.9, 0.1), (0.1, 0.9)), ("a", "x"), "no row for allele b"),
    ],
)
def test_a_stated_matrix_that_can_not_be_right_is_named(
    rows: tuple[tuple[float, ...], ...], names: tuple[str, ...], message: str
) -> None:
    model = MutationModel(MutationKind.MATRIX, alleles=names, matrix_male=rows, matrix_female=rows)
    with pytest.raises(Invalid, match=message):
        mutation_matrix(model, ("a", "b"), np.array([0.5, 0.5]), Sex.MALE)


def test_rates_that_make_a_probability_negative_are_refused() -> None:
    with pytest.raises(Invalid, match="too high"):
        matrix(MutationModel(MutationKind.DAWID, 0.5, 0.5))


def test_counting_steps_needs_numbers() -> None:
    with pytest.raises(Invalid, match="'Rest allele'"):
        mutation_matrix(STEPWISE, ("10", "Rest allele"), np.array([0.5, 0.5]), Sex.MALE)


def test_a_random_matrix_must_be_stated() -> None:
    with pytest.raises(Refused, match="random"):
        matrix(MutationModel(MutationKind.RANDOM, 0.001, 0.001))
    rows = ((0.6, 0.4), (0.5, 0.5))
    stated = MutationModel(MutationKind.RANDOM, alleles=("a", "b"), matrix_male=rows, matrix_female=rows)
    found = mutation_matrix(stated, ("a", "b"), np.array([0.5, 0.5]), Sex.FEMALE)
    assert found is not None
    assert found.tolist() == [list(row) for row in rows]
