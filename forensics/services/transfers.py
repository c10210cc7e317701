"""Handing things over from one person of the laboratory to another: both are there, and both prove it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from forensics.domain.custody import CustodyKind
from forensics.domain.errors import Invalid, Refused
from forensics.domain.people import Permission, Person
from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.rules import DIFFERENT
from forensics.domain.samples import Sample
from forensics.persistence import keys
from forensics.persistence.transaction import Transaction
from forensics.services import custody
from forensics.services.door import Laboratory, command, query

_SAME = next(rule.sentence for rule in DIFFERENT if "to_person" in rule.fields)


@command(Permission.CUSTODY_MOVE)
def record_transfer(
    tx: Transaction,
    giver: UUID,
    taker: UUID,
    things: Sequence[UUID],
    note: str = "",
    revisions: Mapping[UUID, int] | None = None,
) -> list[RemainsItem | Sample]:
    """The things change hands, all or none; `hand_over` is the way in, which asks the other person's password."""
    if giver == taker:
        raise Refused(_SAME)
    if tx.me not in (giver, taker):
        raise Refused("One of the two must be signed in here; sign in as the one who gives or takes.")
    if not things:
        raise Invalid("Scan what is handed over.")
    done = []
    for thing in custody.things_of(tx, things):
        custody.demand_seen(tx, thing, revisions or {})
        _demand_in_hand(tx, thing, giver)
        done.append(custody.settle(tx, thing, CustodyState.CHECKED_OUT, holder=taker))
        custody.note_event(
            tx, CustodyKind.TRANSFER, **custody.of(thing), from_person=giver, to_person=taker, note=note
        )
    return done


def _demand_in_hand(tx: Transaction, thing: RemainsItem | Sample, giver: UUID) -> None:
    """Who gives it takes it from its place, or has it."""
    if thing.custody not in (CustodyState.IN_STORAGE, CustodyState.CHECKED_OUT):
        raise Refused(f"{custody.named(thing)} is {thing.custody} by the records and can't be handed over.")
    if thing.holder not in (None, giver):
        holder = tx.get(Person, thing.holder).name if thing.holder else ""
        raise Refused(
            f"{custody.named(thing)} is with {holder} by the records; only {holder} can hand it over."
        )


@query(Permission.CUSTODY_MOVE)
def colleague(tx: Transaction, person: UUID) -> Person:
    """The other party of a handover, as stored now."""
    found = tx.get(Person, person)
    if not found.active:
        raise Refused(f"{found.name} no longer works here; nothing can be handed over.")
    return found


def hand_over(
    lab: Laboratory,
    giver: UUID,
    taker: UUID,
    things: Sequence[UUID],
    password: str,
    note: str = "",
    revisions: Mapping[UUID, int] | None = None,
) -> list[RemainsItem | Sample]:
    """Who is signed in and the other one hand over; the other one's password proves that they are there."""
    if giver == taker:
        raise Refused(_SAME)
    other = lab.run(colleague, taker if giver == lab.person.id else giver)
    if keys.verify_password(other.password_hash, password) is None:
        raise Refused(f"The password is not {other.name}'s; nothing was handed over.")
    return lab.run(record_transfer, giver, taker, things, note, revisions)
