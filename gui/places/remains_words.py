"""States, elements and times of remains and samples as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from forensics.domain.anthropology import Side
from forensics.domain.errors import Invalid
from forensics.domain.lines import CaseLine
from forensics.domain.remains import AssociationState, CustodyState, ItemState
from forensics.domain.samples import SampleState
from gui.look import Meaning
from gui.places.acts import act_words
from gui.widgets.marks import Mark
from gui.widgets.timeline import Happening

if TYPE_CHECKING:
    from forensics.domain.lines import IndividualLine, ItemLine
    from forensics.services.auditing import HistoryLine
    from forensics.services.custody import StoryLine


def say(words: str) -> str:
    """Words of these places, translated."""
    return QCoreApplication.translate("Remains", words)


def said(value: Any) -> str:
    """A value of an enum as a sentence begins: `In storage`, `DNA`."""
    words = say(str(value))
    return words[:1].upper() + words[1:]


def choices(values: Any) -> list[tuple[Any, str]]:
    """The values of an enum for a field or a filter."""
    return [(value, said(value)) for value in values]


# -- times ---------------------------------------------------------------------------------------------


def day(at: datetime | None) -> str | None:
    """`12 Jan 2024` in the time of this computer; None stays None."""
    if at is None:
        return None
    local = at.astimezone()
    return QLocale().toString(QDate(local.year, local.month, local.day), "d MMM yyyy")


def moment(at: datetime | None) -> str | None:
    """`12 Jan 2024, 14:05` in the time of this computer."""
    return None if at is None else f"{day(at)}, {at.astimezone():%H:%M}"


def age(since: datetime, now: datetime | None = None) -> str:
    """How long something waits, in whole days."""
    days = ((now or datetime.now(UTC)) - since).days
    if days <= 0:
        return say("since today")
    return say("1 day") if days == 1 else say("{0} days").format(f"{days:,}")


def written_moment(words: str) -> datetime:
    """`2026-11-21 14:30` or only the day, in the time of this computer; `Invalid` says how to write it."""
    try:
        return datetime.fromisoformat(words.strip()).astimezone()
    except ValueError:
        raise Invalid(
            say("“{0}” is not a date; write it as 2026-11-21 or 2026-11-21 14:30.").format(words)
        ) from None


def as_written(at: datetime) -> str:
    """A time as it is typed into a field."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


# -- things --------------------------------------------------------------------------------------------


@cache
def _name(element: str) -> tuple[str, bool]:
    """The name of an element, and whether there are two of it."""
    from forensics.anthropology.bones import element as of_key

    try:
        found = of_key(element)
    except Invalid:
        return element, True
    return found.name, found.sided


def bone(element: str, side: str) -> str:
    """`left femur`, `T4`; what is not in the list of bones as it was written."""
    name, sided = _name(element)
    return f"{side} {name}" if sided and side in (Side.LEFT, Side.RIGHT) else name


def thing(line: Any) -> str:
    """What an item is: its element with the side, else its kind."""
    words = bone(line.element, str(line.side)) if line.element else str(line.kind)
    return words[:1].upper() + words[1:]


def number(value: float | None, unit: str) -> str | None:
    """A measured value with its unit."""
    return None if value is None else f"{value:g} {unit}"


# -- marks ---------------------------------------------------------------------------------------------

_ITEM = {
    ItemState.IDENTIFIED: Meaning.GOOD,
    ItemState.ASSOCIATED: Meaning.GOOD,
    ItemState.DISCREPANT: Meaning.ATTENTION,
    ItemState.REGISTERED: Meaning.WAITING,
    ItemState.NON_HUMAN: Meaning.NO,
    ItemState.ARCHAEOLOGICAL: Meaning.NO,
    ItemState.NOT_OF_INTEREST: Meaning.NO,
}
_CUSTODY = {
    CustodyState.MISSING: Meaning.ATTENTION,
    CustodyState.RELEASED: Meaning.GOOD,
    CustodyState.IN_TRANSIT: Meaning.WAITING,
    CustodyState.ELSEWHERE: Meaning.WAITING,
}
_SAMPLE = {
    SampleState.PLANNED: Meaning.WAITING,
    SampleState.AUTHORISED: Meaning.WAITING,
    SampleState.TAKEN: Meaning.WAITING,
    SampleState.PROFILED: Meaning.GOOD,
    SampleState.FAILED: Meaning.ATTENTION,
}


def item_mark(state: ItemState) -> Mark:
    """How far the examination of an item has come."""
    return Mark(_ITEM.get(state, Meaning.NEUTRAL), said(state), "" if state in _ITEM else "examination")


