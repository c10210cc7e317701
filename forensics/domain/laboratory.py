"""Laboratory work in batches: what stands in which well of a plate, with which lots, on which instrument.

The four stages follow each other; each takes its wells from released wells of the stage before, and adds the
controls that tell whether its results may be believed.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.records import Record, indexed, link, unique


class Stage(StrEnum):
    """A step from the tube to the profile."""

    EXTRACTION = "extraction"
    QUANTIFICATION = "quantification"
    AMPLIFICATION = "amplification"
    DETECTION = "detection"

    @property
    def before(self) -> "Stage | None":
        """The stage whose released wells it takes; None for the first."""
        return ORDER[ORDER.index(self) - 1] if self is not Stage.EXTRACTION else None


ORDER = tuple(Stage)


class LotKind(StrEnum):
    """What a reagent is for."""

    EXTRACTION_KIT = "extraction kit"
    QUANTIFICATION_KIT = "quantification kit"
    AMPLIFICATION_KIT = "amplification kit"
    POSITIVE_CONTROL = "positive control DNA"
    LADDER = "allelic ladder"
    SIZE_STANDARD = "size standard"
    FORMAMIDE = "formamide"
    POLYMER = "polymer"
    OTHER = "other"


class LotState(StrEnum):
    """Whether a lot may still be used."""

    IN_USE = "in use"
    USED_UP = "used up"
    WITHDRAWN = "withdrawn"


class InstrumentKind(StrEnum):
    """What an instrument does."""

    EXTRACTION_ROBOT = "extraction robot"
    REAL_TIME = "real-time PCR instrument"
    THERMOCYCLER = "thermal cycler"
    GENETIC_ANALYSER = "genetic analyser"
    OTHER = "other"


NEEDED_LOT = {
    Stage.EXTRACTION: LotKind.EXTRACTION_KIT,
    Stage.QUANTIFICATION: LotKind.QUANTIFICATION_KIT,
    Stage.AMPLIFICATION: LotKind.AMPLIFICATION_KIT,
    Stage.DETECTION: LotKind.SIZE_STANDARD,
}
"""Without a lot of this kind a batch of the stage can't be locked."""

INSTRUMENT_OF = {
    Stage.EXTRACTION: InstrumentKind.EXTRACTION_ROBOT,
    Stage.QUANTIFICATION: InstrumentKind.REAL_TIME,
    Stage.AMPLIFICATION: InstrumentKind.THERMOCYCLER,
    Stage.DETECTION: InstrumentKind.GENETIC_ANALYSER,
}
"""Extraction may be done by hand; the other stages need their instrument."""


@dataclass(frozen=True, kw_only=True)
class ReagentLot(Record):
    """A lot of a reagent, from the delivery until it is used up."""

    kind: LotKind
    name: str
    lot: str
    expires: date
    opened_on: date | None = None
    state: LotState = indexed(default=LotState.IN_USE)

    def why_not(self, day: date) -> str:
        """Why it can't be used on a day, with what to do; empty when it can."""
        called = f"Lot {self.lot} of {self.name}"
        if self.state is not LotState.IN_USE:
            return f"{called} is {self.state}; choose a lot that is in use."
        if self.expires < day:
            return f"{called} expired on {self.expires:%Y-%m-%d}; choose a lot that is in date."
        return ""


@dataclass(frozen=True, kw_only=True)
class Instrument(Record):
    """An instrument and when its next service is due; `retired` ones are no longer offered."""

    kind: InstrumentKind
    name: str
    serial: str
    service_due: date
    retired: bool = False

    def why_not(self, day: date) -> str:
        """Why it can't be used on a day, with what to do; empty when it can."""
        if self.retired:
            return f"{self.name} ({self.serial}) is out of use; choose another instrument."
        if self.service_due < day:
            since = f"{self.service_due:%Y-%m-%d}"
            return (
                f"{self.name} ({self.serial}) is overdue for service since {since}; have it serviced first."
            )
        return ""


class BatchState(StrEnum):
    """How far a batch has come."""

    DRAFT = "draft"
    LOCKED = "locked"
    RUNNING = "running"
    RAW_DATA = "raw data in"
    EVALUATED = "controls evaluated"
    RELEASED = "released"
    FAILED = "failed"
    REPEATED = "repeated"


