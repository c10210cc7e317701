"""The distribution of a sum of independent log10 LRs, one for each locus, with a bound on its error.

Every value is split between the two neighbours on a fine grid so that the mean stays exact, and the grids
are convolved by Fourier transform. Two bounds hold for certain: outside the grid lies at most `OUTSIDE`
(Chernoff 1952, doi:10.1214/aoms/1177729330), and splitting moves the sum by more than `error` with at most
probability `OUTSIDE` (Hoeffding 1963, doi:10.1080/01621459.1963.10500830).

An LR can't often be large by chance: P(log10 LR = x | false) = factor · 10^-x · P(log10 LR = x | true), so
that the far tail under the denominator is summed from what is frequent under the numerator.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forensics.domain.power import QUANTILES, Chance, Spread
from forensics.genetics.compile_tensors import Array
from forensics.genetics.power_tables import Outcomes

POINTS = 1 << 15
OUTSIDE = 1e-12
ROUNDING = 1e-11
"""What the transform itself may add to or take from a probability."""

POWERS = (0.5, 1.0, 2.0)
"""Moments E[LR^s] whose Chernoff bounds are tried."""

COARSE = 0.02
BARS = 60


@dataclass(frozen=True)
class Terms:
    """One locus: finite values (K,) and their probability (K,), which may sum to less than one."""

    values: Array
    masses: Array


@dataclass(frozen=True)
class Sum:
    """Probability (POINTS,) of start + k · step among finite sums, `weight` being the share of these.

    `error` bounds how far a sum was moved.
    """

    start: float
    step: float
    masses: Array
    error: float
    weight: float

    @property
    def values(self) -> Array:
        return np.asarray(self.start + self.step * np.arange(len(self.masses)))

    def at_least(self, threshold: float, infinite: float = 0.0) -> Chance:
        """P(sum ≥ threshold), with what lies at infinity."""
        spare = 2 * OUTSIDE + ROUNDING
        value, low, high = (
            float(self.masses[self._place(t) :].sum()) * self.weight + infinite
            for t in (threshold, threshold + self.error, threshold - self.error)
        )
        return Chance(_within(value), _within(low - spare), _within(high + spare))

    def by_chance(self, threshold: float, factor: float) -> Chance:
        """P(sum ≥ threshold | denominator), this being the sum under the numerator."""
        with np.errstate(over="ignore", invalid="ignore"):
            tilted = np.where(self.masses > 0, 10.0**-self.values * self.masses, 0.0) * (factor * self.weight)
        shift = 10.0**self.error
        value = float(tilted[self._place(threshold) :].sum())
        low = float(tilted[self._place(threshold + self.error) :].sum()) / shift
        high = float(tilted[self._place(threshold - self.error) :].sum()) * shift
        spare = factor * 10.0**-threshold * (2 * OUTSIDE + ROUNDING)
        return Chance(_within(value), _within(low - spare), _within(high + spare))

    def quantile(self, share: float) -> float:
        """Smallest value that `share` of the mass does not exceed."""
        steps = np.cumsum(self.masses)
        place = int(np.searchsorted(steps, share * steps[-1]))
        return self.start + self.step * min(place, len(self.masses) - 1)

    def histogram(self, bars: int = BARS) -> tuple[float, float, tuple[float, ...]]:
        """(start, width, shares) of the part that holds all but a thousandth on each side."""
        low, high = self.quantile(0.001), self.quantile(0.999)
        width = max(high - low, self.step) / bars
        first = self._place(low)
        places = ((self.values[first:] - low) / width).astype(np.int64)
        shares = np.bincount(np.minimum(places, bars), self.masses[first:], bars + 1)[:bars]
        return low, width, tuple(float(x) for x in shares)

    def _place(self, threshold: float) -> int:
        """Number of the first grid point that is not below."""
        place = math.ceil((threshold - self.start) / self.step - 1e-9)
        return min(max(place, 0), len(self.masses))


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def add_up(loci: Sequence[Terms]) -> Sum | None:
    """The distribution of the sum over all loci; None where no finite sum is possible."""
    shares = [float(locus.masses.sum()) for locus in loci]
    if not all(shares):
        return None
    loci = [Terms(x.values, x.masses / share) for x, share in zip(loci, shares, strict=True)]
    low, high = _window(loci)
    step = max((high - low) / (POINTS - 2 * len(loci) - 2), 1e-9)
    error = step * min(len(loci), math.sqrt(len(loci) * math.log(2 / OUTSIDE) / 2))
    transform = np.ones(POINTS // 2 + 1, dtype=np.complex128)
    first = 0
    for locus in loci:
        places = locus.values / step
        below = np.floor(places)
        share = places - below
        origin = int(below.min())
        where = below.astype(np.int64) - origin
        table = np.bincount(where % POINTS, locus.masses * (1 - share), POINTS)
        table += np.bincount((where + 1) % POINTS, locus.masses * share, POINTS)
        transform *= np.fft.rfft(table)
        first += origin
    masses = np.fft.irfft(transform, POINTS)
    # The transform is a circle: turn it until the window begins at the first point.
    begin = math.floor(low / step) - len(loci)
    masses = np.roll(masses, -((begin - first) % POINTS))
    masses[masses < 1e-18] = 0.0
    return Sum(begin * step, step, masses, error, product(shares))


def _window(loci: Sequence[Terms]) -> tuple[float, float]:
    """Bounds outside of which at most OUTSIDE of the mass lies on each side."""
    low = math.fsum(float(x.values.min()) for x in loci)
    high = math.fsum(float(x.values.max()) for x in loci)
    spare = -math.log10(OUTSIDE)
    rounded = [_rounded(x) for x in loci]
    for power in POWERS:
        high = min(high, (math.fsum(_log_moment(above, power) for above, _ in rounded) + spare) / power)
        low = max(low, -(math.fsum(_log_moment(below, -power) for _, below in rounded) + spare) / power)
    return low, max(high, low)


def _rounded(locus: Terms) -> tuple[Terms, Terms]:
    """The values rounded up and down to a coarse grid, where moments are quick and bounds stay bounds."""
    places = np.floor(locus.values / COARSE).astype(np.int64)
    first = int(places.min())
    masses = np.asarray(np.bincount(places - first, locus.masses), dtype=np.float64)
    below = np.asarray((first + np.arange(len(masses))) * COARSE, dtype=np.float64)
    return Terms(below + COARSE, masses), Terms(below, masses)


def _log_moment(locus: Terms, power: float) -> float:
    """log10 of E[10^(power · value)]; infinite where a double can't hold it."""
    with np.errstate(over="ignore"):
        moment = float((locus.masses * 10.0 ** (power * locus.values)).sum())
    return math.log10(moment) if 0 < moment < math.inf else math.inf


