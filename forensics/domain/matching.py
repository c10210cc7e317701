"""Screenings, and hypotheses on their way from an automatic candidate to a reviewed conclusion."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from forensics.domain.records import Record, indexed, link

DEFAULT_THRESHOLD_LOG10 = 2.0
"""Candidates are pairs from this LR (log10) on, unless a person says otherwise for a search of everything."""


@dataclass(frozen=True, kw_only=True)
class Screening(Record):
    """One comparison of accepted remains profiles with families, and what it rested on.

    With `since` it continues that screening: of all `profiles` and `families` only the new and changed
    ones were compared, and what stood before still stands. `all_comparisons` and `all_chance_hits` add
    up those of the screenings that it continues; `standing` candidates are there after it.
    """

    operation: UUID = link("operation")
    inputs_digest: str
    engine: str
    parameters: dict[str, Any]
    profiles: int
    families: int
    comparisons: int
    expected_chance_hits: float
    threshold_log10: float
    hits: int
    refused: tuple[str, ...] = ()
    since: UUID | None = link("screening", default=None)
    profiles_compared: int = 0  # new or changed ones
    families_compared: int = 0
    all_comparisons: int = 0
    all_chance_hits: float = 0.0
    standing: int = 0


class HypothesisState(StrEnum):
    """How far the weighing of a candidate has come."""

    CANDIDATE = "candidate"
    PROPOSED = "proposed"
    RETURNED = "returned"
    SUPPORTED = "supported"
    EXCLUDED = "excluded"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, kw_only=True)
class Hypothesis(Record):
    """Remains (by a profile) are a missing person of a family: the LR, its frozen inputs, its review.

    `log10_per_locus` has None where the LR is 0. `case` is the kinship case as the command line reads
    it, so that anybody can repeat the numbers; `case_digest` is its SHA-256.
    """

    operation: UUID = link("operation")
    screening: UUID | None = link("screening", default=None)
    profile: UUID = link("profile")
    item: UUID = link("remains_item")
    family: UUID = link("family")
    missing_person: UUID = link("missing_person")
    log10_lr: float | None = None
    log10_per_locus: dict[str, float | None]
    loci_compared: int
    loci_inconsistent: int
    prior_number: int
    posterior: float | None = None
    required_log10_lr: float | None = None
    engine: str
    case: dict[str, Any]
    case_digest: str
    outdated: str = ""  # why it no longer rests on the data of today; empty while it does
    state: HypothesisState = indexed(default=HypothesisState.CANDIDATE)
    weighed_by: UUID | None = link("person", default=None)
    reasoning: str = ""
    reviewed_by: UUID | None = link("person", default=None)
    review: str = ""


class Change(StrEnum):
    """How a candidate differs from what stood before."""

    NEW = "new"
    STRONGER = "stronger"
    WEAKER = "weaker"
    SAME = "same weight on new data"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """One candidate that a screening brought, changed or took away.

    `before` and `after` are log10 LRs; None where the pair was or is no candidate. `state` is how far the
    earlier weighing had come, None for a new pair; `reason` says in words what had changed.
    """

    hypothesis: UUID
    number: str
    sample: str  # token
    item: UUID
    item_number: str
    missing_person: UUID
    missing_number: str
    family_number: str
    before: float | None
    after: float | None
    state: HypothesisState | None
    reason: str

    @property
    def change(self) -> Change:
        if self.after is None:
            return Change.GONE
        if self.before is None:
            return Change.NEW
        if self.before == self.after:
            return Change.SAME
        return Change.STRONGER if self.after > self.before else Change.WEAKER


@dataclass(frozen=True, kw_only=True)
class ScreeningContents(Record):
    """By digests, what a screening compared, and what it changed.

    Of one that continues another only what differs is kept, empty for what is gone; see
    `forensics.domain.rescreening`. `causes` say in words what was new or changed; `seen` is the number of
    the last act of the audit that was taken into account.
    """

    screening: UUID = link("screening")
    seen: int
    rules: str
    profiles: dict[str, str]
    families: dict[str, dict[str, str]]
    causes: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
