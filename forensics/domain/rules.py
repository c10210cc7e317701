"""State tables, rules that need different people, and what no longer changes.

Each rule is written once here. The service checks it and says why; the database is given the same rule
as a constraint or trigger, so that no other program can get around it.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from forensics.domain.custody import Consignment, ConsignmentState, CustodyEvent, CustodyKind
from forensics.domain.deliveries import Delivery, DeliveryState, Discrepancy, DiscrepancyState
from forensics.domain.documents import Report, ReportFile, ReportState
from forensics.domain.errors import Refused
from forensics.domain.examinations import Examination, ExaminationState
from forensics.domain.identifications import Identification, IdentificationState
from forensics.domain.laboratory import Batch, BatchState, Well, WellState
from forensics.domain.ledger import LedgerEntry
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.quality import Nonconformity, NonconformityState
from forensics.domain.records import Record
from forensics.domain.remains import Association, AssociationState, CustodyState, ItemState, RemainsItem
from forensics.domain.samples import Sample, SampleState
from forensics.domain.stock_take import StockTake, StockTakeState


@dataclass(frozen=True, slots=True)
class Machine:
    """Which steps a state field may take; the initial states are those a new record may have."""

    entity: type[Record]
    field: str
    initial: frozenset[StrEnum]
    steps: frozenset[tuple[StrEnum, StrEnum]]

    def demand(self, old: StrEnum, new: StrEnum) -> None:
        """`Refused` when the step is not in the table."""
        if old != new and (old, new) not in self.steps:
            raise Refused(f"From “{old}” there is no step to “{new}”; {self._ways(old)}.")

    def _ways(self, old: StrEnum) -> str:
        ways = sorted(str(target) for source, target in self.steps if source == old)
        return f"possible are: {', '.join(ways)}" if ways else "that state is final"


@dataclass(frozen=True, slots=True)
class Different:
    """The fields of one record that must name different people (those that are filled)."""

    entity: type[Record]
    fields: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """Once `field` has one of `values`, only the fields in `free` may still change."""

    entity: type[Record]
    field: str
    values: frozenset[StrEnum]
    free: frozenset[str]


@dataclass(frozen=True, slots=True)
class Needed:
    """While `field` has the value, none of `fields` may be empty; `only` names a flag without which it is no rule."""

    entity: type[Record]
    field: str
    value: StrEnum
    fields: tuple[str, ...]
    sentence: str
    only: str = ""

    @property
    def name(self) -> str:
        """Of the database's constraint."""
        return f"{self.field}_{self.value.name.lower()}_complete"


@dataclass(frozen=True, slots=True)
class NeverNegative:
    """An amount that can't be less than nothing."""

    entity: type[Record]
    field: str
    sentence: str

    @property
    def name(self) -> str:
        """Of the database's constraint."""
        return f"{self.field}_not_negative"


def _chain(*states: StrEnum) -> set[tuple[StrEnum, StrEnum]]:
    return set(pairwise(states))


def _from(source: StrEnum, *targets: StrEnum) -> set[tuple[StrEnum, StrEnum]]:
    return {(source, target) for target in targets}


def _machine(
    entity: type[Record], initial: set[Any], *steps: set[tuple[StrEnum, StrEnum]], field: str = "state"
) -> Machine:
    return Machine(entity, field, frozenset(initial), frozenset().union(*steps))


_I, _C, _S, _P = ItemState, CustodyState, SampleState, ProfileState
_H, _D, _R, _X = HypothesisState, IdentificationState, ReportState, ExaminationState
_B, _W, _N = BatchState, WellState, NonconformityState
_WORKING = (
    _I.REGISTERED,
    _I.ACCEPTED,
    _I.UNDER_EXAMINATION,
    _I.INVENTORIED,
    _I.REVIEWED,
    _I.SAMPLED,
    _I.IN_COMPARISON,
    _I.PRESUMPTIVE,
    _I.ASSOCIATED,
)
_ITEM_EXITS = (_I.NON_HUMAN, _I.ARCHAEOLOGICAL, _I.NOT_OF_INTEREST, _I.INSUFFICIENT)
_HERE = (_C.IN_STORAGE, _C.CHECKED_OUT, _C.IN_TRANSIT, _C.ELSEWHERE)

