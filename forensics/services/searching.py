"""Global search: every number, token and name, in any script, also misspelt."""

from dataclasses import dataclass
from uuid import UUID

from forensics.domain.people import Permission
from forensics.persistence import searching
from forensics.persistence.transaction import Transaction
from forensics.services.door import query

READ: dict[str, Permission] = {
    "remains_case": Permission.CASE_READ,
    "remains_item": Permission.CASE_READ,
    "delivery": Permission.CASE_READ,
    "individual": Permission.CASE_READ,
    "sample": Permission.SAMPLE_READ,
    "missing_person": Permission.IDENTITY_READ,
    "family": Permission.IDENTITY_READ,
    "donor": Permission.IDENTITY_READ,
    "storage_location": Permission.CASE_READ,
    "consignment": Permission.CASE_READ,
    "stock_take": Permission.CASE_READ,
    "operation": Permission.CASE_READ,
    "event": Permission.CASE_READ,
    "site": Permission.CASE_READ,
    "association": Permission.CASE_READ,
    "hypothesis": Permission.MATCH_READ,
    "identification": Permission.IDENTIFICATION_READ,
    "report": Permission.REPORT_READ,
    "batch": Permission.PROFILE_READ,
    "nonconformity": Permission.PROFILE_READ,
    "reagent_lot": Permission.PROFILE_READ,
    "instrument": Permission.PROFILE_READ,
    "person": Permission.SETTINGS_READ,
}
"""Whose search finds which kind of record."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record that answers a search."""

    entity: str
    id: UUID
    number: str
    label: str


@query(Permission.SIGN_IN)
def search(tx: Transaction, text: str, limit: int = 30) -> list[Found]:
    """Records that hold every word of `text` and that the person may read."""
    if not text.strip():
        return []
    readable = [entity for entity, permission in READ.items() if permission in tx.permissions]
    return [Found(*row) for row in searching.find(tx.connection, text.strip(), readable, limit)]
