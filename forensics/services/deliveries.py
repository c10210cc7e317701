"""Deliveries: several cases received at once, seals and counts compared with the paper, discrepancies settled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from forensics.domain.deliveries import (
    Delivery,
    DeliverySeal,
    DeliveryState,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
    SealSeen,
    compare_seals,
    count_at_odds,
    seals_at_odds,
)
from forensics.domain.errors import Invalid
from forensics.domain.lines import CaseLine, DeliveryLine
from forensics.domain.lists import ListQuery, Page
from forensics.domain.operations import Operation
from forensics.domain.people import Permission, Person
from forensics.domain.remains import Description, ItemState, RemainsCase, RemainsItem
from forensics.persistence import lines
from forensics.persistence.transaction import Transaction
from forensics.services import external_numbers, remains
from forensics.services.door import command, query
from forensics.services.remains import NewItem

MOST_CASES = 500
_NEWEST = 200  # cases that a new one is compared with by their description


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case of a delivery as it is entered; seals as typed: `A-17, A-18 broken`."""

    description: Description
    external_number: str = ""
    contents: tuple[NewItem, ...] = ()
    pieces_stated: int | None = None
    seals_stated: str = ""
    seals_found: str = ""
    condition: str = ""
    site: UUID | None = None
    note: str = ""

    @property
    def pieces(self) -> int:
        """How many were found."""
        return sum(item.count for item in self.contents)

    @property
    def seals(self) -> tuple[SealSeen, ...]:
        """Each seal and how it was found."""
        return compare_seals(self.seals_stated, self.seals_found)

    def at_odds(self) -> tuple[tuple[DiscrepancyKind, str], ...]:
        """What of the case does not agree with the paper."""
        told = (
            (DiscrepancyKind.SEALS, seals_at_odds(self.seals)),
            (DiscrepancyKind.COUNT, count_at_odds(self.pieces_stated, self.pieces)),
        )
        return tuple((kind, what) for kind, what in told if what)


