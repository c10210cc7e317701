"""Sampled posteriors against exact ones, on questions that can be summed."""

import math

import numpy as np
import pytest

from forensics.domain.joint import JointInputs, JointMethod, JointResult
from forensics.domain.kinship import Convention, MutationModel
from forensics.domain.screening import ScreeningInputs
from forensics.genetics import (
    joint_assign,
    joint_chains,
    joint_options,
    joint_placements,
    joint_search,
    joint_selection,
)
from forensics.genetics.bench_joint import invented
from forensics.genetics.joint import identify
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_units import Listed, neighbours
from tests.genetics.test_joint import EQUAL, STEPWISE, question


def always_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every component counts as too wide to sum, and as too entangled to bound."""
    monkeypatch.setattr(joint_assign, "MOST_STATES", 0)
    monkeypatch.setattr(joint_selection, "LARGEST_HALF_WIDTH", -1.0)
    monkeypatch.setattr(joint_selection, "NARROW", -1.0)


@pytest.fixture
def sampling(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    always_sample(monkeypatch)
    return monkeypatch


def largest_difference(one: JointResult, other: JointResult) -> float:
    return max(abs(p - other.posterior[v][key]) for v, row in one.posterior.items() for key, p in row.items())


def agree(exact: JointResult, sampled: JointResult) -> None:
    assert exact.method is JointMethod.EXACT
    assert exact.sampled == ()
    assert exact.standard_error == 0
    assert sampled.method is JointMethod.SAMPLED
    assert sampled.sampled
    assert sampled.chains == joint_chains.CHAINS
    assert sampled.sweeps >= joint_chains.FIRST
    assert 0 < sampled.standard_error < 0.01
    assert largest_difference(exact, sampled) < 5 * sampled.standard_error
    best = exact.best[0]
    found = {tuple(sorted(a.placed.items())): a for a in sampled.best}
    same = found[tuple(sorted(best.placed.items()))]
    assert same.ln_likelihood == pytest.approx(best.ln_likelihood, abs=1e-9)
    assert same.posterior == pytest.approx(best.posterior, abs=0.03)
    assert sampled.ln_likelihood_null == pytest.approx(exact.ln_likelihood_null, abs=1e-9)
    for victim, row in sampled.posterior.items():
        assert math.fsum(row.values()) + sampled.unplaced[victim] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("mutation", [EQUAL, STEPWISE], ids=["equal", "stepwise"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_chains_agree_with_the_sum(
    seed: int, mutation: dict[str, MutationModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = question(seed, mutation, Convention.AS_DRAWN)
    exact = identify(JointInputs(inputs, best=500))
    always_sample(monkeypatch)
    agree(exact, identify(JointInputs(inputs, best=500)))


def test_chains_agree_where_families_compete_for_victims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six families with weak claims on twelve victims: only four loci."""
    whole = invented(6, 0, 7)
    inputs = few_loci(whole, 4)
    exact = identify(JointInputs(inputs, best=20))
    always_sample(monkeypatch)
    sampled = identify(JointInputs(inputs, best=20))
    assert sampled.method is JointMethod.SAMPLED
    assert largest_difference(exact, sampled) < 5 * sampled.standard_error
    strongest = max(exact.best, key=lambda a: a.posterior)
    assert sampled.best[0].posterior == pytest.approx(strongest.posterior, abs=0.03)


def few_loci(inputs: ScreeningInputs, count: int) -> ScreeningInputs:
    loci = inputs.loci[:count]
    return ScreeningInputs(loci, inputs.frequencies, inputs.families, inputs.profiles, inputs.mutation)


@pytest.mark.parametrize("seed", [2])
def test_families_too_large_to_list_are_asked_on_the_way(
    seed: int, sampling: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = question(seed, EQUAL, Convention.AS_DRAWN)
    listed = identify(JointInputs(inputs, best=500))
    monkeypatch.setattr(joint_placements, "LARGEST_TABLE", 0)
    monkeypatch.setattr(joint_search, "MOST_PLACEMENTS", 0)
    asked = identify(JointInputs(inputs, best=500))
    error = math.hypot(listed.standard_error, asked.standard_error)
    assert largest_difference(listed, asked) < 5 * error
    assert asked.lost_mass == 0
    for one, other in zip(asked.pairs, listed.pairs, strict=True):
        assert one.state is other.state
        assert one.log10_lr == (None if other.log10_lr is None else pytest.approx(other.log10_lr, rel=1e-9))


def test_the_same_seed_gives_the_same_numbers(sampling: pytest.MonkeyPatch) -> None:
    inputs = question(1, EQUAL, Convention.AS_DRAWN)
    one, same, other = (identify(JointInputs(inputs, seed=seed)) for seed in (4, 4, 5))
    assert one == same
    assert one.seed == 4
    assert largest_difference(one, other) > 0


def test_what_was_left_out_before_sampling_is_bounded(sampling: pytest.MonkeyPatch) -> None:
    sampling.setattr(joint_options, "FEW", 0)
    sampling.setattr(joint_selection, "LARGEST_LOSS", 0.5)
    inputs = question(2, EQUAL, Convention.AS_DRAWN)
    part = identify(JointInputs(inputs, accepted_loss=0.5))
    assert 0 < part.lost_mass < 0.5


def test_a_placement_that_is_not_listed_is_impossible() -> None:
    rows = np.array([[0, 1], [2, -1]])
    unit = Listed(Options(0, rows, np.array([1.0, 2.0])), 0.5, 3)
    asked = np.array([[0, 1], [2, -1], [-1, -1], [1, 0], [-1, 2]])
    assert unit.ln_weight(asked).tolist() == [2.0, 2.5, 0.0, -math.inf, -math.inf]


def test_weights_beyond_a_double_are_drawn_by_their_logarithms() -> None:
    unit = Listed(Options(0, np.array([[0], [1]]), np.array([2000.0, 2000.0 - math.log(3)])), 0.0, 2)
    dice = np.random.default_rng(1)
    free = np.zeros((4000, 3), dtype=bool)
    rows, chances = unit.drawn(free, dice)
    assert chances[0].tolist() == pytest.approx([0, 0.75, 0.25])
    assert (rows[:, 0] == 0).mean() == pytest.approx(0.75, abs=0.03)
    free[:, 0] = True  # who is placed elsewhere
    assert (unit.drawn(free, dice)[0][:, 0] == 1).all()
    free[:, 1] = True
    assert (unit.drawn(free, dice)[0][:, 0] == -1).all()


def test_neighbours_share_a_victim() -> None:
    assert neighbours([frozenset({1, 2}), frozenset({2}), frozenset({3})]) == [[1], [0], []]
