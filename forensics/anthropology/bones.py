"""The bones: the element list, its groups, and what may be typed for them."""

from collections.abc import Sequence

from forensics.anthropology.elements import catalogue, element, group_members
from forensics.anthropology.shorthand import parse_shorthand, vocabulary
from forensics.domain.anthropology import Element, ElementKind

__all__ = ["element", "elements", "group_members", "number_in_adult", "parse_shorthand", "vocabulary"]


def elements(*kinds: ElementKind) -> Sequence[Element]:
    """The elements of the given kinds, or all, from the head down."""
    wanted = kinds or tuple(ElementKind)
    return tuple(entry for entry in catalogue().values() if entry.kind in wanted)


def number_in_adult() -> int:
    """How many bones the list gives an adult: 206 without teeth."""
    return sum(entry.count for entry in elements(ElementKind.BONE))