@dataclass(frozen=True, slots=True)
class Alike:
    """A record that may be the same as what is being received, and why."""

    why: str
    entity: str
    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A delivery as its page shows it."""

    delivery: Delivery
    operation: Operation
    receiver: str
    cases: tuple[CaseLine, ...]
    stated: dict[UUID, int]  # pieces on the paper, by case
    seals: tuple[DeliverySeal, ...]
    discrepancies: tuple[Discrepancy, ...]


@query(Permission.CASE_READ)
def deliveries(tx: Transaction, query: ListQuery) -> Page[DeliveryLine]:
    """The list of deliveries."""
    return lines.DELIVERIES.page(tx, query)


@query(Permission.CASE_READ)
def delivery_record(tx: Transaction, id: UUID) -> DeliveryRecord:
    """Everything about a delivery for its page."""
    delivery = tx.get(Delivery, id)
    cases = tx.find(RemainsCase, delivery=id, voided_at=None)
    return DeliveryRecord(
        delivery,
        tx.get(Operation, delivery.operation),
        tx.get(Person, delivery.received_by).name,
        lines.CASES.page(tx, ListQuery(filters={"delivery": (id,)}, sort="number", limit=MOST_CASES)).rows,
        {case.id: case.pieces_stated for case in cases if case.pieces_stated is not None},
        tuple(tx.find(DeliverySeal, delivery=id, voided_at=None)),
        tuple(tx.find(Discrepancy, delivery=id, voided_at=None)),
    )


# before saving


@query(Permission.CASE_READ)
def alike(tx: Transaction, delivery: Delivery, cases: Sequence[NewCase]) -> list[Alike]:
    """What is recorded already and may be the same: by order, by number, by seal, by description and day."""
    found = _same_order(tx, delivery)
    for case in cases:
        found += _same_number(tx, case.external_number.strip())
        found += _same_seal(tx, case.seals)
    return list(dict.fromkeys(found + _same_day(tx, delivery, {case.description for case in cases})))


def _same_order(tx: Transaction, delivery: Delivery) -> list[Alike]:
    authority, order = delivery.authority.strip(), delivery.order_reference.strip()
    if not order:
        return []
    why = f"Order {order} of the same authority was received before"
    same: dict[str, Any] = {"authority": authority, "order_reference": order, "voided_at": None}
    known = [Alike(why, "delivery", one.id, one.number) for one in tx.find(Delivery, **same)]
    alone = tx.find(RemainsCase, delivery=None, **same)
    return known + [Alike(why, "remains_case", case.id, case.number) for case in alone]


def _same_number(tx: Transaction, number: str) -> list[Alike]:
    carriers = external_numbers.carriers(tx, number, ("remains_case", "remains_item")) if number else []
    why = f"The number {number} is known already"
    return [Alike(why, one.entity, one.id, one.number) for one in carriers]


def _same_seal(tx: Transaction, seals: Iterable[SealSeen]) -> list[Alike]:
    names = [one.seal for one in seals]
    known = tx.find(DeliverySeal, seal=names, voided_at=None, limit=5) if names else []
    return [
        Alike(f"The seal {one.seal} was received before", "remains_case", one.case, _number(tx, one.case))
        for one in known
    ]


def _number(tx: Transaction, case: UUID) -> str:
    return tx.get(RemainsCase, case).number


def _same_day(tx: Transaction, delivery: Delivery, described: set[Description]) -> list[Alike]:
    """The same kind of remains, from the same giver, on the same day."""
    giver = _giver(delivery).casefold()
    newest = tx.find(
        RemainsCase,
        order="-id",
        limit=_NEWEST,
        operation=delivery.operation,
        description=list(described),
        voided_at=None,
    )
    return [
        Alike(
            f"{case.description.capitalize()} came from the same giver on the same day",
            "remains_case",
            case.id,
            case.number,
        )
        for case in newest
        if case.received_from.casefold() == giver and case.received_at.date() == delivery.received_at.date()
    ]


def _giver(delivery: Delivery) -> str:
    return (delivery.institution or delivery.delivered_by).strip()


# receiving


@command(Permission.REMAINS_RECEIVE)
def receive_delivery(
    tx: Transaction,
    delivery: Delivery,
    cases: Sequence[NewCase],
    place: UUID | None = None,
    remarks: Sequence[tuple[DiscrepancyKind, str]] = (),
) -> Delivery:
    """A delivery with its cases and their items in one act; `remarks` are discrepancies of the whole delivery.

    What does not agree with the paper freezes the items of its case, a remark those of all cases.
    """
    _demand_complete(delivery, cases)
    odds = any(case.at_odds() for case in cases) or bool(remarks)
    state = DeliveryState.DISCREPANT if odds else DeliveryState.AGREES
    saved = tx.add(replace(delivery, received_by=tx.me, state=state))
    for kind, words in remarks:
        _raise(tx, saved.id, None, kind, words)
    for case in cases:
        _receive(tx, saved, case, place)
    return saved


def _demand_complete(delivery: Delivery, cases: Sequence[NewCase]) -> None:
    if not delivery.delivered_by.strip():
        raise Invalid("Say who brought the delivery.")
    if not cases:
        raise Invalid("A delivery has at least one case; add what was brought.")
    if len(cases) > MOST_CASES:
        raise Invalid(f"A delivery has at most {MOST_CASES} cases; receive the others as a second one.")
    seen: set[str] = set()
    for seal in (one.seal.casefold() for case in cases for one in case.seals):
        if seal in seen:
            raise Invalid(f"The seal {seal} stands in two cases; a seal closes one package.")
        seen.add(seal)


def _receive(tx: Transaction, delivery: Delivery, new: NewCase, place: UUID | None) -> None:
    if new.pieces_stated is not None and new.pieces_stated < 0:
        raise Invalid("The number of pieces on the paper can't be less than nothing.")
    seals = new.seals
    case = remains.receive_case(
        tx,
        RemainsCase(
            operation=delivery.operation,
            delivery=delivery.id,
            site=new.site,
            received_at=delivery.received_at,
            received_from=_giver(delivery),
            received_by=tx.me,
            authority=delivery.authority,
            order_reference=delivery.order_reference,
            seals=", ".join(one.seal for one in seals),
            seals_intact=not seals_at_odds(seals) if seals else None,
            pieces_stated=new.pieces_stated,
            description=new.description,
            condition=new.condition,
            external_number=new.external_number.strip(),
            note=new.note,
        ),
    )
    tx.add_all(
        DeliverySeal(delivery=delivery.id, case=case.id, seal=one.seal, finding=one.finding) for one in seals
    )
    for kind, words in new.at_odds():
        _raise(tx, delivery.id, case.id, kind, words)
    remains.add_items(tx, case.id, new.contents, place)


# discrepancies


@command(Permission.REMAINS_RECEIVE)
def raise_discrepancy(
    tx: Transaction, delivery: UUID, case: UUID | None, kind: DiscrepancyKind, what: str
) -> Discrepancy:
    """Note what does not agree, also later: the items that it concerns are frozen until it is settled."""
    received = tx.get(Delivery, delivery)
    if case is not None and tx.get(RemainsCase, case).delivery != delivery:
        raise Invalid("This case did not come with this delivery; choose one of its cases.")
    raised = _raise(tx, delivery, case, kind, what)
    tx.change(received, state=DeliveryState.DISCREPANT)
    for item in _concerned(tx, raised):
        if item.state not in remains.SETTLED_STATES:
            tx.change(item, state=ItemState.DISCREPANT, held_state=item.state)
    return raised


def _raise(
    tx: Transaction, delivery: UUID, case: UUID | None, kind: DiscrepancyKind, what: str
) -> Discrepancy:
    if not what.strip():
        raise Invalid("Say in words what does not agree.")
    return tx.add(Discrepancy(delivery=delivery, case=case, kind=kind, what=what.strip(), found_by=tx.me))


@command(Permission.REMAINS_RECEIVE)
def settle_discrepancy(tx: Transaction, seen: Discrepancy, resolution: str) -> Discrepancy:
    """What was found out; items that no other open discrepancy concerns go on where they were."""
    if not resolution.strip():
        raise Invalid("Say what was found out and how it was settled.")
    settled = tx.change(
        seen,
        state=DiscrepancyState.SETTLED,
        resolution=resolution.strip(),
        settled_by=tx.me,
        settled_at=tx.now,
    )
    tx.alone()  # two people who settle the last two at once must not each think that the other is still open
    for item in _concerned(tx, settled):
        if (
            item.state is ItemState.DISCREPANT
            and item.held_state
            and not remains.open_discrepancies(tx, item.case)
        ):
            tx.change(item, state=item.held_state, held_state=None)
    if not tx.count(Discrepancy, delivery=seen.delivery, state=DiscrepancyState.OPEN, voided_at=None):
        tx.change(tx.get(Delivery, seen.delivery), state=DeliveryState.SETTLED)
    return settled


def _concerned(tx: Transaction, discrepancy: Discrepancy) -> list[RemainsItem]:
    """The items of its case, or of all cases of the delivery."""
    if discrepancy.case:
        cases = [discrepancy.case]
    else:
        cases = [case.id for case in tx.find(RemainsCase, delivery=discrepancy.delivery, voided_at=None)]
    return tx.find(RemainsItem, case=cases, voided_at=None) if cases else []
