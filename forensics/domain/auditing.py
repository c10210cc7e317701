"""The audit: one sealed entry for each act, chained by digests.

Entry digest = SHA-256(previous digest, header, commitments of the changes in order). A change's
commitment is HMAC-SHA-256 of its content under a random key kept with it, so a withdrawn consent can
erase the content and its key while the chain still verifies.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditChange:
    """What one act did to one record; `content` is None where it was erased by right."""

    entity: str
    record: UUID
    revision: int
    content: str | None
    key: bytes | None
    commitment: str

    def holds(self) -> bool:
        """True when the content, if still there, is what was committed to."""
        if self.content is None or self.key is None:
            return True
        return hmac.compare_digest(commitment(self.key, self.content), self.commitment)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act: who, what, when, with the digest that seals it onto the entry before."""

    sequence: int
    at: datetime
    person: UUID | None
    act: str
    request: UUID
    reason: str
    previous: str
    digest: str
    changes: tuple[AuditChange, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The newest entry: an outside copy of it proves that nothing before was rewritten."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """The outcome of checking the whole chain; `problems` name the first places where it breaks."""

    entries: int
    head: AuditHead
    problems: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.problems


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def commitment(key: bytes, content: str) -> str:
    return hmac.new(key, content.encode(), hashlib.sha256).hexdigest()


def seal(
    previous: str,
    sequence: int,
    at: datetime,
    person: UUID | None,
    act: str,
    request: UUID,
    reason: str,
    commitments: tuple[str, ...],
) -> str:
    """The digest of an entry."""
    header = [sequence, at.isoformat(), str(person) if person else None, act, str(request), reason]
    return hashlib.sha256(canonical([previous, header, list(commitments)]).encode()).hexdigest()
