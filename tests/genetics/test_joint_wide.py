"""Bounds of what is too wide to sum hold against enumeration, and are tight where claims are weak."""

import itertools
import math

import numpy as np
import pytest

from forensics.domain.errors import Cancelled
from forensics.domain.progress import Silent
from forensics.genetics import joint_bounded, joint_wide
from forensics.genetics.compile_tensors import Array
from forensics.genetics.joint_assign import TooWide, components
from forensics.genetics.joint_bounded import Bounded
from forensics.genetics.joint_options import Options
from forensics.genetics.joint_wide import Wide

Units = list[tuple[list[tuple[int, ...]], Array]]


def random_units(rng: np.random.Generator, victims: int, count: int, spread: float) -> Units:
    """Units with options of one and two victims, weights from hopeless to overwhelming."""
    every = [c for k in (1, 2) for c in itertools.combinations(range(victims), k)]
    units: Units = []
    for _ in range(count):
        options = [c for c in every if rng.random() < 0.6]
        units.append((options, rng.normal(rng.choice([-4, 0, 6]), spread, len(options))))
    return units


def enumerated(units: Units) -> tuple[float, list[Array]]:
    """ln Z and the marginal of each option, over all assignments."""
    choices = [[None, *range(len(options))] for options, _ in units]
    total, marginals = 0.0, [np.zeros(len(options)) for options, _ in units]
    for chosen in itertools.product(*choices):
        taken = [v for u, k in enumerate(chosen) if k is not None for v in units[u][0][k]]
        if len(set(taken)) < len(taken):
            continue
        weight = math.exp(math.fsum(units[u][1][k] for u, k in enumerate(chosen) if k is not None))
        total += weight
        for u, k in enumerate(chosen):
            if k is not None:
                marginals[u][k] += weight
    return math.log(total), [own / total for own in marginals]


@pytest.mark.parametrize("tolerance", [1e-1, 1e-4, 1e-9])
@pytest.mark.parametrize("seed", range(15))
def test_the_truth_lies_between_the_bounds(seed: int, tolerance: float) -> None:
    rng = np.random.default_rng(seed)
    units = random_units(rng, int(rng.integers(2, 6)), int(rng.integers(1, 5)), 4.0)
    ln_total, marginals = enumerated(units)
    wide = Wide(units, tolerance)
    low, high = wide.ln_total(Silent())
    assert low - 1e-12 <= ln_total <= high + 1e-12
    for (least, most), truth in zip(wide.marginals(Silent()), marginals, strict=True):
        assert (least <= truth + 1e-12).all()
        assert (truth <= most + 1e-12).all()
        if len(truth):
            assert (most - least).max() < 50 * tolerance


def test_bounds_hold_when_the_steps_run_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joint_wide, "MOST_STEPS", 3)
    for seed in range(20):
        units = random_units(np.random.default_rng(seed), 5, 4, 3.0)
        _, marginals = enumerated(units)
        for (least, most), truth in zip(Wide(units).marginals(Silent()), marginals, strict=True):
            assert (least <= truth + 1e-12).all()
            assert (truth <= most + 1e-12).all()


def test_an_overwhelming_weight_stays_a_number_and_a_larger_one_has_no_bounds() -> None:
    units: Units = [([(0,)], np.array([590.0])), ([(0,), (1,)], np.array([580.0, -3.0]))]
    ((least, most), (other, _)) = Wide(units).marginals(Silent())
    assert most[0] == pytest.approx(1 / (1 + math.exp(-10) / (1 + math.exp(-3))), abs=1e-6)
    assert 0 <= least[0] <= most[0] <= 1
    assert np.isfinite(other).all()
    huge = [Options(0, np.array([[0]]), np.array([2000.0]))]
    assert Bounded(huge, [0], 0.0, Silent()).half_width == math.inf


@pytest.mark.parametrize("seed", range(12))
def test_a_bounded_component_answers_like_the_summed_one(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    held = [
        Options(f, np.array([[v] for v in range(4) if v != f % 3]), rng.normal(1, 4, 3)) for f in range(4)
    ]
    (summed,) = components(held, -0.5)
    found = Bounded(held, range(4), -0.5, Silent())
    ln_total, exact = summed.marginals()
    ln_middle, middle = found.marginals()
    assert ln_middle == pytest.approx(ln_total, abs=1e-5)
    at = {stage.options: own for stage, own in zip(summed.stages, exact, strict=True)}
    for stage, own in zip(found.stages, middle, strict=True):
        assert np.abs(own - at[stage.options]).max() <= found.half_width + 1e-6
    assert found.half_width < 1e-5
    ((weight, chosen),) = found.best(5)
    heaviest, theirs = summed.best(1)[0]
    assert weight == pytest.approx(heaviest, abs=1e-9)
    assert sorted(chosen) == sorted(theirs)

    def too_wide(*_: object) -> object:
        raise TooWide

    monkeypatch.setattr(joint_bounded, "components", too_wide)
    assert found.best(1)[0][0] <= weight + 1e-9


def test_bounding_can_be_stopped() -> None:
    class Stop:
        def step(self, done: int, total: int, what: str = "") -> None:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        Wide(random_units(np.random.default_rng(1), 3, 2, 1.0)).marginals(Stop())