def spread(loci: Sequence[Terms], total: Sum | None, zero: float, infinite: float) -> Spread:
    """Moments (exact) and quantiles (within the error) of the finite part."""
    moments = [found for found in map(_moments, loci) if found is not None]
    if total is None:
        return Spread(None, None, (), zero, infinite)
    start, width, shares = total.histogram()
    return Spread(
        math.fsum(mean for mean, _ in moments),
        math.sqrt(math.fsum(variance for _, variance in moments)),
        tuple((share, total.quantile(share)) for share in QUANTILES),
        zero,
        infinite,
        total.error + total.step,
        None,
        start,
        width,
        shares,
    )


def mean_of(locus: Terms) -> float | None:
    """Expected finite value of a locus; None where there is none."""
    found = _moments(locus)
    return found[0] if found else None


def _moments(locus: Terms) -> tuple[float, float] | None:
    """Mean and variance of the finite values of a locus."""
    mass = float(locus.masses.sum())
    if mass <= 0:
        return None
    mean = float((locus.masses * locus.values).sum()) / mass
    return mean, float((locus.masses * (locus.values - mean) ** 2).sum()) / mass


def terms(loci: Sequence[Outcomes], true: bool) -> list[Terms]:
    """The finite values of each locus under one hypothesis."""
    return [Terms(x.log10, x.if_true if true else x.if_false) for x in loci]


def product(values: Sequence[float]) -> float:
    """Π values, by logarithms: factors of many loci."""
    if not all(values):
        return 0.0
    return math.exp(math.fsum(math.log(value) for value in values))
