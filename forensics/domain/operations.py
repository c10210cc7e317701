"""The laboratory, the operations it works for, and the events and sites where remains are found."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from forensics.domain.dates import UncertainDate
from forensics.domain.kinship import Convention, MutationKind
from forensics.domain.records import Record, indexed, link


class OrganisationKind(StrEnum):
    """What an organisation is to the work."""

    LABORATORY = "laboratory"
    MORTUARY = "mortuary"
    PROSECUTOR = "prosecutor"
    NGO = "non-governmental organisation"
    FAMILY_ASSOCIATION = "family association"
    EMBASSY = "embassy"


@dataclass(frozen=True, kw_only=True)
class Organisation(Record):
    """A laboratory (our own has `own`), a prosecutor, a mortuary, a family association…"""

    name: str
    kind: OrganisationKind
    own: bool = False
    short_name: str = ""
    address: str = ""
    country: str = ""
    accreditation: str = ""
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Authority(Record):
    """The laboratory's own certificate authority; its key is locked with the vault key."""

    certificate: str  # PEM
    locked_key: bytes
    fingerprint: str


class OperationKind(StrEnum):
    """Why people are sought."""

    CONFLICT = "armed conflict"
    MIGRATION = "migration"
    DISASTER = "disaster"
    CLOSED_DISASTER = "disaster with a closed list"
    ROUTINE = "routine casework"


class ReadingPolicy(StrEnum):
    """How many people read a profile before it is searched."""

    TWO = "two blind reads and a review"
    ONE = "one read and a review"


@dataclass(frozen=True, kw_only=True)
class FrequencyData(Record):
    """A frequency table as it was when it was taken into use; results name its digest."""

    name: str
    population: str
    source: str
    digest: str
    content: dict[str, dict[str, float]]
    sizes: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Operation(Record):
    """A search for missing people, with the policies that its results rest on.

    `number_sought` gives the prior 1/N; `threshold` is the posterior an identification needs;
    mutation rates are per meiosis.
    """

    title: str
    kind: OperationKind
    territory: str = ""
    period: UncertainDate | None = None
    number_sought: int
    threshold: float = 0.9995
    frequencies: UUID | None = link("frequency_data", default=None)
    theta: float = 0.0
    mutation: MutationKind | None = None
    mutation_rate_male: float = 0.0
    mutation_rate_female: float = 0.0
    mutation_rate2: float = 0.0
    mutation_range: float = 0.1
    convention: Convention = Convention.AS_DRAWN
    minimum_frequency: float = 0.0
    reading: ReadingPolicy = ReadingPolicy.TWO
    consensus: int = 2  # replicates in which an allele must be seen to stand in their consensus
    legal_basis: str = ""
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Event(Record):
    """What happened: a shipwreck, a disappearance, a massacre; estimated numbers as spans."""

    operation: UUID = link("operation")
    title: str
    kind: str = ""
    date: UncertainDate | None = None
    place: str = ""
    dead_minimum: int | None = None
    dead_maximum: int | None = None
    missing_minimum: int | None = None
    missing_maximum: int | None = None


class SiteKind(StrEnum):
    """What kind of place remains were found in."""

    SINGLE = "single grave"
    MASS = "mass grave"
    PRIMARY = "primary grave"
    SECONDARY = "secondary grave"
    SURFACE = "surface"
    WATER = "water"
    CEMETERY = "cemetery"
    COMMON = "common grave"
    OSSUARY = "ossuary"
    MORGUE = "morgue"


class SiteState(StrEnum):
    """How far work at a site has come."""

    REPORTED = "reported"
    ASSESSED = "assessed"
    SCHEDULED = "scheduled"
    UNDER_EXCAVATION = "under excavation"
    EXCAVATED = "excavated"
    REOPENED = "re-opened"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Site(Record):
    """A place of recovery; WGS84 degrees, with the coordinate as it was written down."""

    operation: UUID = link("operation")
    event: UUID | None = link("event", default=None)
    title: str
    kind: SiteKind
    state: SiteState = indexed(default=SiteState.REPORTED)
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    coordinate_text: str = ""
    note: str = ""
