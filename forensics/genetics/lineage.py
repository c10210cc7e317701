"""Lineage markers (Y-STR, mtDNA): how rare a haplotype is, and how far two haplotypes are apart.

A whole paternal or maternal line shares its haplotype, so that markers of one lineage are one piece of
evidence: never multiplied with each other, and with autosomal evidence only on independent grounds.

Counting estimates and the bound of Clopper & Pearson, Biometrika 1934, doi:10.1093/biomet/26.4.404;
kappa of Brenner, Forensic Sci Int Genet 2010, doi:10.1016/j.fsigen.2009.10.013; discrete Laplace of Andersen,
Eriksen & Morling, J Theor Biol 2013, doi:10.1016/j.jtbi.2013.03.009.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from forensics.domain.errors import Invalid

Haplotype = Mapping[str, tuple[str, ...]]
"""Locus → alleles; several for a locus with several copies (DYS385), none where nothing was read."""

LENGTH_HOTSPOTS = frozenset({"309", "573", "16193"})
"""Runs of C whose length varies within one person; insertions and deletions there tell nothing."""


@dataclass(frozen=True, slots=True)
class CountingEstimate:
    """A haplotype seen `count` times among `size` people, and what that says about its frequency."""

    count: int
    size: int
    observed: float  # count / size
    with_the_case: float  # (count + 1) / (size + 1): the questioned profile added
    with_both: float  # (count + 2) / (size + 2): the reference profile added too
    interval: tuple[float, float]  # Clopper-Pearson, two-sided
    upper_bound: float  # Clopper-Pearson, one-sided
    confidence: float

    @property
    def likelihood_ratio(self) -> float:
        """The conservative ratio of a match: 1 / upper bound."""
        return 1 / self.upper_bound


def counting_estimate(count: int, size: int, confidence: float = 0.95) -> CountingEstimate:
    """Frequency estimates from a database of `size` people; `Invalid` where the numbers can't be."""
    if not 0 <= count <= size or size == 0:
        raise Invalid(f"A haplotype can't be seen {count} times among {size} people.")
    if not 0 < confidence < 1:
        raise Invalid(f"The confidence is {confidence!r}; it must lie between 0 and 1, for instance 0.95.")
    tail = (1 - confidence) / 2
    return CountingEstimate(
        count,
        size,
        count / size,
        (count + 1) / (size + 1),
        (count + 2) / (size + 2),
        (_lower(count, size, tail), _upper(count, size, tail)),
        _upper(count, size, 1 - confidence),
        confidence,
    )


def _upper(count: int, size: int, tail: float) -> float:
    if count == size:
        return 1.0
    if count == 0:
        return -math.expm1(math.log(tail) / size)
    from scipy.stats import beta

    return float(beta.ppf(1 - tail, count + 1, size - count))


def _lower(count: int, size: int, tail: float) -> float:
    if count == 0:
        return 0.0
    if count == size:
        return math.exp(math.log(tail) / size)
    from scipy.stats import beta

    return float(beta.ppf(tail, count, size - count + 1))


def kappa_match_probability(counts: Collection[int]) -> float:
    """Match probability of a haplotype that the database has not, from the counts of those it has.

    With the haplotype added, N people of whom α are singletons: (1 − α/N) / N.
    """
    if any(count < 1 for count in counts):
        raise Invalid("Counts of haplotypes in a database must be at least 1.")
    size = sum(counts) + 1
    singletons = sum(count == 1 for count in counts) + 1
    return (1 - singletons / size) / size


