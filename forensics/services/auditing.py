"""The audit: verifying the chain, and the history of a record as a story."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from forensics.domain.auditing import AuditEntry, AuditHead, AuditVerdict
from forensics.domain.people import Permission, Person
from forensics.persistence import auditing
from forensics.persistence.transaction import Transaction
from forensics.services.door import query


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act in words: who did what, when, with what changed."""

    at: datetime
    who: str
    what: str
    changes: tuple[str, ...]
    sequence: int


@query(Permission.AUDIT_READ)
def verify(tx: Transaction) -> AuditVerdict:
    """Check every entry of the chain."""
    return auditing.verify_chain(tx)


@query(Permission.SIGN_IN)
def head(tx: Transaction) -> AuditHead:
    """The newest entry's sequence and digest."""
    return tx.audit_head()


@query(Permission.AUDIT_READ)
def latest(tx: Transaction, limit: int = 200) -> list[HistoryLine]:
    """What happened last, newest first."""
    return _told(tx, auditing.latest(tx, limit))


@query(Permission.CASE_READ)
def history(tx: Transaction, records: frozenset[UUID]) -> list[HistoryLine]:
    """What was done to these records, oldest first, in words."""
    return _told(tx, auditing.story(tx, set(records)))


def _told(tx: Transaction, entries: list[AuditEntry]) -> list[HistoryLine]:
    people = {p.id: p.name for p in tx.find(Person)}
    return [
        HistoryLine(
            entry.at,
            people.get(entry.person, "the program") if entry.person else "the program",
            act_in_words(entry.act),
            tuple(word for change in entry.changes[:20] for word in _words(change.entity, change.content)),
            entry.sequence,
        )
        for entry in entries
    ]


def act_in_words(name: str) -> str:
    """`samples.take_sample` reads “Take sample”."""
    words = name.rsplit(".", 1)[-1].strip("_").replace("_", " ")
    return words[:1].upper() + words[1:]


_DULL = {
    "id",
    "revision",
    "changed_at",
    "changed_by",
    "created_at",
    "created_by",
    "password_hash",
    "vault_slot",
}


def _words(entity: str, content: str | None) -> list[str]:
    if content is None:
        return [f"{entity.replace('_', ' ')}: content erased by right"]
    fields: dict[str, Any] = json.loads(content)
    if "id" in fields:
        return [
            f"{entity.replace('_', ' ')} {fields.get('number') or fields.get('token') or ''} recorded".replace(
                "  ", " "
            )
        ]
    return [
        f"{name.replace('_', ' ')}: {_short(old)} → {_short(new)}"
        for name, (old, new) in fields.items()
        if name not in _DULL
    ]


def _short(value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
