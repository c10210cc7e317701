"""Families, their pedigrees, the missing persons, the donors and their consent.

Identities live here alone; the laboratory works with tokens.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from forensics.domain.dates import UncertainDate
from forensics.domain.kinship import Member, Pedigree, Sex
from forensics.domain.records import Record, indexed, link, unique


@dataclass(frozen=True, kw_only=True)
class Family(Record):
    """Relatives who seek one or more missing persons. Searchable once a person confirmed the drawing."""

    operation: UUID = link("operation")
    title: str
    external_number: str = indexed(default="")
    confirmed_by: UUID | None = link("person", default=None)
    notes: tuple[str, ...] = ()
    contact: str = ""


class MissingState(StrEnum):
    """How far the search for a person has come."""

    REPORTED = "reported"
    DATA_COMPLETE = "ante-mortem data complete"
    REFERENCED = "references adequate"
    SEARCHING = "searching"
    ALIVE = "located alive"
    IDENTIFIED = "identified"
    PARTLY_RECOVERED = "partly recovered"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, kw_only=True)
class MissingPerson(Record):
    """Somebody who is sought. Height in centimetres; names as the family writes them."""

    operation: UUID = link("operation")
    family: UUID = link("family")
    token: str = unique()
    given_names: str = ""
    family_names: str = ""
    original_name: str = ""  # as written in its own script
    aliases: tuple[str, ...] = ()
    sex: Sex = Sex.UNKNOWN
    birth: UncertainDate | None = None
    height_cm: float | None = None
    height_source: str = ""
    marks: str = ""
    dental: str = ""
    clothing: str = ""
    last_seen: UncertainDate | None = None
    last_place: str = ""
    circumstances: str = ""
    state: MissingState = indexed(default=MissingState.REPORTED)

    @property
    def name(self) -> str:
        latin = " ".join(part for part in (self.given_names, self.family_names) if part)
        return latin or self.original_name or self.number


@dataclass(frozen=True, kw_only=True)
class Relative(Record):
    """One person of a family's pedigree; `code` is unique within the family."""

    family: UUID = link("family")
    code: str
    sex: Sex
    father: str | None = None  # code
    mother: str | None = None  # code
    twins: str | None = None
    missing_person: UUID | None = link("missing_person", default=None)
    relation: str = ""  # in words, to the missing person
    deceased: bool = False


class ConsentState(StrEnum):
    """Whether a donor's data may be used."""

    GIVEN = "given"
    LIMITED = "limited"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Donor(Record):
    """A relative who gives a reference sample, known to the laboratory by the token."""

    family: UUID = link("family")
    relative: UUID = link("relative")
    token: str = unique()
    name: str = ""
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent(Record):
    """What a donor agreed to, in which language it was read, and whether it still stands."""

    donor: UUID = link("donor")
    given_on: date
    purposes: tuple[str, ...] = ("identification of the missing relative",)
    recipients: tuple[str, ...] = ()
    language: str = ""
    form: str = ""
    destroy_after: date | None = None
    state: ConsentState = indexed(default=ConsentState.GIVEN)
    withdrawn_on: date | None = None
    note: str = ""


def pedigree_of(relatives: tuple[Relative, ...]) -> Pedigree:
    """The kinship pedigree of a family; members are named by their codes."""
    return Pedigree(
        tuple(Member(r.code, r.sex, father=r.father, mother=r.mother, twins=r.twins) for r in relatives)
    )
