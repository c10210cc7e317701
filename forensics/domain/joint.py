"""What joint identification consists of: all victims to all missing persons at once.

The data are those of a screening; the policy (prior, accepted loss) stands beside them, and the result
keeps "excluded" apart from "not evaluable".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from forensics.domain.screening import NotScreened, ScreeningInputs

ENGINE = "nomina-joint 2"

Missing = tuple[str, str]
"""Family and member."""


class PairState(StrEnum):
    """What a pair's own LR says."""

    EVALUATED = "evaluated"
    EXCLUDED = "excluded"  # LR 0
    NOT_EVALUABLE = "not evaluable"  # no informative path or no locus in common: LR identically 1
    SEX_MISMATCH = "sex mismatch"
    REFUSED = "refused"  # the family or the profile can't be computed exactly
    HELD = "identified"  # the victim or the missing person is held by an identification


class JointMethod(StrEnum):
    """How posteriors over assignments were found."""

    EXACT = "exact sum"
    BOUNDED = "between bounds"  # rigorous: `half_width` says how far apart
    SAMPLED = "sampled"  # Markov chains: `standard_error` says how uncertain


def weight_of_number(sought: float, listed: int) -> float:
    """`pair_weight` when `sought` people are looked for and `listed` of them are on the list.

    Before testing, a victim is as likely each of the `sought`; so one on the list weighs 1 against the
    sought - listed of nobody on the list (at least one, where the list has everybody).
    """
    return 1 / max(1.0, sought - listed)


@dataclass(frozen=True)
class JointInputs:
    """The question. `pair_weight` is the prior weight of placing a victim against leaving it unplaced:
    1 is the flat prior over all sex-consistent assignments, see also `weight_of_number`.

    `fixed` are identifications that stand: the victim is on that missing person in every assignment, whatever
    the sexes say, and everything else is computed given its genotypes. `forbidden` pairs are in no assignment;
    their LR is told all the same.
    """

    screening: ScreeningInputs
    pair_weight: float = 1.0
    accepted_loss: float = 1e-12  # posterior mass that leaving out hopeless assignments may cost
    best: int = 100  # how many assignments are listed
    threshold: float = 0.9995  # posterior at which a pair counts as identified
    seed: int = 1  # of the chains, where a component is too wide for a sum
    fixed: Mapping[str, Missing] = field(default_factory=dict)
    forbidden: frozenset[tuple[str, Missing]] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    """One victim and one missing person on their own, given those who are held."""

    victim: str
    missing: Missing
    state: PairState
    log10_lr: float | None  # None: LR 0, or nothing could be computed
    inconsistent_loci: int | None  # loci with LR 0 when mutation is left out; None: sexes differ or refused


@dataclass(frozen=True, slots=True)
class Assignment:
    """Victims placed in families (those absent are nobody on the list), and its probability."""

    placed: Mapping[str, Missing]
    ln_likelihood: float  # natural log of the probability of all genotypes
    posterior: float


@dataclass(frozen=True, slots=True)
class JointResult:
    """Posterior of every pair and the best assignments."""

    inputs_digest: str
    pairs: tuple[Pair, ...]
    posterior: Mapping[str, Mapping[Missing, float]]  # victim -> missing -> marginal posterior
    unplaced: Mapping[str, float]  # victim -> posterior that it is nobody on the list
    best: tuple[Assignment, ...]
    identified: tuple[tuple[str, Missing], ...]  # marginal posterior at or above the threshold
    ln_likelihood_null: float  # nobody placed but those who are held
    lost_mass: float  # rigorous upper bound of the posterior mass that was left out
    components: int  # groups of families that share no victim
    sampled: tuple[str, ...]  # families whose component was sampled instead of summed
    standard_error: float  # largest of a sampled marginal; 0 when all is exact
    refused: tuple[NotScreened, ...]
    engine: str
    half_width: float = 0.0  # no posterior is further from the exact one; 0: summed exactly
    chains: int = 0  # Markov chains of what was sampled, and their length
    sweeps: int = 0
    seed: int = 0

    @property
    def method(self) -> JointMethod:
        """How the posteriors were found; of several ways the least exact one."""
        if self.sampled:
            return JointMethod.SAMPLED
        return JointMethod.BOUNDED if self.half_width > 0 else JointMethod.EXACT
