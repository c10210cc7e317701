"""What samples could show before they are taken: the power of a family, and of each further sample.

A question is a kinship case whose `available` people have no genotype yet. The numerator holds for "true",
the denominator for "false": with the remains alone available, "true" is that they are the missing person.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from forensics.domain.auditing import canonical
from forensics.domain.kinship import KinshipCase, Pedigree

THRESHOLDS = (2.0, 4.0, 6.0)
"""log10 LRs that are asked about when nothing else is said."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


class Kind(StrEnum):
    """How a further person of a ranking is related to the drawing."""

    DRAWN = "drawn"
    CHILD = "a further child"
    SIBLING = "a further full sibling"
    OWN = "a belonging of the missing person"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose sample could be taken next: an id in the pedigrees of the case.

    Who can't be asked (the dead, those who withdrew) is ranked, but no pair is made with them.
    """

    id: str
    kind: Kind = Kind.DRAWN
    can_be_asked: bool = True


@dataclass(frozen=True, slots=True)
class PowerQuestion:
    """A case, the people whose genotypes are asked about (the last one may be the remains), thresholds.

    `required` is the log10 LR that a policy asks for; a ranking goes by it (by the highest threshold
    without one). `candidates` are people of both hypotheses who have no genotype yet.
    """

    case: KinshipCase
    available: tuple[str, ...]
    thresholds: tuple[float, ...] = THRESHOLDS
    required: float | None = None
    missing: str = ""  # the missing person's id, where the question is about one
    candidates: tuple[Candidate, ...] = ()

    @property
    def goal(self) -> float:
        """The log10 LR that decides."""
        return max(self.thresholds, default=0.0) if self.required is None else self.required

    @property
    def asked(self) -> tuple[float, ...]:
        """Every threshold once, ascending."""
        more = () if self.required is None else (self.required,)
        return tuple(sorted({*self.thresholds, *more}))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over canonical JSON of everything that the answer depends on."""
        return hashlib.sha256(canonical(self.as_json()).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The question in plain JSON values."""
        case = self.case
        return {
            "loci": list(case.loci),
            "frequencies": {x: list(case.frequencies.loci.get(x, {}).items()) for x in case.loci},
            "mutation": {x: asdict(m) for x, m in case.mutation.items() if x in case.loci},
            "theta": case.theta,
            "convention": case.convention.value,
            "minimum_frequency": case.minimum_frequency,
            "numerator": _members(case.numerator),
            "denominator": _members(case.denominator),
            "genotypes": {
                p: {x: sorted(loci[x]) for x in case.loci if loci.get(x)}
                for p, loci in case.genotypes.items()
            },
            "available": list(self.available),
            "thresholds": list(self.asked),
            "goal": self.goal,
            "candidates": [[one.id, one.kind.value, one.can_be_asked] for one in self.candidates],
        }


def _members(pedigree: Pedigree) -> list[list[str]]:
    return sorted(
        [m.id, m.sex.value, m.father or "", m.mother or "", m.twins or ""] for m in pedigree.members
    )


@dataclass(frozen=True, slots=True)
class Simulation:
    """How many worlds were drawn, and from which seed; the same seed gives the same worlds."""

    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability. Computed: it lies between `low` and `high` for certain. Simulated: with a standard
    error, and `low` to `high` is the value ± 4 of them within 0 and 1."""

    value: float
    low: float
    high: float
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of log10 LR under one hypothesis; moments and quantiles are of finite values.

    `zero` is the probability of LR 0 and `infinite` of data that the other hypothesis can't explain.
    `error` bounds the error of a computed quantile (log10); of a simulated mean, `standard_error` tells.
    Mean and standard deviation are None where no finite value is possible. `histogram` holds the
    probability of equal steps of `width` from `start` on.
    """

    mean: float | None
    sd: float | None
    quantiles: tuple[tuple[float, float], ...]
    zero: float
    infinite: float
    error: float = 0.0
    standard_error: float | None = None
    start: float = 0.0
    width: float = 1.0
    histogram: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How often a log10 LR of at least `threshold` comes out when the numerator holds, and when it doesn't."""

    threshold: float
    if_true: Chance
    if_false: Chance


@dataclass(frozen=True, slots=True)
class Exclusion:
    """P(the genotypes are impossible under the numerator | denominator), without mutation, and in total.

    None at a locus where the typed people themselves are impossible without mutation: it does not count.
    `standard_error` is of the total, where it was simulated.
    """

    per_locus: Mapping[str, float | None]
    total: float
    expected_mismatches: float
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """What the samples of some people could show. `means` is the expected log10 LR of each locus, if true."""

    people: tuple[str, ...]
    loci: tuple[str, ...]
    if_true: Spread
    if_false: Spread
    reach: tuple[Reach, ...]
    exclusion: Exclusion
    means: Mapping[str, float | None]
    simulation: Simulation | None = None  # None: computed, not simulated

    def reaching(self, threshold: float) -> Reach:
        """The line of one of the thresholds that were asked."""
        return next(line for line in self.reach if line.threshold == threshold)


@dataclass(frozen=True, slots=True)
class Prospect:
    """The power with one person's sample (or two people's) in addition, or the reason why there is none."""

    candidates: tuple[Candidate, ...]
    power: Power | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the family can show now, then each further sample and pair of samples, the best first."""

    goal: float
    now: Power
    singles: tuple[Prospect, ...]
    pairs: tuple[Prospect, ...]
    notes: tuple[str, ...]
    engine: str
    inputs_digest: str
