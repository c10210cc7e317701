"""Profiles: what was read from a sample, from which file, and who accepted it for searching."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.kinship import Genotype, Sex
from forensics.domain.records import Record, indexed, link, unique


@dataclass(frozen=True, kw_only=True)
class ProfileImport(Record):
    """A file that was taken in whole; its digest tells a second import of the same bytes."""

    operation: UUID = link("operation")
    file_name: str
    format: str
    digest: str = unique()
    profiles: int
    families: int = 0
    warnings: tuple[str, ...] = ()


class ProfileState(StrEnum):
    """Whether a profile takes part in searches."""

    HELD = "held"  # until the batch that it was read in is released
    IMPORTED = "imported"
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Profile(Record):
    """The autosomal STR profile of a sample.

    `calls` holds per locus the peaks as (designation, height in RFU or None, size in base pairs or
    None, state); `genotypes` holds the alleles that take part in comparisons.
    `operation` is the sample's. The long fields stand last, so that a list need not read past them.
    """

    operation: UUID = link("operation")
    sample: UUID = link("sample")
    source: UUID = link("profile_import")
    kit: str = ""
    sex: Sex = Sex.UNKNOWN
    loci: int
    state: ProfileState = indexed(default=ProfileState.IMPORTED)
    imported_by: UUID = link("person")
    reviewed_by: UUID | None = link("person", default=None)
    note: str = ""
    calls: dict[str, tuple[tuple[str, float | None, float | None, str], ...]]
    genotypes: dict[str, Genotype]
