"""What a search of all profiles among themselves found, without looking at families first."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from forensics.domain.records import Record, link


class FindingKind(StrEnum):
    """What a finding may mean; a person finds out which it is."""

    ONE_PERSON = "one person"  # two items of remains
    ONE_DONOR = "one donor twice"  # two donors with one profile
    MIX_UP = "remains and a donor alike"  # a sample was mixed up, or contaminated
    NEARLY_ALIKE = "nearly alike"  # one person with drop-out or a typing error
    CONTRADICTED = "contradicts the pedigree"  # references that can't be the stated relatives
    OTHER_SEX = "another sex than drawn"
    RELATED_REMAINS = "remains that may be relatives"
    RELATED_FAMILIES = "families that may be related"


SERIOUS = (FindingKind.ONE_DONOR, FindingKind.MIX_UP, FindingKind.CONTRADICTED, FindingKind.OTHER_SEX)
"""These speak of a sample or a drawing that is not what it is said to be."""


class Outcome(StrEnum):
    """What a finding was, as a person found out."""

    DUPLICATE = "recorded twice"
    SAME_PERSON = "one person, re-associated"
    MISLABELLED = "mislabelled or contaminated"
    CHANCE = "chance"
    EXPLAINED = "explained relationship"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who found out what a finding was, when (ISO 8601) and why; it holds while the finding rests on `basis`."""

    outcome: Outcome
    reason: str
    by: UUID
    at: str
    basis: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Two profiles (one for `OTHER_SEX`) by sample tokens, the strength, and what is to be looked at, in words.

    `log10_lr` is for the relation against unrelated; None where it is 0 or where none was computed. `basis` is
    the digest of the profiles, and of the drawing where it is held against one.
    """

    kind: FindingKind
    first: str
    second: str
    relation: str
    log10_lr: float | None
    loci_compared: int
    differing_loci: tuple[str, ...]
    words: str
    basis: str = ""
    settled: Settlement | None = None

    @property
    def key(self) -> tuple[FindingKind, frozenset[str]]:
        """The same finding in another search."""
        return self.kind, frozenset((self.first, self.second))

    @property
    def is_open(self) -> bool:
        """Nobody said what it was, or it rests on other data since."""
        return self.settled is None or self.settled.basis != self.basis


@dataclass(frozen=True, kw_only=True)
class BlindSearch(Record):
    """One comparison of all profiles of remains and references with each other, and what it rested on.

    Thresholds are log10 LRs; the bounds are how many findings of a kind chance alone would bring at most.
    """

    operation: UUID = link("operation")
    engine: str
    parameters: dict[str, Any]
    remains: int
    references: int
    comparisons: int
    stated_pairs: int  # of references of one family, held against its drawing
    same_log10: float
    related_log10: float
    contradicted_log10: float
    chance_same: float
    chance_related: float
    chance_contradicted: float
    findings: tuple[Finding, ...] = ()
    proposed: int = 0  # new associations
    refused: tuple[str, ...] = ()

    @property
    def hits(self) -> int:
        return len(self.findings)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What nobody has settled yet."""
        return tuple(one for one in self.findings if one.is_open)
