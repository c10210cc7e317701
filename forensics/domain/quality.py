"""Quality: whose DNA may get into a sample, how that is recognised, and what went wrong and was put right.

The elimination database holds the genotypes of those who handle samples. They are known by a token and a
category; a name is for the quality manager alone.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.kinship import Allele
from forensics.domain.records import Record, indexed, link, unique

Alleles = Mapping[str, frozenset[Allele]]
"""The alleles of a person or a stain at each locus, each once."""


class EliminationCategory(StrEnum):
    """How somebody comes near the samples."""

    STAFF = "staff"
    VISITOR = "visitor"
    EXCAVATOR = "excavator"
    MORTUARY = "mortuary"
    MANUFACTURER = "manufacturer"


@dataclass(frozen=True, kw_only=True)
class EliminationProfile(Record):
    """The genotype of somebody whose DNA may turn up; compared with every run, never with a family."""

    token: str = unique()
    category: EliminationCategory
    name: str
    genotypes: dict[str, tuple[Allele, ...]]
    loci: int
    note: str = ""


class NonconformityKind(StrEnum):
    """What kind of thing was not as it should be."""

    CONTROL = "failed control"
    CONTAMINATION = "elimination hit"
    REAGENT = "reagent or instrument"
    CUSTODY = "custody"
    OTHER = "other"


class NonconformityState(StrEnum):
    """How far its treatment has come."""

    OPEN = "open"
    INVESTIGATED = "investigated"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Nonconformity(Record):
    """Something that was not as it should be: found, its cause looked for, put right, closed by another person."""

    kind: NonconformityKind
    what: str
    state: NonconformityState = indexed(default=NonconformityState.OPEN)
    batch: UUID | None = link("batch", default=None)
    profile: UUID | None = link("profile", default=None)
    sample: UUID | None = link("sample", default=None)
    found_by: UUID = link("person")
    caused_by: UUID | None = link("person", default=None)
    cause: str = ""
    action: str = ""
    investigated_by: UUID | None = link("person", default=None)
    closed_by: UUID | None = link("person", default=None)
    conclusion: str = ""


@dataclass(frozen=True, slots=True)
class SharedAlleles:
    """When a profile may be of a known person.

    A locus is explained when one side holds no allele that the other lacks: drop-out may have taken an
    allele from the stain, and a mixture may have added some. At least `least` loci must be typed in both, of
    mixtures (any locus with three alleles) `least_mixed`; and at least the share `explained` of them must be
    explained.
    """

    least: int = 8
    least_mixed: int = 12
    explained: float = 0.9

    def compare(self, stain: Alleles, person: Alleles) -> "Overlap | None":
        """What they have in common, if it is enough for a hit."""
        common = stain.keys() & person.keys()
        if len(common) < self.least:
            return None
        allowed = len(common) - math.ceil(self.explained * len(common))
        missed, mixed = 0, False
        for locus in common:
            seen, known = stain[locus], person[locus]
            mixed = mixed or len(seen) > 2
            if not (seen <= known or known <= seen):
                missed += 1
                if missed > allowed:
                    return None
        if mixed and len(common) < self.least_mixed:
            return None
        return Overlap(len(common), len(common) - missed)


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many loci were compared, and how many of them are explained."""

    compared: int
    explained: int


SHARED_ALLELES = SharedAlleles()


@dataclass(frozen=True, slots=True)
class SameGenotype:
    """When two wells of a plate are said to hold the same DNA: at least `least` common loci, all equal."""

    least: int = 6

    def compare(self, one: Alleles, other: Alleles) -> bool:
        common = one.keys() & other.keys()
        return len(common) >= self.least and all(one[locus] == other[locus] for locus in common)


SAME_GENOTYPE = SameGenotype()
