"""Remains: receiving a case, its items, the individuals reconstructed from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from forensics.domain.anthropology import ElementKind, Side
from forensics.domain.custody import CustodyKind
from forensics.domain.deliveries import Discrepancy, DiscrepancyState
from forensics.domain.errors import Invalid, Refused
from forensics.domain.examinations import Examination
from forensics.domain.lines import CaseLine, HypothesisLine, IndividualLine, ItemLine, SampleLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.operations import Operation, Site
from forensics.domain.people import Permission
from forensics.domain.remains import (
    Association,
    AssociationState,
    Basis,
    Individual,
    ItemKind,
    ItemState,
    RemainsCase,
    RemainsItem,
)
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import command, query

SETTLED_STATES = frozenset(
    (
        ItemState.IDENTIFIED,
        ItemState.NON_HUMAN,
        ItemState.ARCHAEOLOGICAL,
        ItemState.NOT_OF_INTEREST,
        ItemState.INSUFFICIENT,
        ItemState.DISCREPANT,
    )
)
"""States from which a discrepancy freezes nothing any more: the examination is over, or frozen already."""

_STANDING = (AssociationState.PROPOSED, AssociationState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it is entered on receipt."""

    kind: ItemKind
    element: str = ""
    side: Side = Side.UNSIDED
    completeness: str = ""
    preservation: str = ""
    mass_g: float | None = None
    count: int = 1
    external_number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A remains case as its page shows it."""

    case: RemainsCase
    operation: Operation
    site: Site | None
    items: tuple[ItemLine, ...]
    samples: tuple[SampleLine, ...]
    examinations: tuple[Examination, ...]
    hypotheses: tuple[HypothesisLine, ...]


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A remains item as its page shows it."""

    item: RemainsItem
    case: RemainsCase
    individual: Individual | None
    together: tuple[ItemLine, ...]  # the other items of the same individual
    samples: tuple[SampleLine, ...]
    hypotheses: tuple[HypothesisLine, ...]
    associations: tuple[Association, ...]


@dataclass(frozen=True, slots=True)
class IndividualRecord:
    """An individual as the page shows it: the items, and what says that they belong together."""

    individual: Individual
    items: tuple[ItemLine, ...]
    associations: tuple[Association, ...]
    hypotheses: tuple[HypothesisLine, ...]


@query(Permission.CASE_READ)
def cases(tx: Transaction, query: ListQuery) -> Page[CaseLine]:
    """The list of remains cases."""
    return lines.CASES.page(tx, query)


@query(Permission.CASE_READ)
def items(tx: Transaction, query: ListQuery) -> Page[ItemLine]:
    """The list of remains items."""
    return lines.ITEMS.page(tx, query)


@query(Permission.CASE_READ)
def individuals(tx: Transaction, query: ListQuery) -> Page[IndividualLine]:
    """The list of individuals reconstructed from more than one item."""
    return lines.INDIVIDUALS.page(tx, query)


@query(Permission.CASE_READ)
def individual_record(tx: Transaction, id: UUID) -> IndividualRecord:
    """Everything about an individual for the page."""
    individual = tx.get(Individual, id)
    found = lines.ITEMS.page(tx, ListQuery(filters={"individual": (id,)}, limit=500)).rows
    ids = [line.id for line in found]
    sees = Permission.MATCH_READ in tx.permissions
    return IndividualRecord(
        individual,
        found,
        tuple(a for a in tx.find(Association, first=ids) if a.second in ids) if ids else (),
        _best(tx, {"item": tuple(ids)}) if ids and sees else (),
    )


@query(Permission.CASE_READ)
def item_numbers(tx: Transaction, ids: frozenset[UUID]) -> dict[UUID, str]:
    """The numbers of items, as links name them."""
    return {item.id: item.number for item in tx.find(RemainsItem, id=list(ids))} if ids else {}


@query(Permission.CASE_READ)
def contents_from(_tx: Transaction, typed: str) -> tuple[NewItem, ...]:
    """Items from shorthand such as `L fem, R fem, T1-12, 14 ribs`, as they are entered on receipt."""
    return contents_of(typed)


def contents_of(typed: str) -> tuple[NewItem, ...]:
    """As `contents_from`, where no laboratory is asked."""
    from forensics.anthropology.shorthand import parse_counted

    return tuple(NewItem(_kind(bone.kind), bone.key, side) for bone, side in parse_counted(typed))


def _kind(kind: ElementKind) -> ItemKind:
    teeth = (ElementKind.TOOTH, ElementKind.DECIDUOUS)
    return ItemKind.TOOTH if kind in teeth else ItemKind.BONE


