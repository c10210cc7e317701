"""The numbers of other institutions: all of a record in one place, and what carries one of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from forensics.domain.deliveries import Delivery
from forensics.domain.errors import Invalid, Refused
from forensics.domain.external_numbers import ExternalIdentifier
from forensics.domain.families import Donor, Family, MissingPerson
from forensics.domain.people import Permission
from forensics.domain.records import Record, table_name
from forensics.domain.remains import RemainsCase, RemainsItem
from forensics.domain.samples import Sample
from forensics.persistence.transaction import Transaction
from forensics.services.door import command, query
from forensics.services.searching import READ

CARRYING: dict[str, type[Record]] = {
    table_name(kind): kind
    for kind in (RemainsCase, RemainsItem, Sample, Delivery, MissingPerson, Family, Donor)
}
"""What may carry numbers of other institutions."""

_DELIVERED_UNDER = ("remains_case", "remains_item", "sample", "family")
"""Records that hold the number under which they came; the others are records of their own."""

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Carrier:
    """A record that carries a number."""

    entity: str
    id: UUID
    number: str
    record: Any


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a record; `identifier` is None for the one under which it came."""

    value: str
    institution: str
    identifier: ExternalIdentifier | None = None


def record_of(tx: Transaction, entity: str, id: UUID, kinds: dict[str, type[Record]]) -> Record:
    """The record, for those who may read it."""
    if entity not in kinds:
        raise Invalid(f"This can't be kept with {entity.replace('_', ' ')} records.")
    if READ[entity] not in tx.permissions:
        raise Refused(f"You may not {READ[entity]}; an administrator can give a role that allows it.")
    return tx.get(kinds[entity], id)


@query(Permission.SIGN_IN)
def numbers_of(tx: Transaction, entity: str, record: UUID) -> list[Number]:
    """Every number that others use for the record, the one it came under first."""
    found = record_of(tx, entity, record, CARRYING)
    came = getattr(found, "external_number", "")
    whose = getattr(found, "received_from", "")
    given = tx.find(ExternalIdentifier, record=record, voided_at=None)
    first = [Number(came, whose)] if came else []
    return first + [Number(one.value, one.institution, one) for one in given]


@command(Permission.PAPERS_RECORD)
def add_number(
    tx: Transaction, entity: str, record: UUID, value: str, institution: str
) -> ExternalIdentifier:
    """Record what an institution calls it."""
    value, institution = " ".join(value.split()), " ".join(institution.split())
    if not value or not institution:
        raise Invalid("Give the number and the institution that uses it.")
    if len(value) > LONGEST:
        raise Invalid(f"A number has at most {LONGEST} characters; put other words into a note.")
    if any(known.value.casefold() == value.casefold() for known in numbers_of(tx, entity, record)):
        raise Invalid(f"The number {value} stands with this record already.")
    return tx.add(ExternalIdentifier(entity=entity, record=record, value=value, institution=institution))


@command(Permission.PAPERS_RECORD)
def remove_number(tx: Transaction, seen: ExternalIdentifier, reason: str) -> ExternalIdentifier:
    """Take back a number that was wrong; it stays in the history."""
    record_of(tx, seen.entity, seen.record, CARRYING)
    return tx.void(seen, reason)


def carriers(tx: Transaction, value: str, entities: Collection[str]) -> list[Carrier]:
    """The records of these kinds that carry exactly this number, wherever it is kept; at most twenty of a kind."""
    value = " ".join(value.split())
    found: dict[UUID, Carrier] = {}
    given = tx.find(ExternalIdentifier, value=value, voided_at=None)
    for entity in entities:
        kind = CARRYING[entity]
        records: list[Record] = []
        if entity in _DELIVERED_UNDER:
            records += tx.find(kind, external_number=value, voided_at=None, limit=20)
        ids = [one.record for one in given if one.entity == entity][:20]
        records += tx.find(kind, id=ids, voided_at=None) if ids else []
        for record in records:
            found[record.id] = Carrier(entity, record.id, record.number, record)
    return list(found.values())