def discrete_laplace(
    haplotype: Sequence[int],
    weights: Sequence[float],
    centres: Sequence[Sequence[int]],
    dispersions: Sequence[Sequence[float]],
) -> float:
    """Frequency of a haplotype in a fitted mixture: per cluster and locus (1−p)/(1+p) · p^|x − centre|.

    `weights` has one entry per cluster, `centres` and `dispersions` one row per cluster and one column
    per locus.
    """
    if not len(weights) == len(centres) == len(dispersions):
        raise Invalid("A discrete Laplace model needs a weight, a centre and dispersions for every cluster.")
    return math.fsum(
        weight
        * math.prod(
            (1 - p) / (1 + p) * p ** abs(x - y) for x, y, p in zip(haplotype, centre, row, strict=True)
        )
        for weight, centre, row in zip(weights, centres, dispersions, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One locus at which two haplotypes differ; `steps` is None where repeats can't be counted."""

    locus: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    steps: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Loci read in both haplotypes, the differences among them, and loci read in one only."""

    compared: tuple[str, ...]
    differences: tuple[Difference, ...]
    not_compared: tuple[str, ...]

    @property
    def steps(self) -> int | None:
        """Mutation steps in all; None where one of them can't be counted."""
        steps = [difference.steps for difference in self.differences]
        known = [step for step in steps if step is not None]
        return sum(known) if len(known) == len(steps) else None


def compare(first: Haplotype, second: Haplotype) -> Comparison:
    """Number and size of the differences between two Y-STR haplotypes."""
    read = [locus for locus in dict.fromkeys((*first, *second)) if first.get(locus) or second.get(locus)]
    both = tuple(locus for locus in read if first.get(locus) and second.get(locus))
    differences = tuple(
        Difference(locus, first[locus], second[locus], _steps(first[locus], second[locus]))
        for locus in both
        if sorted(first[locus]) != sorted(second[locus])
    )
    return Comparison(both, differences, tuple(locus for locus in read if locus not in both))


def _steps(first: tuple[str, ...], second: tuple[str, ...]) -> int | None:
    """Repeat differences, copies paired in order of size; None for microvariant changes or lost copies."""
    if len(first) != len(second):
        return None
    try:
        changes = [
            abs(a - b) for a, b in zip(sorted(map(float, first)), sorted(map(float, second)), strict=True)
        ]
    except ValueError:
        return None
    rounded = [round(change) for change in changes]
    return sum(rounded) if all(abs(c - r) < 1e-6 for c, r in zip(changes, rounded, strict=True)) else None


@dataclass(frozen=True, slots=True)
class MitotypeComparison:
    """Differences of two mtDNA sequences within the ranges read in both, as variants against rCRS."""

    positions_compared: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    ignored: tuple[str, ...]  # length variants in runs of C

    @property
    def count(self) -> int:
        """Positions that differ."""
        return len({position_of(v) for v in (*self.only_first, *self.only_second)})


def compare_mitotypes(
    first: Collection[str],
    second: Collection[str],
    first_ranges: Sequence[tuple[int, int]],
    second_ranges: Sequence[tuple[int, int]],
) -> MitotypeComparison:
    """Compare variants ("263G", "315.1C", "523DEL") within the ranges (first, last position) read in both."""
    shared = _positions(first_ranges) & _positions(second_ranges)
    inside = [{v for v in variants if position_of(v) in shared} for variants in (first, second)]
    different = inside[0] ^ inside[1]
    ignored = {v for v in different if _is_length_variant(v)}

    def ordered(variants: set[str]) -> tuple[str, ...]:
        return tuple(sorted(variants, key=lambda v: (position_of(v), v)))

    return MitotypeComparison(
        len(shared),
        ordered((inside[0] - inside[1]) - ignored),
        ordered((inside[1] - inside[0]) - ignored),
        ordered(ignored),
    )


def position_of(variant: str) -> int:
    """The rCRS position of a variant; `Invalid` where it has none."""
    digits = "".join(_leading_digits(variant.lstrip("ACGTacgt")))
    if not digits:
        raise Invalid(f"{variant!r} is no mtDNA variant; write it like 263G, 315.1C or 523DEL.")
    return int(digits)


def _leading_digits(text: str) -> list[str]:
    digits = []
    for character in text:
        if not character.isascii() or not character.isdigit():
            break
        digits.append(character)
    return digits


def _positions(ranges: Sequence[tuple[int, int]]) -> set[int]:
    return {position for first, last in ranges for position in range(first, last + 1)}


def _is_length_variant(variant: str) -> bool:
    length_change = "." in variant or variant.upper().endswith(("DEL", "D", "-"))
    return length_change and str(position_of(variant)) in LENGTH_HOTSPOTS