MACHINES: tuple[Machine, ...] = (
    _machine(
        RemainsItem,
        {_I.REGISTERED, _I.ACCEPTED, _I.DISCREPANT},
        # Bones are often sampled before the full examination: forward steps may be skipped, never reversed.
        {(a, b) for i, a in enumerate(_WORKING) for b in _WORKING[i + 1 :]},
        _from(_I.PRESUMPTIVE, _I.IN_COMPARISON),
        _from(_I.ASSOCIATED, _I.IN_COMPARISON, _I.IDENTIFIED),
        _from(_I.PRESUMPTIVE, _I.IDENTIFIED),
        _from(_I.IDENTIFIED, _I.ASSOCIATED, _I.IN_COMPARISON),
        {(a, b) for a in _WORKING for b in _ITEM_EXITS},
        {(a, _I.DISCREPANT) for a in _WORKING},
        {(_I.DISCREPANT, b) for b in _WORKING},
    ),
    _machine(
        RemainsItem,
        {_C.IN_STORAGE, _C.IN_TRANSIT},
        {(a, b) for a in _HERE for b in _HERE if a != b},
        {(a, b) for a in _HERE for b in (_C.RELEASED, _C.INTERRED, _C.DESTROYED, _C.MISSING)},
        _from(_C.INTERRED, _C.IN_STORAGE, _C.IN_TRANSIT),
        _from(_C.RELEASED, _C.IN_STORAGE, _C.IN_TRANSIT),
        _from(_C.MISSING, _C.IN_STORAGE),
        field="custody",
    ),
    _machine(
        Sample,
        {_S.PLANNED, _S.AUTHORISED, _S.TAKEN, _S.ACCESSIONED},
        _chain(_S.PLANNED, _S.AUTHORISED, _S.TAKEN, _S.RECEIVED, _S.ACCESSIONED, _S.PROFILED, _S.RETAINED),
        _from(_S.PLANNED, _S.TAKEN),
        _from(_S.ACCESSIONED, _S.FAILED, _S.RETAINED),
        _from(_S.FAILED, _S.PROFILED, _S.RETAINED),
        {
            (a, b)
            for a in (_S.RETAINED, _S.PROFILED, _S.FAILED)
            for b in (_S.RETURNED, _S.CONSUMED, _S.DESTROYED)
        },
    ),
    _machine(
        Sample,
        {_C.IN_STORAGE, _C.IN_TRANSIT},
        {(a, b) for a in _HERE for b in _HERE if a != b},
        {(a, b) for a in _HERE for b in (_C.DESTROYED, _C.MISSING, _C.RELEASED)},
        _from(_C.MISSING, _C.IN_STORAGE),
        field="custody",
    ),
    _machine(
        Profile,
        {_P.HELD, _P.IMPORTED, _P.QUARANTINED},
        # Held until its batch is released: from there no step leads past the review.
        _from(_P.HELD, _P.IMPORTED, _P.QUARANTINED, _P.WITHDRAWN),
        _from(_P.IMPORTED, _P.FIRST_READ, _P.ACCEPTED, _P.QUARANTINED, _P.WITHDRAWN, _P.SUPERSEDED),
        _from(_P.FIRST_READ, _P.CONCORDANT, _P.DISCORDANT, _P.WITHDRAWN),
        _chain(_P.DISCORDANT, _P.CONCORDANT, _P.REVIEWED, _P.ACCEPTED),
        {(a, _P.WITHDRAWN) for a in (_P.DISCORDANT, _P.CONCORDANT, _P.REVIEWED)},
        _from(_P.QUARANTINED, _P.HELD, _P.WITHDRAWN),
        _from(_P.ACCEPTED, _P.SUPERSEDED, _P.WITHDRAWN),
    ),
    _machine(
        Batch,
        {_B.DRAFT},
        _chain(_B.DRAFT, _B.LOCKED, _B.RUNNING, _B.RAW_DATA, _B.EVALUATED, _B.RELEASED),
        {(a, _B.FAILED) for a in (_B.LOCKED, _B.RUNNING, _B.RAW_DATA, _B.EVALUATED)},
        _from(_B.FAILED, _B.REPEATED),
    ),
    _machine(
        Well,
        {_W.PLACED, _W.VERIFIED},
        _chain(_W.PLACED, _W.VERIFIED, _W.LOCKED),
        _from(_W.LOCKED, _W.PASSED, _W.BLOCKED, _W.QUARANTINED),
        _from(_W.PASSED, _W.BLOCKED),
        _from(_W.QUARANTINED, _W.PASSED, _W.BLOCKED),
    ),
    _machine(
        Nonconformity,
        {_N.OPEN},
        _chain(_N.OPEN, _N.INVESTIGATED, _N.CLOSED),
        _from(_N.INVESTIGATED, _N.OPEN),
    ),
    _machine(
        Delivery,
        {DeliveryState.AGREES, DeliveryState.DISCREPANT},
        {(a, DeliveryState.DISCREPANT) for a in (DeliveryState.AGREES, DeliveryState.SETTLED)},
        _from(DeliveryState.DISCREPANT, DeliveryState.SETTLED),
    ),
    _machine(
        Discrepancy,
        {DiscrepancyState.OPEN},
        _chain(DiscrepancyState.OPEN, DiscrepancyState.SETTLED),
    ),
    _machine(
        Association,
        {AssociationState.PROPOSED},
        _from(AssociationState.PROPOSED, AssociationState.ACCEPTED, AssociationState.REJECTED),
        _from(AssociationState.ACCEPTED, AssociationState.UNDONE),
    ),
    _machine(
        Hypothesis,
        {_H.CANDIDATE},
        _from(_H.CANDIDATE, _H.PROPOSED),
        _from(_H.PROPOSED, _H.RETURNED, _H.SUPPORTED, _H.EXCLUDED, _H.INCONCLUSIVE),
        _from(_H.RETURNED, _H.PROPOSED),
        _from(_H.INCONCLUSIVE, _H.PROPOSED),
    ),
    _machine(
        Consignment,
        {ConsignmentState.IN_TRANSIT},
        _from(ConsignmentState.IN_TRANSIT, ConsignmentState.ACCEPTED, ConsignmentState.RETURNED),
        _from(ConsignmentState.IN_TRANSIT, ConsignmentState.CLOSED),
        _from(ConsignmentState.ACCEPTED, ConsignmentState.RETURNED),
    ),
    _machine(
        StockTake,
        {StockTakeState.OPEN},
        _from(StockTakeState.OPEN, StockTakeState.FINISHED, StockTakeState.GIVEN_UP),
    ),
    _machine(Examination, {_X.DRAFT}, _chain(_X.DRAFT, _X.SIGNED, _X.SUPERSEDED)),
    _machine(
        Identification,
        {_D.PROPOSED},
        _from(_D.PROPOSED, _D.CONFIRMED, _D.REJECTED),
        _chain(_D.CONFIRMED, _D.NOTIFIED, _D.PARTLY_HANDED_OVER, _D.HANDED_OVER, _D.CLOSED),
        _from(_D.NOTIFIED, _D.HANDED_OVER),
        {(a, _D.ANNULLED) for a in _D if a not in (_D.PROPOSED, _D.REJECTED, _D.ANNULLED)},
    ),
    _machine(
        Report,
        {_R.DRAFT},
        _chain(_R.DRAFT, _R.SIGNED, _R.ISSUED),
        _from(_R.DRAFT, _R.WITHDRAWN),
        _from(_R.SIGNED, _R.WITHDRAWN),
        _from(_R.ISSUED, _R.AMENDED, _R.WITHDRAWN),
    ),
)