@query(Permission.CASE_READ)
def case_record(tx: Transaction, id: UUID) -> CaseRecord:
    """Everything about a case for its page; matches only for those who may see them."""
    case = tx.get(RemainsCase, id)
    whole = ListQuery(filters={"case": (id,)}, limit=2000)
    found = lines.ITEMS.page(tx, whole).rows
    ids = tuple(line.id for line in found)
    sees = Permission.MATCH_READ in tx.permissions
    return CaseRecord(
        case,
        tx.get(Operation, case.operation),
        tx.get(Site, case.site) if case.site else None,
        found,
        lines.SAMPLES.page(tx, ListQuery(filters={"item": ids}, limit=2000)).rows if ids else (),
        tuple(tx.find(Examination, case=id, voided_at=None))
        if Permission.EXAMINATION_READ in tx.permissions
        else (),
        _best(tx, {"item": ids}) if ids and sees else (),
    )


def _best(tx: Transaction, filters: dict[str, tuple[Any, ...]]) -> tuple[HypothesisLine, ...]:
    query = ListQuery(filters=filters, limit=20, sort="log10_lr", descending=True)
    return lines.HYPOTHESES.page(tx, query).rows


@query(Permission.CASE_READ)
def item_record(tx: Transaction, id: UUID) -> ItemRecord:
    """Everything about an item for its page."""
    item = tx.get(RemainsItem, id)
    others: tuple[ItemLine, ...] = ()
    if item.individual:
        page = lines.ITEMS.page(tx, ListQuery(filters={"individual": (item.individual,)}, limit=500))
        others = tuple(line for line in page.rows if line.id != id)
    return ItemRecord(
        item,
        tx.get(RemainsCase, item.case),
        tx.get(Individual, item.individual) if item.individual else None,
        others,
        lines.SAMPLES.page(tx, ListQuery(filters={"item": (id,)}, limit=200)).rows,
        _best(tx, {"item": (id,)}) if Permission.MATCH_READ in tx.permissions else (),
        tuple(tx.find(Association, first=id) + tx.find(Association, second=id)),
    )


@command(Permission.REMAINS_RECEIVE)
def receive_case(
    tx: Transaction, case: RemainsCase, contents: Sequence[NewItem] = (), place: UUID | None = None
) -> RemainsCase:
    """An accession with its items; each gets its number and its first leg of custody."""
    if not case.received_from.strip():
        raise Invalid("Say from whom the remains were received.")
    if case.received_at > tx.now:
        raise Invalid("The remains can't have been received in the future; check the date.")
    saved = tx.add(replace(case, received_by=tx.me))
    add_items(tx, saved.id, contents, place)
    return saved


@command(Permission.REMAINS_RECEIVE)
def add_items(
    tx: Transaction, case: UUID, contents: Sequence[NewItem], place: UUID | None = None
) -> list[RemainsItem]:
    """Items of a case: one intake, many items."""
    found = tx.get(RemainsCase, case)
    begins = _first_state(tx, found)
    saved = tx.add_all(replace(item_of(found, new, place), **begins) for new in contents)
    tx.add_all(
        custody.leg(
            tx,
            CustodyKind.RECEIVE,
            item=item.id,
            at=found.received_at,
            from_party=found.received_from,
            place=place,
            seal_before=found.seals,
            condition=found.condition,
        )
        for item in saved
    )
    return saved


def _first_state(tx: Transaction, case: RemainsCase) -> dict[str, Any]:
    """Items of a delivery are accepted when seals and count agree, and frozen while something does not."""
    if case.delivery is None:
        return {"state": ItemState.REGISTERED}
    if open_discrepancies(tx, case.id):
        return {"state": ItemState.DISCREPANT, "held_state": ItemState.ACCEPTED}
    return {"state": ItemState.ACCEPTED}


def open_discrepancies(tx: Transaction, case: UUID) -> list[Discrepancy]:
    """What freezes the items of a case: its own open discrepancies, and those of its whole delivery."""
    delivery = tx.get(RemainsCase, case).delivery
    if delivery is None:
        return []
    opened = tx.find(Discrepancy, delivery=delivery, state=DiscrepancyState.OPEN, voided_at=None)
    return [one for one in opened if one.case in (None, case)]


def demand_unfrozen(items: Iterable[RemainsItem]) -> None:
    """`Refused` while a discrepancy freezes one of the items."""
    frozen = next((item for item in items if item.state is ItemState.DISCREPANT), None)
    if frozen is not None:
        raise Refused(
            f"{frozen.number} is frozen by a discrepancy of its delivery; settle that on the delivery's page first."
        )


def item_of(case: RemainsCase, new: NewItem, place: UUID | None) -> RemainsItem:
    """A new item of a case, not saved yet."""
    if new.mass_g is not None and new.mass_g <= 0:
        raise Invalid(f"A mass of {new.mass_g} g can't be right; weigh again, or leave it empty.")
    return RemainsItem(
        operation=case.operation,
        case=case.id,
        kind=new.kind,
        element=new.element.strip(),
        side=new.side,
        completeness=new.completeness,
        preservation=new.preservation,
        mass_g=new.mass_g,
        count=new.count,
        place=place,
        external_number=new.external_number.strip(),
        note=new.note,
    )


@command(Permission.REMAINS_RECEIVE)
def change_case(tx: Transaction, seen: RemainsCase, fields: Mapping[str, Any]) -> RemainsCase:
    """Correct a case; `seen` is the version the person worked on."""
    return tx.change(seen, **fields)


