"""Every kind of record there is, in an order in which each refers only to those before it."""

from forensics.domain.attachments import Attachment, AttachmentPiece
from forensics.domain.blind import BlindSearch
from forensics.domain.custody import Consignment, CustodyEvent, StorageLocation
from forensics.domain.deliveries import Delivery, DeliverySeal, Discrepancy
from forensics.domain.documents import Report, ReportFile
from forensics.domain.examinations import Examination
from forensics.domain.external_numbers import ExternalIdentifier
from forensics.domain.families import Consent, Donor, Family, MissingPerson, Relative
from forensics.domain.identifications import Handover, Identification, Notification
from forensics.domain.joint_records import JointContents, JointIdentification
from forensics.domain.laboratory import Batch, Instrument, ReagentLot, Well
from forensics.domain.ledger import LedgerEntry
from forensics.domain.legacy import LegacyImport, LegacyMapping
from forensics.domain.matching import Hypothesis, Screening, ScreeningContents
from forensics.domain.operations import Authority, Event, FrequencyData, Operation, Organisation, Site
from forensics.domain.people import Authorisation, Person, SigningIdentity
from forensics.domain.profiles import Profile, ProfileImport, ProfileRead
from forensics.domain.quality import EliminationProfile, Nonconformity
from forensics.domain.records import Record
from forensics.domain.remains import Association, Individual, RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.domain.stock_take import StockLine, StockTake

NUMBERED: dict[type[Record], str] = {
    Operation: "OP",
    Event: "EV",
    Site: "ST",
    Delivery: "DL",
    Discrepancy: "DC",
    Attachment: "AT",
    LegacyImport: "LI",
    RemainsCase: "RC",
    RemainsItem: "RI",
    Individual: "IN",
    Family: "FA",
    MissingPerson: "MP",
    Donor: "DO",
    Sample: "SA",
    Profile: "PR",
    ProfileImport: "IM",
    ReagentLot: "LT",
    Instrument: "EQ",
    Batch: "BA",
    EliminationProfile: "EL",
    Nonconformity: "NC",
    Screening: "SC",
    BlindSearch: "BS",
    JointIdentification: "JI",
    Hypothesis: "HY",
    Association: "AS",
    Examination: "EX",
    Identification: "ID",
    Report: "RE",
    StorageLocation: "LO",
    Consignment: "CN",
    StockTake: "SK",
    Person: "PE",
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
    Delivery,
    RemainsCase,
    DeliverySeal,
    Discrepancy,
    Individual,
    RemainsItem,
    Association,
    Family,
    MissingPerson,
    Relative,
    Donor,
    Consent,
    Sample,
    Consignment,
    CustodyEvent,
    LedgerEntry,
    StockTake,
    StockLine,
    ProfileImport,
    Profile,
    ProfileRead,
    ReagentLot,
    Instrument,
    Batch,
    Well,
    EliminationProfile,
    Nonconformity,
    Screening,
    ScreeningContents,
    BlindSearch,
    JointIdentification,
    JointContents,
    Hypothesis,
    Examination,
    Identification,
    Notification,
    Handover,
    Report,
    ReportFile,
    Attachment,
    AttachmentPiece,
    ExternalIdentifier,
    LegacyMapping,
    LegacyImport,
)
