"""The audit: verifying the chain, and the history of a record as a story.

Who may not read a kind of record hears that it changed and which of its fields, never what they say.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from forensics.domain.auditing import AuditEntry, AuditHead, AuditVerdict
from forensics.domain.people import Permission, Person
from forensics.persistence import auditing
from forensics.persistence.transaction import Transaction
from forensics.services.door import query
from forensics.services.searching import READ


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
    people = {str(p.id): p.name for p in tx.find(Person)}
    hidden = frozenset(e for e, needed in READ.items() if needed not in tx.permissions) | (
        _IDENTITIES if Permission.IDENTITY_READ not in tx.permissions else frozenset()
    )
    return [
        HistoryLine(
            entry.at,
            people.get(str(entry.person), "the program"),
            act_in_words(entry.act),
            tuple(
                word
                for change in entry.changes[:20]
                for word in _words(change.entity, change.content, people, change.entity in hidden)
            ),
            entry.sequence,
        )
        for entry in entries
    ]


_IDENTITIES = frozenset(
    {"missing_person", "family", "donor", "consent", "relative", "notification", "handover"}
)
"""Records whose content may name somebody; who may not read names hears only which fields changed."""


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
    "locked_key",
    "voided_at",
    "voided_by",
}


def _words(entity: str, content: str | None, people: Mapping[str, str], hidden: bool) -> list[str]:
    kind = entity.replace("_", " ")
    if content is None:
        return [f"{kind}: content erased by right"]
    fields: dict[str, Any] = json.loads(content)
    if "id" in fields:
        return [" ".join(part for part in (kind, _called(fields, hidden), "recorded") if part)]
    changed = {name: values for name, values in fields.items() if name not in _DULL}
    if hidden:
        return [f"{kind}: {', '.join(name.replace('_', ' ') for name in changed)} changed"] if changed else []
    return [
        f"{name.replace('_', ' ')}: {_short(old, people)} → {_short(new, people)}"
        for name, (old, new) in changed.items()
    ]


def _called(fields: Mapping[str, Any], hidden: bool) -> str:
    """The record's number, token or name."""
    number = fields.get("number") or fields.get("token") or ""
    name = "" if hidden else fields.get("login") or fields.get("title") or fields.get("name") or ""
    return f"{number} {name}".strip()


def _short(value: Any, people: Mapping[str, str]) -> str:
    if value in (None, "", [], {}):
        return "—"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if text in people:
        return people[text]
    if _ID.match(text):
        return "another record"
    return text if len(text) <= 60 else text[:57] + "…"


_ID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\Z")