@command(Permission.REMAINS_RECEIVE)
def change_item(tx: Transaction, seen: RemainsItem, fields: Mapping[str, Any]) -> RemainsItem:
    """Correct an item; `seen` is the version the person worked on."""
    return tx.change(seen, **fields)


@command(Permission.REMAINS_RECEIVE)
def set_item_state(tx: Transaction, id: UUID, state: ItemState) -> RemainsItem:
    """Take a lawful step of the examination; a discrepancy is raised and settled on its delivery."""
    item = tx.get(RemainsItem, id)
    if state is not item.state:
        demand_unfrozen([item])
    return tx.change(item, state=state)


# re-association


@command(Permission.REMAINS_ASSOCIATE)
def propose_association(
    tx: Transaction, first: UUID, second: UUID, basis: Basis, explanation: str, statistic: float | None = None
) -> Association:
    """Say that two items are of one individual, and why; another person decides."""
    if first == second:
        raise Invalid("An item can't be associated with itself; choose two.")
    if tx.get(RemainsItem, first).operation != tx.get(RemainsItem, second).operation:
        raise Invalid("These two items belong to different operations; only items of one can be associated.")
    pair = {first, second}
    for known in tx.find(Association, first=list(pair), voided_at=None):
        if {known.first, known.second} == pair and known.state in (
            AssociationState.PROPOSED,
            AssociationState.ACCEPTED,
        ):
            raise Invalid(f"These two items are already {known.state} as one individual ({known.number}).")
    return tx.add(
        Association(
            first=first,
            second=second,
            basis=basis,
            statistic=statistic,
            explanation=explanation,
            proposed_by=tx.me,
        )
    )


@command(Permission.REMAINS_ASSOCIATE)
def decide_association(tx: Transaction, id: UUID, accept: bool, decision: str = "") -> Association:
    """Accept or reject; accepted items become one individual, which takes in all it connects."""
    found = tx.get(Association, id)
    state = AssociationState.ACCEPTED if accept else AssociationState.REJECTED
    decided = tx.change(found, state=state, decided_by=tx.me, decision=decision)
    if accept:
        _unite(tx, found.first, found.second)
    return decided


def _unite(tx: Transaction, first: UUID, second: UUID) -> None:
    a, b = tx.get(RemainsItem, first), tx.get(RemainsItem, second)
    if a.individual and a.individual == b.individual:
        return
    if a.individual is None and b.individual is None:
        individual = tx.add(Individual(operation=a.operation)).id
    else:
        kept = [i for i in (a.individual, b.individual) if i]
        individual = min(kept)
    members = {a.id: a, b.id: b}
    for old in (a.individual, b.individual):
        if old:
            members |= {item.id: item for item in tx.find(RemainsItem, individual=old)}
    for item in members.values():
        tx.change(item, individual=individual)


@command(Permission.REMAINS_ASSOCIATE)
def undo_association(tx: Transaction, id: UUID, reason: str) -> Association:
    """An association that no longer holds: its items are told apart again."""
    found = tx.get(Association, id)
    if not reason.strip():
        raise Invalid("Say why the association is undone.")
    undone = tx.change(found, state=AssociationState.UNDONE, decision=reason)
    _regroup(tx, tx.get(RemainsItem, found.first).individual)
    return undone


def _regroup(tx: Transaction, individual: UUID | None) -> None:
    """Items that are no longer connected to the first of their individual leave it."""
    if individual is None:
        return
    members = {item.id: item for item in tx.find(RemainsItem, individual=individual)}
    if any(item.state is ItemState.IDENTIFIED for item in members.values()):
        raise Refused("These remains are identified; annul the identification before they are told apart.")
    links = [
        (a.first, a.second)
        for a in tx.find(Association, state=AssociationState.ACCEPTED, first=list(members))
        if a.second in members
    ]
    operation = tx.get(Individual, individual).operation
    for index, group in enumerate(_groups(list(members), links)):
        new = individual if index == 0 else None
        if index and len(group) > 1:
            new = tx.add(Individual(operation=operation)).id
        for id in group:
            tx.change(members[id], individual=new if len(group) > 1 else None)


def _groups(ids: list[UUID], links: list[tuple[UUID, UUID]]) -> list[list[UUID]]:
    """Connected groups, the largest first."""
    group = {one: {one} for one in ids}
    for a, b in links:
        if group[a] is not group[b]:
            group[a] |= group[b]
            for one in group[b]:
                group[one] = group[a]
    unique = {tuple(sorted(members)) for members in group.values()}
    return sorted((list(members) for members in unique), key=lambda g: (-len(g), g))


@query(Permission.CASE_READ)
def associations(
    tx: Transaction, operation: UUID, state: AssociationState | None = None
) -> list[Association]:
    """Associations of an operation's items, newest first."""
    states = [state] if state else list(AssociationState)
    found = tx.find(Association, voided_at=None, state=states)
    firsts = tx.find(RemainsItem, id=[a.first for a in found], operation=operation)
    own = {item.id for item in firsts}
    return [a for a in found if a.first in own][::-1]