def custody_mark(state: CustodyState) -> Mark:
    """Where a physical thing is."""
    return Mark(_CUSTODY.get(state, Meaning.NEUTRAL), said(state), "" if state in _CUSTODY else "custody")


def sample_mark(state: SampleState) -> Mark:
    """How far a sample has come."""
    return Mark(_SAMPLE.get(state, Meaning.NEUTRAL), said(state), "" if state in _SAMPLE else "sample")


def association_mark(state: AssociationState) -> Mark:
    """Whether two items stand as one individual."""
    return {
        AssociationState.PROPOSED: Mark(Meaning.WAITING, say("To be decided")),
        AssociationState.ACCEPTED: Mark(Meaning.GOOD, say("Accepted")),
        AssociationState.REJECTED: Mark(Meaning.NO, say("Rejected")),
        AssociationState.UNDONE: Mark(Meaning.NO, say("Undone"), "undo"),
    }[state]


def _exists(there: object, icon: str, yes: str, no: str) -> Mark:
    """A shape of its own where it exists, a small dash where it does not yet."""
    return Mark(Meaning.GOOD, yes, icon) if there else Mark(Meaning.NO, no, "minus")


def item_strip(line: ItemLine) -> tuple[Mark, ...]:
    """What exists for an item: examined, sampled, profiled, candidate, identified."""
    return (
        _exists(line.examined, "examination", say("examined"), say("not examined")),
        _exists(line.samples, "sample", say("sampled"), say("not sampled")),
        _exists(line.profiles, "laboratory", say("profiled"), say("no profile")),
        _exists(line.candidates, "matching", say("candidate"), say("no candidate")),
        _exists(
            line.state is ItemState.IDENTIFIED, "identification", say("identified"), say("not identified")
        ),
    )


def group_strip(line: CaseLine | IndividualLine) -> tuple[Mark, ...]:
    """What exists for the items of a case or an individual; a half shape where only some have it."""
    return (
        *((_examined(line),) if isinstance(line, CaseLine) else ()),
        _some(line.sampled, line.items, "sample", say("sampled")),
        _some(line.profiled, line.items, "laboratory", say("profiled")),
        _exists(line.candidates, "matching", say("candidate"), say("no candidate")),
        _some(line.identified, line.items, "identification", say("identified")),
    )


def _examined(line: CaseLine) -> Mark:
    if line.examinations and not line.examined:
        return Mark(Meaning.WAITING, say("examination in draft"), "examination")
    return _exists(line.examined, "examination", say("examined"), say("not examined"))


def _some(there: int, all_of: int, icon: str, word: str) -> Mark:
    if not there:
        return Mark(Meaning.NO, say("none {0}").format(word), "minus")
    if there < all_of:
        return Mark(Meaning.WAITING, say("{0} of {1} {2}").format(there, all_of, word), icon)
    return Mark(Meaning.GOOD, word, icon)


def where(line: CaseLine) -> str:
    """Where the items of a case are: one place, or how many."""
    if not line.place:
        return ""
    return line.place if line.places == 1 else say("{0} and {1} more").format(line.place, line.places - 1)


# -- acts ----------------------------------------------------------------------------------------------


# -- stories -------------------------------------------------------------------------------------------

_ICONS = {
    "received": "download",
    "moved": "custody",
    "sampled": "sample",
    "released": "handover",
    "interred": "grave",
    "exhumed": "undo",
    "sent": "truck",
    "accepted elsewhere": "truck",
    "returned": "download",
    "handed over": "handover",
    "destroyed": "void",
    "seal opened": "unlock",
    "sealed again": "lock",
    "missing at stock-take": "refused",
    "confirmed at stock-take": "check",
    "located": "eye",
}


def custody_story(lines: Sequence[StoryLine]) -> list[Happening]:
    """Legs of custody for a time line, with the gaps and transits between them."""
    told = []
    for line in lines:
        if line.joint is not None:
            meaning = Meaning.REFUSED if line.joint.broken else Meaning.NEUTRAL
            icon = "attention" if line.joint.broken else "truck"
            told.append(Happening("", line.joint.words, meaning=meaning, icon=icon))
        detail = " · ".join(part for part in (line.where, line.detail) if part)
        icon = _ICONS.get(str(line.event.kind), "custody")
        told.append(Happening(moment(line.at) or "", line.what, line.who, detail, icon=icon))
    return told


def history_story(lines: Sequence[HistoryLine], most: int = 40) -> list[Happening]:
    """The audit of records for a time line, the newest first."""
    return [
        Happening(
            moment(line.at) or "", act_words(line.what), line.who, " · ".join(line.changes), icon="history"
        )
        for line in list(lines)[::-1][:most]
    ]
