"""The first page: what waits for me, what waits for others and for how long, how far the search has come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from forensics.domain.custody import Consignment
from forensics.domain.deliveries import Delivery, DeliveryState
from forensics.domain.documents import Report, ReportState
from forensics.domain.examinations import Examination, ExaminationState
from forensics.domain.families import Family
from forensics.domain.identifications import Identification, IdentificationState
from forensics.domain.laboratory import Batch, BatchState, LotState, ReagentLot
from forensics.domain.matching import Hypothesis, HypothesisState
from forensics.domain.people import Permission, Person
from forensics.domain.profiles import Profile, ProfileState
from forensics.domain.quality import Nonconformity, NonconformityState
from forensics.domain.records import Record, table_name
from forensics.domain.remains import Association, AssociationState, CustodyState, RemainsItem
from forensics.domain.samples import Sample, SampleState
from forensics.domain.stock_take import StockTake, StockTakeState
from forensics.persistence import funnel as funnels
from forensics.persistence import recent
from forensics.persistence.transaction import Transaction
from forensics.persistence.waiting import Waiting, waiting
from forensics.services.auditing import act_in_words
from forensics.services.consignments import sent_out
from forensics.services.door import query
from forensics.services.reagents import SOON, expiring
from forensics.services.searching import READ


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work that waits: how many, since when, for me or for somebody else; where to do it.

    `filters` narrow the list of `place` to just these.
    """

    title: str
    count: int
    oldest: datetime | None
    mine: bool
    place: str
    first: UUID | None  # the record to open when there is but one
    kind: str
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class News:
    """What a colleague did: to how many, when last, and the record when it was one."""

    what: str
    who: str
    times: int
    at: datetime
    kind: str
    only: UUID | None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a kind of work is found; `not_by` names the field whose person may not do it, `by` the only one who may."""

    title: str
    entity: type[Record]
    conditions: dict[str, Any]
    permission: Permission
    place: str
    not_by: str = ""
    by: str = ""


_SOURCES: tuple[_Source, ...] = (
    _Source(
        "Deliveries with a discrepancy",
        Delivery,
        {"state": DeliveryState.DISCREPANT},
        Permission.REMAINS_RECEIVE,
        "remains",
    ),
    _Source(
        "Samples that wait for authorisation",
        Sample,
        {"state": SampleState.PLANNED},
        Permission.SAMPLE_AUTHORISE,
        "samples",
    ),
    _Source("Samples to take", Sample, {"state": SampleState.AUTHORISED}, Permission.SAMPLE_TAKE, "samples"),
    _Source(
        "Samples to receive",
        Sample,
        {"state": SampleState.TAKEN},
        Permission.REMAINS_RECEIVE,
        "samples",
        "taken_by",
    ),
    _Source(
        "Profiles to review",
        Profile,
        {"state": ProfileState.IMPORTED, "two_reads": False},
        Permission.PROFILE_REVIEW,
        "samples",
        "imported_by",
    ),
    _Source(
        "Profiles to read",
        Profile,
        {"state": ProfileState.IMPORTED, "two_reads": True},
        Permission.PROFILE_CALL,
        "samples",
    ),
    _Source(
        "Second reads",
        Profile,
        {"state": ProfileState.FIRST_READ},
        Permission.PROFILE_CALL,
        "samples",
        "first_reader",
    ),
    _Source(
        "Reads to settle",
        Profile,
        {"state": ProfileState.DISCORDANT},
        Permission.PROFILE_CALL,
        "samples",
        "second_reader",
    ),
    _Source(
        "Technical reviews",
        Profile,
        {"state": ProfileState.CONCORDANT},
        Permission.PROFILE_REVIEW,
        "samples",
        "second_reader",
    ),
    _Source(
        "Profiles to accept",
        Profile,
        {"state": ProfileState.REVIEWED},
        Permission.PROFILE_REVIEW,
        "samples",
        "imported_by",
    ),
    _Source(
        "Batches to release",
        Batch,
        {"state": BatchState.EVALUATED},
        Permission.BATCH_RELEASE,
        "laboratory",
        "set_up_by",
    ),
    _Source(
        "Nonconformities open",
        Nonconformity,
        {"state": [NonconformityState.OPEN, NonconformityState.INVESTIGATED]},
        Permission.QUALITY_MANAGE,
        "laboratory",
    ),
    _Source("Pedigrees to confirm", Family, {"confirmed_by": None}, Permission.FAMILY_RECORD, "missing"),
    _Source(
        "Examinations in draft",
        Examination,
        {"state": ExaminationState.DRAFT},
        Permission.EXAMINATION_RECORD,
        "remains",
    ),
    _Source(
        "Associations to decide",
        Association,
        {"state": AssociationState.PROPOSED},
        Permission.REMAINS_ASSOCIATE,
        "matching",
        "proposed_by",
    ),
    _Source(
        "Candidates to weigh",
        Hypothesis,
        {"state": [HypothesisState.CANDIDATE, HypothesisState.RETURNED]},
        Permission.MATCH_SCREEN,
        "matching",
    ),
    _Source(
        "Matches to review",
        Hypothesis,
        {"state": HypothesisState.PROPOSED},
        Permission.MATCH_REVIEW,
        "matching",
        "weighed_by",
    ),
    _Source(
        "Identifications to confirm",
        Identification,
        {"state": IdentificationState.PROPOSED},
        Permission.IDENTIFICATION_CONFIRM,
        "identifications",
        "proposed_by",
    ),
    _Source(
        "Families to notify",
        Identification,
        {"state": IdentificationState.CONFIRMED},
        Permission.HANDOVER_RECORD,
        "identifications",
    ),
    _Source(
        "Remains to return",
        Identification,
        {"state": [IdentificationState.NOTIFIED, IdentificationState.PARTLY_HANDED_OVER]},
        Permission.HANDOVER_RECORD,
        "identifications",
    ),
    _Source(
        "Identifications to close",
        Identification,
        {"state": IdentificationState.HANDED_OVER},
        Permission.HANDOVER_RECORD,
        "identifications",
    ),
    _Source(
        "Stock-takes to finish",
        StockTake,
        {"state": StockTakeState.OPEN},
        Permission.CUSTODY_MOVE,
        "samples",
    ),
    _Source(
        "Reports to sign",
        Report,
        {"state": ReportState.DRAFT},
        Permission.REPORT_AUTHOR,
        "reports",
        by="author",
    ),
    _Source(
        "Reports to authorise",
        Report,
        {"state": ReportState.SIGNED},
        Permission.REPORT_AUTHORISE,
        "reports",
        "author",
    ),
)


@query(Permission.SIGN_IN)
def today(tx: Transaction) -> list[Work]:
    """All work that waits, mine first; who reads no cases hears only of work of their own."""
    found = [work for source in _SOURCES for work in _works(tx, source)]
    found += [*_expiring_lots(tx), *_overdue(tx), *_destructions(tx)]
    if Permission.CASE_READ not in tx.permissions:
        found = [work for work in found if work.mine]
    return sorted(found, key=lambda work: not work.mine)


def _expiring_lots(tx: Transaction) -> list[Work]:
    """Reagents to order: lots in use that expire within thirty days."""
    lots = expiring(tx)
    if not lots:
        return []
    mine = Permission.BATCH_RUN in tx.permissions
    only = lots[0].id if len(lots) == 1 else None
    since = datetime.combine(lots[0].expires - SOON, time(), UTC)
    kind, filters = table_name(ReagentLot), {"state": (LotState.IN_USE,)}
    title = "Lots that expire within 30 days"
    return [Work(title, len(lots), since, mine, "laboratory", only, kind, filters)]


def _overdue(tx: Transaction) -> list[Work]:
    """What should be back from other laboratories."""
    if Permission.CASE_READ not in tx.permissions:
        return []
    late = [line for line in sent_out(tx) if line.overdue]
    if not late:
        return []
    due = min(line.consignment.due for line in late if line.consignment.due)
    oldest = datetime(due.year, due.month, due.day, tzinfo=UTC)
    mine = Permission.CUSTODY_MOVE in tx.permissions
    only = late[0].id if len(late) == 1 else None
    kind, filters = table_name(Consignment), {"waits": (True,)}
    return [Work("Overdue at other laboratories", len(late), oldest, mine, "samples", only, kind, filters)]


_WAITING = {"destruction_second": None, "custody": [CustodyState.IN_STORAGE, CustodyState.CHECKED_OUT]}


def _destructions(tx: Transaction) -> list[Work]:
    """Destructions that one person authorised and a second one has not."""
    sources = (
        _Source(title, entity, _WAITING, Permission.DESTRUCTION_AUTHORISE, place, "destruction_first")
        for title, entity, place in (
            ("Destructions of items to authorise", RemainsItem, "remains"),
            ("Destructions of samples to authorise", Sample, "samples"),
        )
    )
    return [work for source in sources for work in _works(tx, source)]


def _works(tx: Transaction, source: _Source) -> list[Work]:
    """My share and the others': whoever may not do it sees it wait for somebody else."""
    if source.permission not in tx.permissions:
        parts = [(waiting(tx, source.entity, source.conditions, source.not_by), False)]
    elif source.by:
        parts = [
            (waiting(tx, source.entity, source.conditions, source.by, by_me=me), me) for me in (True, False)
        ]
    elif source.not_by:
        others = waiting(tx, source.entity, source.conditions, source.not_by, by_me=True)
        parts = [
            (waiting(tx, source.entity, source.conditions, source.not_by, by_me=False), True),
            (others, False),
        ]
    else:
        parts = [(waiting(tx, source.entity, source.conditions), True)]
    return [_work(source, found, mine) for found, mine in parts if found.count]