DIFFERENT: tuple[Different, ...] = (
    Different(
        Sample,
        ("taken_by", "witness"),
        "The witness of a sampling must be another person than the one who takes it.",
    ),
    Different(
        Sample,
        ("taken_by", "received_by"),
        "A sample is received by another person than the one who took it.",
    ),
    Different(
        Profile,
        ("imported_by", "reviewed_by"),
        "A profile is reviewed by another person than the one who imported it.",
    ),
    Different(
        Profile,
        ("first_reader", "second_reader", "settled_by", "checked_by"),
        "A profile is read by two people, each alone; a third settles what they read differently, and the "
        "technical review is made by somebody else again.",
    ),
    Different(
        Batch,
        ("set_up_by", "released_by"),
        "A batch is released by another person than the one who set it up.",
    ),
    Different(
        Nonconformity,
        ("found_by", "closed_by"),
        "A nonconformity is closed by another person than the one who reported it.",
    ),
    Different(
        Nonconformity,
        ("caused_by", "closed_by"),
        "A nonconformity is closed by another person than the one whose work it concerns.",
    ),
    Different(
        Association,
        ("proposed_by", "decided_by"),
        "An association is decided by another person than its proposer.",
    ),
    Different(
        Hypothesis,
        ("weighed_by", "reviewed_by"),
        "A match is reviewed by another person than the one who weighed it.",
    ),
    Different(
        Identification,
        ("proposed_by", "reviewed_by", "confirmed_by"),
        "An identification needs three different people: one proposes, one has reviewed the match, one confirms.",
    ),
    Different(
        CustodyEvent,
        ("from_person", "to_person"),
        "A handover needs two people: nobody hands a thing over to themselves.",
    ),
    *(
        Different(
            thing,
            ("destruction_first", "destruction_second"),
            "A destruction is authorised by two different people.",
        )
        for thing in (RemainsItem, Sample)
    ),
    Different(Report, ("author", "authoriser"), "A report is authorised by another person than its author."),
)

