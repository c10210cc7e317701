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
from forensics.persistence import auditing, searching
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
    """What happened last, newest first; each change says which record it was made to."""
    entries = auditing.latest(tx, limit)
    touched = {change.record for entry in entries for change in entry.changes[:MOST]}
    return _told(tx, entries, searching.numbers(tx.connection, touched))


@query(Permission.CASE_READ)
def history(tx: Transaction, records: frozenset[UUID]) -> list[HistoryLine]:
    """What was done to these records, oldest first, in words."""
    return _told(tx, auditing.story(tx, set(records)))


MOST = 20  # changes of one act that are told; an import touches thousands


def _told(
    tx: Transaction, entries: list[AuditEntry], numbers: Mapping[UUID, str] | None = None
) -> list[HistoryLine]:
    people = {str(p.id): p.name for p in tx.find(Person)}
    hidden = frozenset(entity for entity, needed in _NEEDED.items() if needed not in tx.permissions)
    return [
        HistoryLine(
            entry.at,
            people.get(str(entry.person), "the program"),
            act_in_words(entry.act) if numbers is None else _whole_act(entry.act),
            (*_reason(entry, hidden), *_changes(entry, people, hidden, numbers)),
            entry.sequence,
        )
        for entry in entries
    ]


def _reason(entry: AuditEntry, hidden: frozenset[str]) -> list[str]:
    """Why it was done, for whoever may read all that it touched."""
    shown = entry.reason and not any(change.entity in hidden for change in entry.changes)
    return [f"reason: {entry.reason}"] if shown else []


_IDENTITIES = ("missing_person", "family", "donor", "consent", "relative", "notification", "handover")
_NEEDED: dict[str, Permission] = {
    **READ,
    **dict.fromkeys(_IDENTITIES, Permission.IDENTITY_READ),
    "profile": Permission.PROFILE_READ,
    "profile_import": Permission.PROFILE_READ,
    "profile_read": Permission.AUDIT_READ,  # whoever still has to read a profile must not see an earlier read
    "hypothesis": Permission.MATCH_READ,
    "screening": Permission.MATCH_READ,
    "examination": Permission.EXAMINATION_READ,
    "association": Permission.CASE_READ,
    "custody_event": Permission.CASE_READ,
    "well": Permission.PROFILE_READ,
    "elimination_profile": Permission.ELIMINATION_MANAGE,
}
"""Who without this permission hears only that such a record changed, and which of its fields."""


def act_in_words(name: str) -> str:
    """`samples.take_sample` reads “Take sample”."""
    words = name.rsplit(".", 1)[-1].strip("_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _whole_act(name: str) -> str:
    """Where the record is not told by the page: `identifications.propose` reads “Propose identification”."""
    words, module = act_in_words(name), name.partition(".")[0]
    return words if " " in words else f"{words} {_THING.get(module, module.removesuffix('s'))}"


_THING = {"documents": "report", "families": "family", "matching": "match", "laboratories": "laboratory"}
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


def _changes(
    entry: AuditEntry, people: Mapping[str, str], hidden: frozenset[str], numbers: Mapping[UUID, str] | None
) -> list[str]:
    told: list[str] = []
    for change in entry.changes[:MOST]:
        words = _words(change.entity, change.content, people, change.entity in hidden)
        if numbers is None or not words or change.content is None or '"id":' in change.content:
            told += words
        else:
            which = f"{change.entity.replace('_', ' ')} {numbers.get(change.record, '')}".strip()
            told.append(f"{which}: {', '.join(words)}")
    more = len(entry.changes) - MOST
    return [*told, f"and {more} more changes"] if more > 0 else told


def _words(entity: str, content: str | None, people: Mapping[str, str], hidden: bool) -> list[str]:
    kind = entity.replace("_", " ")
    if content is None:
        return [f"{kind}: content erased by right"]
    fields: dict[str, Any] = json.loads(content)
    if "id" in fields:
        return [" ".join(part for part in (kind, _called(fields, hidden), "recorded") if part)]
    words = []
    for name, (old, new) in fields.items():
        before, after = _short(old, people), _short(new, people)
        if name not in _DULL and before != after:
            said = name.replace("_", " ")
            words.append(f"{said} changed" if hidden else f"{said}: {before} → {after}")
    return words


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
    if _TIME.match(text):
        return f"{text[:10]} {text[11:16]} UTC"
    return text if len(text) <= 60 else text[:57] + "…"


_ID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\Z")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\S*\Z")
