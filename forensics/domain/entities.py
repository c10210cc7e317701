"""Every kind of record there is, in an order in which each refers only to those before it."""

from forensics.domain.blind import BlindSearch
from forensics.domain.custody import CustodyEvent, StorageLocation
from forensics.domain.documents import Report, ReportFile
from forensics.domain.examinations import Examination
from forensics.domain.families import Consent, Donor, Family, MissingPerson, Relative
from forensics.domain.identifications import Handover, Identification, Notification
from forensics.domain.matching import Hypothesis, Screening, ScreeningContents
from forensics.domain.operations import Authority, Event, FrequencyData, Operation, Organisation, Site
from forensics.domain.people import Authorisation, Person, SigningIdentity
from forensics.domain.profiles import Profile, ProfileImport
from forensics.domain.records import Record
from forensics.domain.remains import Association, Individual, RemainsCase, RemainsItem
from forensics.domain.samples import Sample

NUMBERED: dict[type[Record], str] = {
    Operation: "OP",
    Event: "EV",
    Site: "ST",
    RemainsCase: "RC",
    RemainsItem: "RI",
    Individual: "IN",
    Family: "FA",
    MissingPerson: "MP",
    Donor: "DO",
    Sample: "SA",
    Profile: "PR",
    ProfileImport: "IM",
    Screening: "SC",
    BlindSearch: "BS",
    Hypothesis: "HY",
    Association: "AS",
    Examination: "EX",
    Identification: "ID",
    Report: "RE",
    StorageLocation: "LO",
}
"""The prefix of the human number of each kind that has one."""

ENTITIES: tuple[type[Record], ...] = (
    Person,
    Authorisation,
    SigningIdentity,
    Organisation,
    Authority,
    FrequencyData,
    Operation,
    Event,
    Site,
    StorageLocation,
    RemainsCase,
    Individual,
    RemainsItem,
    Association,
    Family,
    MissingPerson,
    Relative,
    Donor,
    Consent,
    Sample,
    CustodyEvent,
    ProfileImport,
    Profile,
    Screening,
    ScreeningContents,
    BlindSearch,
    Hypothesis,
    Examination,
    Identification,
    Notification,
    Handover,
    Report,
    ReportFile,
)
