"""Sums over networks against writing the whole product out, and what is refused beforehand."""

from random import Random

import numpy as np
import pytest

from forensics.domain.errors import Refused
from forensics.genetics.elimination import Factor, Scaled, plan_for, total


def network(seed: int) -> tuple[list[Factor], list[int]]:
    dice, noise = Random(seed), np.random.default_rng(seed)
    sizes = [dice.randint(1, 4) for _ in range(7)]
    factors = [Factor((), np.array(dice.random()))]
    for _ in range(dice.randint(1, 9)):
        scope = tuple(dice.sample(range(7), dice.randint(1, 3)))
        factors.append(Factor(scope, noise.random([sizes[v] for v in scope])))
    return factors, sizes


@pytest.mark.parametrize("seed", range(40))
def test_sums_agree_with_the_whole_product(seed: int) -> None:
    factors, sizes = network(seed)
    used = sorted({v for factor in factors for v in factor.scope})
    keep = tuple(Random(seed).sample(used, min(2, len(used))))
    whole = np.ones(sizes)
    for factor in factors:
        order = sorted(range(len(factor.scope)), key=lambda i: factor.scope[i])
        shape = [sizes[v] if v in factor.scope else 1 for v in range(7)]
        whole = whole * np.transpose(factor.table, order).reshape(shape)
    unused = tuple(v for v in range(7) if v not in used)
    whole = whole.max(axis=unused, keepdims=True)  # variables in no factor are not there at all
    expected = whole.sum(axis=tuple(v for v in range(7) if v not in keep))
    if len(keep) == 2 and keep[0] > keep[1]:
        expected = expected.T
    found = total(factors, sizes, keep)
    assert np.ldexp(found.table, found.exponent) == pytest.approx(expected, rel=1e-13)


def test_numbers_far_below_a_double_are_kept() -> None:
    factors = [Factor((v,), np.full(2, 1e-200)) for v in range(10)]
    found = total([*factors, Factor((), np.array(1e-300))], [2] * 10)
    assert found.log() == pytest.approx(10 * np.log(2e-200) + np.log(1e-300), rel=1e-14)


def test_a_sum_of_nothing_is_zero() -> None:
    found = total([Factor((0,), np.zeros(3)), Factor((0,), np.ones(3))], [3])
    assert found.zero
    assert found.log() == -np.inf
    assert Scaled(np.array(0.0), 5).zero


def test_what_would_not_fit_is_refused_before_it_is_begun() -> None:
    # Ten variables of fifty values, every two of them together in a factor.
    pairs = [(i, j) for i in range(10) for j in range(i)]
    factors = [Factor(pair, np.broadcast_to(np.ones(1), (50, 50))) for pair in pairs]
    with pytest.raises(Refused, match="too entangled"):
        total(factors, [50] * 10)


def test_plans_are_the_same_every_time() -> None:
    scopes = tuple((i, j) for i in range(9) for j in range(i) if (i * j) % 3 != 1)
    first = plan_for(scopes, (7,) * 9, ())
    plan_for.cache_clear()
    assert plan_for(scopes, (7,) * 9, ()) == first