_TWO = "Nothing is destroyed before two different people have authorised it."
_READ = (
    "This operation wants every profile read by two people and technically reviewed before it is searched."
)
NEEDED: tuple[Needed, ...] = (
    Needed(
        Profile,
        "state",
        ProfileState.ACCEPTED,
        ("first_reader", "second_reader", "checked_by", "reviewed_by"),
        _READ,
        only="two_reads",
    ),
    Needed(Profile, "state", ProfileState.CONCORDANT, ("first_reader", "second_reader"), _READ),
    Needed(Profile, "state", ProfileState.REVIEWED, ("first_reader", "second_reader", "checked_by"), _READ),
    Needed(
        CustodyEvent,
        "kind",
        CustodyKind.TRANSFER,
        ("from_person", "to_person"),
        "A handover names the one who gives and the one who takes.",
    ),
    Needed(
        CustodyEvent,
        "kind",
        CustodyKind.INTER,
        ("place_text", "latitude", "longitude"),
        "An interment needs the number of the grave or niche, and its coordinates.",
    ),
    Needed(
        RemainsItem,
        "state",
        ItemState.DISCREPANT,
        ("held_state",),
        "A frozen item says where its examination goes on; raise a discrepancy of its delivery instead.",
    ),
    Needed(
        Discrepancy,
        "state",
        DiscrepancyState.SETTLED,
        ("resolution", "settled_by", "settled_at"),
        "A discrepancy is settled with words: say what was found out.",
    ),
    Needed(RemainsItem, "custody", CustodyState.DESTROYED, ("destruction_first", "destruction_second"), _TWO),
    Needed(Sample, "custody", CustodyState.DESTROYED, ("destruction_first", "destruction_second"), _TWO),
)

