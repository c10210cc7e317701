"""Power by drawing worlds, where the outcomes are too many to be all computed.

Genotypes are drawn exactly from their distribution given the typed people (no rejection): each person's from
its table given those drawn before. Chances under the denominator come from the worlds of the numerator,
weighed by 1/LR, so that rare chance hits have a small standard error too (importance sampling: Hammersley &
Handscomb 1964, doi:10.1007/978-94-009-5819-7). Every standard error is stated.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from forensics.domain.errors import Invalid
from forensics.domain.power import (
    QUANTILES,
    Chance,
    Exclusion,
    Power,
    PowerQuestion,
    Reach,
    Simulation,
    Spread,
)
from forensics.domain.progress import Progress, Silent
from forensics.genetics.compile_tensors import Array
from forensics.genetics.power_sums import BARS
from forensics.genetics.power_tables import Kits, LocusQuestion, drawn, locus_question, probabilities

AT_ONCE = 2_000
"""Worlds of one table."""


def simulated(
    question: PowerQuestion,
    available: Sequence[str],
    kits: Kits,
    simulation: Simulation,
    progress: Progress | None = None,
    both: bool = True,
) -> Power:
    """The power from `simulation.count` worlds of each hypothesis.

    Without `both`, only where the numerator holds: no spread under the denominator and no exclusion power.
    """
    case, watch = question.case, progress or Silent()
    dice = np.random.default_rng(simulation.seed)
    log10 = np.zeros((2, simulation.count))
    means: dict[str, float | None] = {}
    impossible: dict[str, float | None] = {}
    factor = 0.0
    for number, locus in enumerate(case.loci):
        watch.step(number, len(case.loci), locus)
        asked = locus_question(case, locus, available, kits.stated)
        over, under = probabilities(asked, available)
        factor += math.log10(over / under)
        here = _ratios(asked, available, simulation.count, dice, truth=0)
        log10[0] += here
        means[locus] = _mean(here)
        if both:
            log10[1] += _ratios(asked, available, simulation.count, dice, truth=1)
            still = locus_question(case, locus, available, kits.still)
            impossible[locus] = _impossible(still, available, simulation.count, dice)
    return Power(
        tuple(available),
        case.loci,
        _spread(log10[0]),
        _spread(log10[1]) if both else Spread(None, None, (), 0.0, 0.0),
        tuple(Reach(t, _share(log10[0] >= t), _by_chance(log10, t, factor)) for t in question.asked),
        _exclusion(impossible, simulation.count),
        means,
        simulation,
    )


def _parts(count: int) -> Iterator[int]:
    for start in range(0, count, AT_ONCE):
        yield min(AT_ONCE, count - start)


def _ratios(
    asked: LocusQuestion, available: Sequence[str], count: int, dice: np.random.Generator, truth: int
) -> Array:
    """(count,) log10 LR of worlds in which a hypothesis holds; infinite where only one can explain them."""
    found = []
    for size in _parts(count):
        over, under = drawn(asked, available, size, dice, truth)
        with np.errstate(divide="ignore"):
            found.append(np.log10(over) - np.log10(under))
    return np.concatenate(found)


def _impossible(
    still: LocusQuestion, available: Sequence[str], count: int, dice: np.random.Generator
) -> float | None:
    """Share of the worlds of the denominator that are impossible under the numerator, without mutation."""
    try:
        probabilities(still, available)
    except Invalid:
        return None
    found = [drawn(still, available, size, dice, truth=1)[0] <= 0 for size in _parts(count)]
    return float(np.concatenate(found).mean())


def _mean(values: Array) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def _spread(values: Array) -> Spread:
    zero, infinite = float((values == -np.inf).mean()), float((values == np.inf).mean())
    finite = values[np.isfinite(values)]
    if len(finite) < 2:
        return Spread(None, None, (), zero, infinite)
    sd = float(finite.std(ddof=1))
    low, high = (float(x) for x in np.quantile(finite, (0.001, 0.999)))
    width = max(high - low, 1e-9) / BARS
    shares, _ = np.histogram(finite, BARS, (low, low + BARS * width))
    return Spread(
        float(finite.mean()),
        sd,
        tuple((share, float(np.quantile(finite, share))) for share in QUANTILES),
        zero,
        infinite,
        standard_error=sd / math.sqrt(len(finite)),
        start=low,
        width=width,
        histogram=tuple(float(x) / len(finite) for x in shares),
    )


def _share(hit: NDArray[np.bool_]) -> Chance:
    """The share of worlds; its standard error as if one more had hit and one more missed, so never 0."""
    smooth = (float(hit.sum()) + 1) / (len(hit) + 2)
    return _chance(float(hit.mean()), math.sqrt(smooth * (1 - smooth) / len(hit)))


def _by_chance(log10: Array, threshold: float, factor: float) -> Chance:
    """P(log10 LR ≥ threshold | denominator): for a high threshold from the numerator's worlds."""
    if threshold <= 0:
        return _share(log10[1] >= threshold)
    weights = np.where(log10[0] >= threshold, 10.0 ** (factor - np.maximum(log10[0], threshold)), 0.0)
    error = float(weights.std(ddof=1)) / math.sqrt(len(weights))
    return _chance(float(weights.mean()), max(error, 10.0 ** (factor - threshold) / len(weights)))


def _chance(value: float, error: float) -> Chance:
    return Chance(value, max(value - 4 * error, 0.0), min(value + 4 * error, 1.0), error)


def _exclusion(per_locus: dict[str, float | None], count: int) -> Exclusion:
    """As computed, from the shares of worlds; standard error of the total by the delta method."""
    known = [value for value in per_locus.values() if value is not None]
    left = math.prod(1 - value for value in known)
    relative = math.fsum(value / ((1 - value) * count) for value in known if value < 1)
    return Exclusion(per_locus, 1 - left, math.fsum(known), left * math.sqrt(relative) if known else None)
