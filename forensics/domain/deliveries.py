"""Deliveries: what was brought together, its seals and counts as stated and as found, and what does not agree.

A discrepancy freezes the items that it concerns until somebody settles it with words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from forensics.domain.errors import Invalid
from forensics.domain.records import Record, indexed, link


class DeliveryState(StrEnum):
    """Whether what came is what was stated."""

    AGREES = "as stated"
    DISCREPANT = "discrepant"
    SETTLED = "discrepancies settled"


class SealFinding(StrEnum):
    """How a seal was found."""

    INTACT = "intact"
    BROKEN = "broken"
    MISSING = "missing"
    OTHER = "not on the paper"


class DiscrepancyKind(StrEnum):
    """What does not agree."""

    SEALS = "seals"
    COUNT = "count"
    PAPERS = "papers"
    CONDITION = "condition"


class DiscrepancyState(StrEnum):
    """Whether a discrepancy still freezes what it concerns."""

    OPEN = "open"
    SETTLED = "settled"


@dataclass(frozen=True, kw_only=True)
class Delivery(Record):
    """What one person brought at one time, for one institution, under one order."""

    operation: UUID = link("operation")
    received_at: datetime
    received_by: UUID = link("person")
    place: str = ""  # where it was handed in
    delivered_by: str  # the person who brought it
    institution: str = ""  # for whom
    authority: str = ""
    order_reference: str = indexed(default="")
    state: DeliveryState = indexed(default=DeliveryState.AGREES)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliverySeal(Record):
    """One seal of a delivered case, on the paper or on the package or on both."""

    delivery: UUID = link("delivery")
    case: UUID = link("remains_case")
    seal: str = indexed()
    finding: SealFinding


@dataclass(frozen=True, kw_only=True)
class Discrepancy(Record):
    """What does not agree, in words; of the whole delivery, or of one of its cases."""

    delivery: UUID = link("delivery")
    case: UUID | None = link("remains_case", default=None)
    kind: DiscrepancyKind
    what: str
    found_by: UUID = link("person")
    state: DiscrepancyState = indexed(default=DiscrepancyState.OPEN)
    resolution: str = ""
    settled_by: UUID | None = link("person", default=None)
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SealSeen:
    """A seal and how it was found."""

    seal: str
    finding: SealFinding


_BROKEN = re.compile(r"(?P<seal>\S.*?)(?:\s+broken|\s*!)", re.IGNORECASE)


def compare_seals(stated: str, found: str) -> tuple[SealSeen, ...]:
    """Seals on the paper against seals on the package, each list separated by commas or lines.

    `A-17 broken` or `A-17!` among those found is a broken one. What is on the paper alone is missing, what is
    on the package alone is another one. Without a list on the paper nothing can be missing or another.
    """
    promised = _seals(stated)
    seen: dict[str, SealSeen] = {}
    for name in _seals(found).values():
        broken = _BROKEN.fullmatch(name)
        seal = broken["seal"] if broken else name
        finding = SealFinding.BROKEN if broken else SealFinding.INTACT
        if promised and seal.casefold() not in promised and not broken:
            finding = SealFinding.OTHER
        if seal.casefold() in seen:
            raise Invalid(f"The seal {seal} stands twice among those found; give each once.")
        seen[seal.casefold()] = SealSeen(seal, finding)
    missing = [SealSeen(name, SealFinding.MISSING) for key, name in promised.items() if key not in seen]
    return (*seen.values(), *missing)


def _seals(text: str) -> dict[str, str]:
    names = [" ".join(part.split()) for part in re.split(r"[,;\n]+", text)]
    found: dict[str, str] = {}
    for name in filter(None, names):
        if name.casefold() in found:
            raise Invalid(f"The seal {name} stands twice in one list; give each once.")
        found[name.casefold()] = name
    return found


def seals_at_odds(seals: Iterable[SealSeen]) -> str:
    """What does not agree about seals, as a sentence; nothing where all are intact."""
    order = (SealFinding.BROKEN, SealFinding.MISSING, SealFinding.OTHER)
    by = {finding: [one.seal for one in seals if one.finding is finding] for finding in order}
    parts = [f"{', '.join(names)} {finding}" for finding, names in by.items() if names]
    return f"Seals: {'; '.join(parts)}." if parts else ""


def count_at_odds(stated: int | None, found: int) -> str:
    """What does not agree about the number of pieces, as a sentence."""
    if stated is None or stated == found:
        return ""
    return f"The paper states {stated} {'piece' if stated == 1 else 'pieces'}, {found} were found."
