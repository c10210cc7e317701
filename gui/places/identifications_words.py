"""Identifications as people read them: their states, the verdicts of the grid, who is still needed."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QCoreApplication

from forensics.domain.consistency import Consistency
from forensics.domain.families import MissingPerson
from forensics.domain.identifications import GridLine, Identification, IdentificationState
from forensics.domain.kinship import Sex
from gui.look import Meaning
from gui.widgets.marks import Mark


def say(words: str) -> str:
    """Words of this place, translated."""
    return QCoreApplication.translate("Identifications", words)


def state_mark(state: IdentificationState) -> Mark:
    """How far an identification has come."""
    return {
        IdentificationState.PROPOSED: Mark(Meaning.WAITING, say("To be confirmed")),
        IdentificationState.CONFIRMED: Mark(Meaning.WAITING, say("Family to be told"), "family"),
        IdentificationState.REJECTED: Mark(Meaning.NO, say("Rejected")),
        IdentificationState.NOTIFIED: Mark(Meaning.WAITING, say("To be returned"), "handover"),
        IdentificationState.PARTLY_HANDED_OVER: Mark(Meaning.ATTENTION, say("Partly returned"), "handover"),
        IdentificationState.HANDED_OVER: Mark(Meaning.GOOD, say("Returned"), "handover"),
        IdentificationState.CLOSED: Mark(Meaning.GOOD, say("Closed")),
        IdentificationState.ANNULLED: Mark(Meaning.REFUSED, say("Annulled")),
    }[state]


def verdict_mark(verdict: str) -> Mark:
    """A verdict of the grid: a shape of its own and its word; unknown is never a mismatch."""
    return {
        Consistency.CONSISTENT: Mark(Meaning.GOOD, say("consistent"), "circle"),
        Consistency.NEUTRAL: Mark(Meaning.NEUTRAL, say("neutral"), "circle-outline"),
        Consistency.EXPLAINED: Mark(Meaning.ATTENTION, say("explained"), "circle-half"),
        Consistency.INCONSISTENT: Mark(Meaning.REFUSED, say("inconsistent"), "close"),
        Consistency.UNKNOWN: Mark(Meaning.UNKNOWN, say("unknown"), "minus"),
    }[Consistency(verdict)]


def grid_words(grid: tuple[GridLine, ...]) -> str:
    """`5 consistent, 1 explained, 2 unknown`."""
    counted = [(one, sum(row.verdict == one for row in grid)) for one in Consistency]
    return ", ".join(f"{count} {verdict_mark(one).word}" for one, count in counted if count)


def unexplained(grid: tuple[GridLine, ...]) -> list[str]:
    return [row.aspect for row in grid if row.verdict == Consistency.INCONSISTENT]


def next_step(found: Identification, names: dict[UUID, str]) -> str:
    """What is waited for, and from whom."""
    proposer, reviewer = names.get(found.proposed_by, ""), names.get(found.reviewed_by, "")
    state = found.state
    if state is IdentificationState.PROPOSED:
        first = unexplained(found.grid)
        if first:
            return say("First to be explained: {0}. Then an identification coordinator confirms.").format(
                ", ".join(first)
            )
        return say(
            "Waits for an identification coordinator, neither {0} nor {1}, to confirm or reject."
        ).format(proposer, reviewer)
    return {
        IdentificationState.CONFIRMED: say("The family waits to be told."),
        IdentificationState.NOTIFIED: say("The remains wait to be returned to the family."),
        IdentificationState.PARTLY_HANDED_OVER: say("Some of the remains are still here."),
        IdentificationState.HANDED_OVER: say("The file can be closed."),
    }.get(state, "")


def latin(person: MissingPerson) -> str:
    return " ".join(part for part in (person.given_names, person.family_names) if part)


def names_of(person: MissingPerson) -> tuple[str, str]:
    """The name in its own script and its transliteration; empty where it may not be read."""
    written = latin(person)
    return (person.original_name, written) if person.original_name else (written, "")


def whole_name(person: MissingPerson) -> str:
    """Latin and original script on one line that reads from the left; the number where no name may be read."""
    original, other = names_of(person)
    return "\u200e" + " · ".join(part for part in (other, original) if part) if original else person.number


def sex_words(sex: Sex) -> str | None:
    return {Sex.MALE: say("male"), Sex.FEMALE: say("female")}.get(sex)
