"""The chain of custody as a story: where one leg doesn't join the next, and what lay between sending and receiving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from forensics.domain.custody import CustodyEvent, CustodyKind

_K = CustodyKind
_FIRST = frozenset({_K.RECEIVE, _K.SAMPLE})
_ASIDE = frozenset({_K.SAMPLE, _K.AUTHORISE_DESTRUCTION, _K.OPEN_SEAL, _K.RESEAL})
"""These happen to a thing where it is, and to whoever has it."""
_AFTER: dict[CustodyKind, tuple[frozenset[CustodyKind], str]] = {
    _K.SEND: (frozenset({_K.ACCEPT, _K.RETURN, _K.COUNT_MISSING}), "was sent out; how it came back is not recorded"),
    _K.ACCEPT: (frozenset({_K.RETURN, _K.COUNT_MISSING}), "was elsewhere; how it came back is not recorded"),
    _K.RELEASE: (frozenset({_K.INTER, _K.EXHUME, _K.RELEASE}), "was released; how it came back is not recorded"),
    _K.INTER: (frozenset({_K.EXHUME, _K.INTER}), "lay in its grave; no exhumation is recorded"),
    _K.COUNT_MISSING: (frozenset({_K.LOCATED}), "was missing; nothing says how it was found"),
    _K.DESTROY: (frozenset(), "was destroyed; nothing can have happened to it since"),
}  # fmt: skip
"""What may follow a leg, and what is wrong when something else does."""


@dataclass(frozen=True, slots=True)
class Joint:
    """What stands between a leg and the one before it; `broken` where the chain has a gap."""

    words: str
    broken: bool


def joints(events: Sequence[CustodyEvent], people: Mapping[UUID, str]) -> dict[UUID, Joint]:
    """By the id of the later leg: transits and gaps of each thing whose legs are given, in any order."""
    told: dict[UUID, Joint] = {}
    things: dict[UUID, list[CustodyEvent]] = {}
    for event in sorted(events, key=lambda e: (e.at, e.id)):
        subject = event.sample or event.item
        if subject is not None:
            things.setdefault(subject, []).append(event)
    for legs in things.values():
        _follow(legs, people, told)
    return told


def _follow(legs: Sequence[CustodyEvent], people: Mapping[UUID, str], told: dict[UUID, Joint]) -> None:
    """Gaps of one thing."""
    if legs[0].kind not in _FIRST:
        told[legs[0].id] = Joint("How it came here is not recorded.", True)
    before, seal, holder = legs[0], legs[0].seal_after or legs[0].seal_before, _holder(legs[0])
    for leg in legs[1:]:
        fault = _fault(before, leg, holder, people) or _seal_fault(seal, leg)
        if fault:
            told[leg.id] = Joint(fault, True)
        elif before.kind is _K.SEND:
            told[leg.id] = Joint(f"In transit for {_span(leg.at - before.at)}.", False)
        elif leg.kind is _K.LOCATED:
            told[leg.id] = Joint(f"Missing for {_span(leg.at - before.at)}.", True)
        seal = leg.seal_after or ("" if leg.kind is _K.OPEN_SEAL else seal)
        if leg.kind not in _ASIDE:
            before, holder = leg, _holder(leg)


def _holder(leg: CustodyEvent) -> UUID | None:
    """Who has the thing in hand after a leg; nobody where it lies in its place."""
    return leg.to_person if leg.kind is _K.TRANSFER else None


def _fault(before: CustodyEvent, leg: CustodyEvent, holder: UUID | None, people: Mapping[UUID, str]) -> str:
    if leg.kind in _ASIDE:
        return ""
    allowed, words = _AFTER.get(before.kind, (None, ""))
    if allowed is not None and leg.kind not in allowed:
        return f"Gap: it {words}."
    actor = leg.from_person if leg.kind is _K.TRANSFER else leg.to_person
    if holder is not None and holder != actor:
        return f"Gap: {people.get(holder, 'somebody')} had it; no handover to the next is recorded."
    return ""


def _seal_fault(seal: str, leg: CustodyEvent) -> str:
    if seal and leg.seal_before and leg.seal_before != seal:
        return f"Gap: it was closed with seal {seal} and found with seal {leg.seal_before}."
    return ""


def _span(time: timedelta) -> str:
    """`3 days`, `5 hours`, `less than an hour`."""
    hours = int(time.total_seconds() // 3600)
    number, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}" if hours else "less than an hour"
