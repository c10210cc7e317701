"""Sums over assignments against writing every assignment out; what is dropped is bounded."""

import itertools
import math

import numpy as np
import pytest

from forensics.genetics import joint_assign
from forensics.genetics.joint_assign import Component, component, components
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_order import TooWide, claims, groups, order, victims_of
from forensics.genetics.joint_solved import Policy, ln_lost_of
from forensics.genetics.joint_victims import NOBODY


def units(seed: int, victims: int, count: int, heavy: float = 3.0) -> list[Options]:
    """Families of one or two members; some claims are strong."""
    rng = np.random.default_rng(seed)
    found = []
    for family in range(count):
        members = int(rng.integers(1, 3))
        rows = [
            row
            for row in itertools.product(range(-1, victims), repeat=members)
            if row != (NOBODY,) * members and len({v for v in row if v >= 0}) == sum(v >= 0 for v in row)
        ]
        kept = [row for row in rows if rng.random() < 0.6] or rows[:1]
        ln = rng.normal(-1, heavy, len(kept)) + heavy * (rng.random(len(kept)) < 0.2)
        found.append(Options(family, np.array(kept), ln))
    return found


def enumerated(found: list[Options]) -> tuple[float, list[np.ndarray]]:
    """The total weight, and for each unit that of nobody placed and of each option."""
    total, by_option = 0.0, [np.zeros(len(u) + 1) for u in found]
    for choice in itertools.product(*(range(len(u) + 1) for u in found)):
        rows = [u.rows[c - 1] for u, c in zip(found, choice, strict=True) if c]
        used = [v for row in rows for v in row.tolist() if v != NOBODY]
        if len(set(used)) < len(used):
            continue
        weight = math.exp(sum(float(u.ln_lr[c - 1]) for u, c in zip(found, choice, strict=True) if c))
        total += weight
        for table, c in zip(by_option, choice, strict=True):
            table[c] += weight
    return total, by_option


def whole(found: list[Options], ln_budget: float = -math.inf) -> Component:
    used = [victims_of(u) for u in found]
    return component(order(range(len(found)), used), found, used, 0.0, ln_budget)


@pytest.mark.parametrize("seed", range(12))
def test_sums_and_posteriors_are_those_of_enumeration(seed: int) -> None:
    found = units(seed, 4, 3)
    total, by_option = enumerated(found)
    solved = whole(found)
    ln_total, marginals = solved.marginals()
    assert ln_total == pytest.approx(math.log(total), abs=1e-12)
    assert solved.ln_lost([0.0] * len(found)) == 0
    for stage, table in zip(solved.stages, marginals, strict=True):
        assert table == pytest.approx(by_option[stage.options] / total, abs=1e-12)


@pytest.mark.parametrize("budget", [1e-6, 1e-3, 0.1])
@pytest.mark.parametrize("seed", range(12))
def test_dropped_states_cost_no_more_than_is_said(seed: int, budget: float) -> None:
    found = units(seed, 5, 4, heavy=6.0)
    total, by_option = enumerated(found)
    solved = whole(found, math.log(budget))
    ln_lost = solved.ln_lost([0.0] * len(found))
    ln_total, marginals = solved.marginals()
    assert ln_total <= math.log(total) + 1e-12
    assert math.log(total) - ln_total <= ln_lost + 1e-12
    assert -math.expm1(-ln_lost) <= budget * (1 + 1e-9)
    for stage, table in zip(solved.stages, marginals, strict=True):
        assert table == pytest.approx(by_option[stage.options] / total, abs=ln_lost + 1e-12)


def test_states_are_dropped_at_all() -> None:
    counts = []
    for ln_budget in (-math.inf, math.log(0.01)):
        found = [units(seed, 8, 6, heavy=8.0) for seed in range(3)]
        counts.append(sum(len(s[0]) for u in found for s in whole(u, ln_budget).states()))
    assert counts[1] < counts[0] * 0.8


@pytest.mark.parametrize("seed", range(12))
def test_a_claim_bounds_what_a_free_victim_is_worth(seed: int) -> None:
    found = units(seed, 4, 3)
    total, _ = enumerated(found)
    own = [claims(u, 0.0) for u in found]
    for v in range(4):
        without = [
            Options(u.family, u.rows[keep], u.ln_lr[keep])
            for u in found
            for keep in [~(u.rows == v).any(axis=1)]
        ]
        rest, _ = enumerated(without)
        assert total <= rest * (1 + sum(math.exp(c[v]) for c in own if v in c)) * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_without_a_sum_holds(seed: int) -> None:
    found = units(seed, 4, 3, heavy=5.0)
    total, _ = enumerated(found)
    policy = Policy(1e-12, 0.0, 4, 1)
    for fraction in (0.3, 0.9):
        kept = [u.trimmed(math.log(fraction), True, 0.0) for u in found]
        part, _ = enumerated(kept)
        assert math.log(total / part) <= ln_lost_of(kept, policy) + 1e-12


@pytest.mark.parametrize("seed", range(8))
def test_the_best_come_in_order_and_none_is_left_out(seed: int) -> None:
    found = units(seed, 4, 3)
    weights = []
    for choice in itertools.product(*(range(len(u) + 1) for u in found)):
        rows = [u.rows[c - 1] for u, c in zip(found, choice, strict=True) if c]
        used = [v for row in rows for v in row.tolist() if v != NOBODY]
        if len(set(used)) == len(used):
            weights.append(sum(float(u.ln_lr[c - 1]) for u, c in zip(found, choice, strict=True) if c))
    best = whole(found).best(25)
    assert [weight for weight, _ in best] == pytest.approx(sorted(weights, reverse=True)[:25], abs=1e-9)
    for weight, chosen in best:
        assert weight == pytest.approx(sum(float(found[u].ln_lr[row]) for u, row in chosen), abs=1e-9)
    assert len({chosen for _, chosen in best}) == len(best)


def test_more_than_sixty_four_victims_may_be_open() -> None:
    rng = np.random.default_rng(3)
    victims = 150
    found = [Options(f, np.arange(victims)[:, None], rng.normal(-2, 1, victims)) for f in range(2)]
    one, other = (np.exp(u.ln_lr) for u in found)
    total = (1 + one.sum()) * (1 + other.sum()) - (one * other).sum()
    solved = whole(found)
    assert solved.stages[0].masks.shape[1] == 3
    ln_total, marginals = solved.marginals()
    assert ln_total == pytest.approx(math.log(total), abs=1e-12)
    first = solved.stages[0].options
    expected = np.exp(found[first].ln_lr) * (
        1 + np.exp(found[1 - first].ln_lr).sum() - np.exp(found[1 - first].ln_lr)
    )
    assert marginals[0][1:] == pytest.approx(expected / total, abs=1e-12)


def test_what_takes_too_long_is_not_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    found = units(1, 6, 4)
    used = [victims_of(u) for u in found]
    with pytest.raises(TooWide):
        component(order(range(4), used), found, used, 0.0, most_work=10).states()
    monkeypatch.setattr(joint_assign, "MOST_STATES", 1)
    with pytest.raises(TooWide):
        whole(found).states()


def test_families_that_share_nobody_are_apart() -> None:
    assert groups([frozenset({1, 2}), frozenset({3}), frozenset({2, 4}), frozenset()]) == [[0, 2], [1], [3]]
    one = Options(0, np.array([[0]]), np.array([1.0]))
    other = Options(1, np.array([[1]]), np.array([2.0]))
    assert [c.ln_total() for c in components([one, other], 0.0)] == pytest.approx(
        [math.log1p(math.e), math.log1p(math.e**2)]
    )
