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
    """How far a profile has come; only an accepted one takes part in searches."""

    HELD = "held"  # until the batch that it was read in is released
    IMPORTED = "imported"
    FIRST_READ = "first read"
    DISCORDANT = "discordant"  # two reads that differ, until a third person has settled it
    CONCORDANT = "concordant"
    REVIEWED = "technically reviewed"
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Profile(Record):
    """The autosomal STR profile of a sample.

    `calls` holds per locus the peaks as (designation, height in RFU or None, size in base pairs or
    None, state); `genotypes` holds the alleles that take part in comparisons.
    `two_reads` is the policy of the operation when it came in: with it nobody can accept a profile
    that two people have not read. A consensus names the replicates that it `combines` and its `rule`.
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
    two_reads: bool = False
    first_reader: UUID | None = link("person", default=None)
    second_reader: UUID | None = link("person", default=None)
    settled_by: UUID | None = link("person", default=None)
    checked_by: UUID | None = link("person", default=None)
    reviewed_by: UUID | None = link("person", default=None)
    note: str = ""
    rule: str = ""
    combines: tuple[UUID, ...] = ()
    calls: dict[str, tuple[tuple[str, float | None, float | None, str], ...]]
    genotypes: dict[str, Genotype]


FIRST, SECOND, SETTLEMENT = 1, 2, 3
"""The turns of those who read a profile; the third settles what the first two read differently."""

DOUBT = "?"
"""Beside a single allele: a second one may have dropped out, so that the locus is not compared."""


@dataclass(frozen=True, kw_only=True)
class ProfileRead(Record):
    """What one person read: the alleles of each locus as text, `?` where one may be missing.

    A settlement holds only the loci in dispute, each with its reason. `turn_of` and `read_once` belong to one
    record alone: the database itself refuses a second first read and a second read by the same person.
    """

    operation: UUID = link("operation")
    profile: UUID = link("profile")
    turn: int
    reader: UUID = link("person")
    turn_of: str = unique()
    read_once: str = unique()
    note: str = ""
    alleles: dict[str, tuple[str, ...]]
    reasons: dict[str, str]