_NO_LESS = "There can't be less than nothing left; weigh or measure again, and correct the ledger first."
NEVER_NEGATIVE: tuple[NeverNegative, ...] = (
    NeverNegative(LedgerEntry, "remaining", _NO_LESS),
    NeverNegative(Sample, "mass_left_mg", _NO_LESS),
    NeverNegative(Sample, "volume_left_ul", _NO_LESS),
)

_RECORD = frozenset(
    {"revision", "changed_at", "changed_by", "voided_at", "voided_by", "void_reason", "state"}
)

_RESULTS = frozenset({"volume_ul", "small", "large", "male", "ipc", "profile", "finding", "calls"})

FIXED: tuple[Fixed, ...] = (
    Fixed(
        Batch,
        "state",
        frozenset(set(_B) - {_B.DRAFT}),
        _RECORD | {"released_by", "released_at", "source", "failure"},
    ),
    Fixed(Well, "state", frozenset(set(_W) - {_W.PLACED, _W.VERIFIED}), _RECORD | _RESULTS | {"claim"}),
    Fixed(Nonconformity, "state", frozenset({_N.CLOSED}), _RECORD),
    Fixed(Discrepancy, "state", frozenset({DiscrepancyState.SETTLED}), _RECORD),
    Fixed(Examination, "state", frozenset({_X.SIGNED, _X.SUPERSEDED}), _RECORD),
    Fixed(Report, "state", frozenset({_R.ISSUED, _R.AMENDED, _R.WITHDRAWN}), _RECORD | {"reason"}),
    Fixed(ReportFile, "stage", frozenset({_R.SIGNED, _R.ISSUED}), frozenset()),
    Fixed(
        Identification,
        "state",
        frozenset(set(_D) - {_D.PROPOSED}),
        _RECORD | {"closed_at"},
    ),
    Fixed(Hypothesis, "state", frozenset({_H.SUPPORTED, _H.EXCLUDED}), _RECORD | {"outdated"}),
)


def stays(old: Record, new: Record) -> None:
    """`Refused` when a record leaves its operation: what was done with it there would stay behind."""
    if getattr(old, "operation", None) != getattr(new, "operation", None):
        raise Refused(
            "A record stays in its operation; void it there, with the reason, and register it anew in the other."
        )


def machines_of(entity: type[Record]) -> tuple[Machine, ...]:
    return tuple(machine for machine in MACHINES if machine.entity is entity)


def demand_lawful(old: Record | None, new: Record) -> None:
    """`Refused` with the reason when a new or changed record breaks a rule of this module."""
    for machine in machines_of(type(new)):
        state = getattr(new, machine.field)
        if old is not None:
            machine.demand(getattr(old, machine.field), state)
        elif state not in machine.initial:
            raise Refused(f"A new {type(new).__name__} can't begin as “{state}”.")
    for rule in DIFFERENT:
        if rule.entity is type(new):
            people = [p for p in (getattr(new, f) for f in rule.fields) if p is not None]
            if len(set(people)) < len(people):
                raise Refused(rule.sentence)
    _demand_complete(new)
    if old is not None:
        stays(old, new)
        _demand_unfixed(old, new)


def _demand_complete(new: Record) -> None:
    for need in NEEDED:
        applies = need.entity is type(new) and getattr(new, need.field) == need.value
        if need.only and applies:
            applies = getattr(new, need.only)
        if applies and any(getattr(new, name) in (None, "") for name in need.fields):
            raise Refused(need.sentence)
    for amount in NEVER_NEGATIVE:
        if amount.entity is type(new) and (getattr(new, amount.field) or 0) < 0:
            raise Refused(amount.sentence)


def _demand_unfixed(old: Record, new: Record) -> None:
    for rule in FIXED:
        if rule.entity is not type(new) or getattr(old, rule.field) not in rule.values:
            continue
        changed = [f for f in vars(new) if f not in rule.free and getattr(old, f) != getattr(new, f)]
        if changed:
            raise Refused(
                f"It is {getattr(old, rule.field)} and can't be changed any more ({', '.join(changed)})."
            )
