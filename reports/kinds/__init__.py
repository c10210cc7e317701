"""Kinds of reports: each module turns its facts into a document."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forensics.domain.facts import ExclusionFacts, FamilyFacts, IdentificationFacts, MatchFacts
from reports.document import Document
from reports.kinds import exclusion, family, identification, match


@dataclass(frozen=True, slots=True)
class Kind:
    """A registered kind: its name for people, its facts, and the function that sets them."""

    name: str
    facts: type
    document: Callable[[Any], Document]


KINDS: dict[str, Kind] = {
    "match": Kind(match.NAME, MatchFacts, match.document),
    "identification": Kind(identification.NAME, IdentificationFacts, identification.document),
    "family": Kind(family.NAME, FamilyFacts, family.document),
    "exclusion": Kind(exclusion.NAME, ExclusionFacts, exclusion.document),
}
