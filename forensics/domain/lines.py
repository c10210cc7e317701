"""The rows of lists: what one glance must tell, derived live from the records."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from forensics.domain.anthropology import Side
from forensics.domain.dates import UncertainDate
from forensics.domain.deliveries import DeliveryState
from forensics.domain.documents import ReportState
from forensics.domain.facts import Category
from forensics.domain.families import MissingState
from forensics.domain.identifications import IdentificationState
from forensics.domain.kinship import Sex
from forensics.domain.laboratory import BatchState, InstrumentKind, LotKind, LotState, Stage
from forensics.domain.matching import HypothesisState
from forensics.domain.profiles import ProfileState
from forensics.domain.quality import EliminationCategory, NonconformityKind, NonconformityState
from forensics.domain.remains import AssociationState, Basis, CustodyState, Description, ItemKind, ItemState
from forensics.domain.samples import SampleKind, SampleState


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A remains case: how many items, how many of them examined, sampled, profiled, identified."""

    id: UUID
    number: str
    external_number: str
    description: Description
    received_at: datetime
    received_from: str
    site: str | None
    place: str | None  # of its items, the first by name
    places: int
    items: int
    examinations: int
    examined: int  # signed ones among them
    sampled: int
    profiled: int
    candidates: int
    identified: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery: who brought it, under which order, how much, and what does not agree yet."""

    id: UUID
    number: str
    received_at: datetime
    institution: str
    delivered_by: str
    authority: str
    order_reference: str
    state: DeliveryState
    cases: int
    items: int
    open: int  # discrepancies


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A remains item with what exists for it."""

    id: UUID
    number: str
    external_number: str
    case: UUID
    case_number: str
    kind: ItemKind
    element: str
    side: Side
    state: ItemState
    custody: CustodyState
    place: str | None
    individual: str | None
    examined: int  # signed examinations of its case
    samples: int
    profiles: int
    candidates: int


@dataclass(frozen=True, slots=True)
class IndividualLine:
    """An individual reconstructed from items, with what exists for them."""

    id: UUID
    number: str
    label: str
    items: int
    sampled: int
    profiled: int
    candidates: int
    identified: int


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample by its token; the source is the item's or the donor's token, never a name."""

    id: UUID
    number: str
    token: str
    kind: SampleKind
    state: SampleState
    custody: CustodyState
    source: str
    reference: bool
    place: str | None
    taken_at: datetime | None
    loci: int | None
    profile: ProfileState | None
    profile_id: UUID | None


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A profile: of what, how much of it, and whether it takes part in searches."""

    id: UUID
    number: str
    sample: str
    source: str
    reference: bool
    loci: int
    sex: Sex
    state: ProfileState
    imported_by: str
    file_name: str


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A missing person; `name` is empty for those who may not read names."""

    id: UUID
    number: str
    token: str
    name: str
    original_name: str
    sex: Sex
    birth: UncertainDate | None
    last_seen: UncertainDate | None
    last_place: str
    state: MissingState
    family: UUID
    family_number: str
    donors: int
    references: int  # donors with a profile
    confirmed: bool  # a person stands for the family's pedigree
    candidates: int


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family: how many are missing, gave samples, are typed; whether its pedigree is confirmed."""

    id: UUID
    number: str
    title: str
    external_number: str
    missing: int
    donors: int
    typed: int
    confirmed: bool
    candidates: int


@dataclass(frozen=True, slots=True)
class HypothesisLine:
    """A candidate: which remains, which missing person, how strong, how far."""

    id: UUID
    number: str
    item: UUID
    item_number: str
    item_external: str
    missing_person: UUID
    missing_number: str
    family_number: str
    family_external: str
    log10_lr: float | None
    required_log10_lr: float | None
    posterior: float | None
    loci_compared: int
    loci_inconsistent: int
    state: HypothesisState
    outdated: str  # why it no longer rests on the data of today; empty while it does


@dataclass(frozen=True, slots=True)
class AssociationLine:
    """Two items that may be of one individual; `statistic` is a log10 LR where the basis is DNA."""

    id: UUID
    number: str
    first: UUID
    first_number: str
    first_element: str
    first_side: Side
    second: UUID
    second_number: str
    second_element: str
    second_side: Side
    basis: Basis
    statistic: float | None
    state: AssociationState
    proposed_by: str
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class IdentificationLine:
    """An identification on its way to the family."""

    id: UUID
    number: str
    missing_number: str
    name: str
    item_number: str
    category: Category
    state: IdentificationState
    proposed_by: str
    confirmed_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReportLine:
    """An entry of the register of reports."""

    id: UUID
    number: str
    kind: str
    title: str
    version: int
    state: ReportState
    author: str
    authoriser: str | None
    issued_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site of recovery."""

    id: UUID
    number: str
    title: str
    kind: str
    state: str
    event: str | None
    cases: int


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch: its stage, how far it is, how many samples it holds and how many of them are blocked."""

    id: UUID
    number: str
    stage: Stage
    state: BatchState
    kit: str
    protocol: str
    samples: int
    blocked: int
    set_up_by: str
    released_by: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot of a reagent."""

    id: UUID
    number: str
    kind: LotKind
    name: str
    lot: str
    expires: date
    opened_on: date | None
    state: LotState


@dataclass(frozen=True, slots=True)
class InstrumentLine:
    """An instrument and when it must be serviced."""

    id: UUID
    number: str
    kind: InstrumentKind
    name: str
    serial: str
    service_due: date
    retired: bool


@dataclass(frozen=True, slots=True)
class EliminationLine:
    """An entry of the elimination database, for who may read its name."""

    id: UUID
    number: str
    token: str
    category: EliminationCategory
    name: str
    loci: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NonconformityLine:
    """Something that was not as it should be, and how far its treatment has come."""

    id: UUID
    number: str
    kind: NonconformityKind
    what: str
    state: NonconformityState
    batch_number: str | None
    sample: str | None
    found_by: str
    closed_by: str | None
    created_at: datetime