@dataclass(frozen=True, kw_only=True)
class Batch(Record):
    """One plate at one stage. `repeats` names the failed batch whose samples it takes up again.

    The layout and the reagents are frozen when it is locked; it is released by another person than the one
    who set it up.
    """

    operation: UUID = link("operation")
    stage: Stage = indexed()
    state: BatchState = indexed(default=BatchState.DRAFT)
    kit: str = ""  # of the amplification and detection: its markers are what a control must show
    protocol: str
    protocol_version: str
    lots: tuple[UUID, ...] = ()
    instrument: UUID | None = link("instrument", default=None)
    repeats: UUID | None = link("batch", default=None)
    set_up_by: UUID = link("person")
    locked_at: datetime | None = None
    released_by: UUID | None = link("person", default=None)
    released_at: datetime | None = None
    source: UUID | None = link("profile_import", default=None)
    failure: str = ""


class WellRole(StrEnum):
    """What stands in a well."""

    SAMPLE = "sample"
    BLANK = "extraction blank"
    NEGATIVE = "negative control"
    POSITIVE = "positive control"
    LADDER = "allelic ladder"


class WellState(StrEnum):
    """How far a well has come: placed, its tube scanned, frozen, and what the evaluation said."""

    PLACED = "placed"
    VERIFIED = "tube scanned"
    LOCKED = "locked"
    PASSED = "passed"
    BLOCKED = "blocked"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, kw_only=True)
class Well(Record):
    """One position of a batch's plate.

    `spot` (batch and position) and `claim` (stage and tube) belong to one well alone, so that the database
    itself refuses a second tube in a position and a second open batch for a tube; both are empty where that is
    over. Concentrations in ng/µl, volumes in µl; `ipc` is the cycle of the internal control. `calls` holds the
    peaks of a control as a profile does; the peaks of a sample stand in its profile.
    """

    batch: UUID = link("batch")
    position: str
    role: WellRole
    state: WellState = indexed(default=WellState.PLACED)
    sample: UUID | None = link("sample", default=None)
    before: UUID | None = link("well", default=None)
    control: str = ""  # the control DNA of a positive control
    spot: str | None = unique(default=None)
    claim: str | None = unique(default=None)
    volume_ul: float | None = None
    small: float | None = None
    large: float | None = None
    male: float | None = None
    ipc: float | None = None
    profile: UUID | None = link("profile", default=None)
    finding: str = ""
    calls: dict[str, tuple[tuple[str, float | None, float | None, str], ...]] | None = None

    @property
    def degradation(self) -> float | None:
        """The degradation index: the small target's concentration over the large one's."""
        return self.small / self.large if self.small is not None and self.large else None


ROWS, COLUMNS = "ABCDEFGH", 12
POSITIONS = tuple(f"{row}{column}" for column in range(1, COLUMNS + 1) for row in ROWS)
"""The 96 positions of a plate in the order in which it is filled, column after column."""

OWN_CONTROLS: dict[Stage, tuple[WellRole, ...]] = {
    Stage.EXTRACTION: (WellRole.BLANK,),
    Stage.QUANTIFICATION: (WellRole.NEGATIVE,),
    Stage.AMPLIFICATION: (WellRole.POSITIVE, WellRole.NEGATIVE),
    Stage.DETECTION: (WellRole.LADDER,),
}
"""The controls that each stage adds, in the last free positions of the plate."""

CARRIED: dict[Stage, frozenset[WellRole]] = {
    Stage.EXTRACTION: frozenset(),
    Stage.QUANTIFICATION: frozenset({WellRole.SAMPLE, WellRole.BLANK}),
    Stage.AMPLIFICATION: frozenset({WellRole.SAMPLE, WellRole.BLANK}),
    Stage.DETECTION: frozenset({WellRole.SAMPLE, WellRole.BLANK, WellRole.NEGATIVE, WellRole.POSITIVE}),
}
"""What a stage takes over from the one before: a blank goes with its samples up to the profile."""

ORIGIN: dict[WellRole, Stage] = {
    WellRole.LADDER: Stage.DETECTION,
    WellRole.POSITIVE: Stage.AMPLIFICATION,
    WellRole.NEGATIVE: Stage.AMPLIFICATION,
    WellRole.BLANK: Stage.EXTRACTION,
}
"""Where a control was added: a failure that it shows in the run is mended by repeating from there."""


def canonical_position(text: str) -> str | None:
    """`a01` as `A1`; None when it is no position of a 96-well plate."""
    written = text.strip().upper()
    row, column = written[:1], written[1:].lstrip("0")
    position = f"{row}{column}"
    return position if position in POSITIONS else None