def _work(source: _Source, found: Waiting, mine: bool) -> Work:
    kind = table_name(source.entity)
    filters = _filters(source)
    return Work(source.title, found.count, found.oldest, mine, source.place, found.only, kind, filters)


def _filters(source: _Source) -> dict[str, tuple[Any, ...]]:
    """As the list of the place names them; a part is shown in the list of what it belongs to."""
    if source.entity is Family:
        return {"confirmed": (False,)}
    if source.entity is Examination:
        return {"draft": (True,)}
    if "state" not in source.conditions:
        return {"custody": tuple(source.conditions["custody"])}
    states = source.conditions["state"]
    wanted = tuple(states) if isinstance(states, list) else (states,)
    return {"profile" if source.entity is Profile else "state": wanted}


@query(Permission.CASE_READ)
def funnel(tx: Transaction, operation: UUID | None = None) -> dict[str, int]:
    """Missing persons by stage: missing, referenced, profiled, matched, identified, returned.

    Referenced: a relative gave a sample; profiled: a reviewed profile of a relative; matched: a match that
    a second person supported. Those found alive, withdrawn or recorded twice are left out.
    """
    return funnels.stages(tx, operation)


@query(Permission.SIGN_IN)
def news(tx: Transaction, since: datetime) -> list[News]:
    """What others did since then, newest first; only to what the person may read."""
    names = {person.id: person.name for person in tx.find(Person)}
    return [
        News(act_in_words(one.act), names[one.person], one.times, one.last, one.entity, one.only)
        for one in recent.acts_of_others(tx, since)
        if one.entity in READ and READ[one.entity] in tx.permissions
    ]
