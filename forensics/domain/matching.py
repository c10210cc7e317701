"""Screenings, and hypotheses on their way from an automatic candidate to a reviewed conclusion."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from forensics.domain.records import Record, indexed, link


@dataclass(frozen=True, kw_only=True)
class Screening(Record):
    """One comparison of all accepted remains profiles with all families, and what it rested on."""

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
    state: HypothesisState = indexed(default=HypothesisState.CANDIDATE)
    weighed_by: UUID | None = link("person", default=None)
    reasoning: str = ""
    reviewed_by: UUID | None = link("person", default=None)
    review: str = ""
