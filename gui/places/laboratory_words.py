"""States, stages and wells of laboratory work as people read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from forensics.domain.errors import Invalid
from forensics.domain.laboratory import BatchState, LotState, Stage, WellRole, WellState
from forensics.domain.quality import NonconformityState
from gui.look import Meaning
from gui.places.remains_words import number
from gui.widgets.marks import Mark
from reports.figures.plate import Look, PlateWords
from reports.figures.plate import PlateWell as DrawnWell

if TYPE_CHECKING:
    from forensics.domain.laboratory import Well
    from forensics.services.batches import PlateWell

SOON = timedelta(days=30)


def say(words: str) -> str:
    """Words of this place, translated."""
    return QCoreApplication.translate("Laboratory", words)


def said(value: object) -> str:
    """A value of an enum as a sentence begins."""
    words = say(str(value))
    return words[:1].upper() + words[1:]


def written_day(words: str) -> date:
    """`2026-11-21`; `Invalid` says how to write it."""
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(say("“{0}” is not a day; write it as 2026-11-21.").format(words)) from None


def plain_day(day: date | None) -> str | None:
    """`12 Jan 2027`; None stays None."""
    return None if day is None else QLocale().toString(QDate(day.year, day.month, day.day), "d MMM yyyy")


_BATCH = {
    BatchState.DRAFT: Meaning.NEUTRAL,
    BatchState.LOCKED: Meaning.WAITING,
    BatchState.RUNNING: Meaning.WAITING,
    BatchState.RAW_DATA: Meaning.WAITING,
    BatchState.EVALUATED: Meaning.WAITING,
    BatchState.RELEASED: Meaning.GOOD,
    BatchState.FAILED: Meaning.REFUSED,
    BatchState.REPEATED: Meaning.NO,
}


def batch_mark(state: BatchState) -> Mark:
    """How far a batch is; one whose controls are in order waits for its release."""
    word = say("To be released") if state is BatchState.EVALUATED else said(state)
    return Mark(_BATCH[state], word)


def nonconformity_mark(state: NonconformityState) -> Mark:
    meaning = {
        NonconformityState.OPEN: Meaning.ATTENTION,
        NonconformityState.INVESTIGATED: Meaning.WAITING,
        NonconformityState.CLOSED: Meaning.GOOD,
    }[state]
    return Mark(meaning, said(state))


def lot_mark(state: LotState, expires: date, today: date | None = None) -> Mark:
    """Whether a lot can be used; in time before it can't any more."""
    now = today or date.today()
    if state is not LotState.IN_USE:
        return Mark(Meaning.NO, said(state))
    if expires < now:
        return Mark(Meaning.REFUSED, say("Expired"))
    if expires <= now + SOON:
        return Mark(Meaning.ATTENTION, say("Expires soon"))
    return Mark(Meaning.GOOD, say("In date"))


def service_mark(due: date, retired: bool, today: date | None = None) -> Mark:
    """Whether an instrument can be used."""
    now = today or date.today()
    if retired:
        return Mark(Meaning.NO, say("Out of use"))
    if due < now:
        return Mark(Meaning.REFUSED, say("Service overdue"))
    if due <= now + SOON:
        return Mark(Meaning.ATTENTION, say("Service soon"))
    return Mark(Meaning.GOOD, say("In service"))


# -- the plate -----------------------------------------------------------------------------------------

_LETTERS = {
    WellRole.BLANK: "B",
    WellRole.NEGATIVE: "N",
    WellRole.POSITIVE: "P",
    WellRole.LADDER: "L",
}
_LOOKS = {
    WellState.PLACED: Look.WAITING,
    WellState.VERIFIED: Look.READY,
    WellState.LOCKED: Look.PLAIN,
    WellState.PASSED: Look.GOOD,
    WellState.BLOCKED: Look.REFUSED,
    WellState.QUARANTINED: Look.ATTENTION,
}
_MEANING = {
    WellState.PLACED: Meaning.WAITING,
    WellState.VERIFIED: Meaning.GOOD,
    WellState.LOCKED: Meaning.NEUTRAL,
    WellState.PASSED: Meaning.GOOD,
    WellState.BLOCKED: Meaning.REFUSED,
    WellState.QUARANTINED: Meaning.ATTENTION,
}


def well_mark(state: WellState) -> Mark:
    word = say("Waits for its scan") if state is WellState.PLACED else said(state)
    return Mark(_MEANING[state], word)


def well_title(one: PlateWell) -> str:
    """What stands in a well, for the pointer and the reader."""
    well = one.well
    what = one.token or said(well.role) + (f" {well.control}" if well.control else "")
    parts = [well.position, what, well_mark(well.state).word]
    return ", ".join(parts) + (f": {well.finding}" if well.finding else "")


def drawn(wells: Sequence[PlateWell]) -> list[DrawnWell]:
    """Wells as the figure draws them."""
    return [
        DrawnWell(
            one.well.position,
            _LOOKS[one.well.state],
            _LETTERS.get(one.well.role, ""),
            one.token[:4],
            well_title(one),
        )
        for one in wells
    ]


def plate_words(number: str, wells: Sequence[PlateWell]) -> PlateWords:
    """The legend says only what is on the plate."""
    states = [state for state in WellState if any(one.well.state is state for one in wells)]
    roles = [role for role in _LETTERS if any(one.well.role is role for one in wells)]
    return PlateWords(
        say("Plate of {0}").format(number),
        say("{position}, empty"),
        [(_LOOKS[state], well_mark(state).word) for state in states],
        [(_LETTERS[role], said(role)) for role in roles],
    )


def quantities(well: Well) -> str:
    """What was measured of a well, in one line."""
    parts = [
        (say("volume"), number(well.volume_ul, "µl")),
        (say("small"), number(well.small, "ng/µl")),
        (say("large"), number(well.large, "ng/µl")),
        (say("Y"), number(well.male, "ng/µl")),
        (say("degradation index"), None if well.degradation is None else f"{well.degradation:.2g}"),
        (say("internal control"), None if well.ipc is None else say("cycle {0}").format(f"{well.ipc:g}")),
    ]
    return ", ".join(f"{name} {value}" for name, value in parts if value is not None)


def in_short(well: Well) -> str:
    """The volume, or how much DNA and how degraded; empty where nothing was measured."""
    parts = [number(well.volume_ul, "µl"), number(well.small, "ng/µl")]
    parts.append(None if well.degradation is None else say("index {0}").format(f"{well.degradation:.2g}"))
    return ", ".join(part for part in parts if part is not None)


def measured(wells: Sequence[PlateWell]) -> str:
    """Results as a table of one width: a line for each well of which something was measured; empty without any."""
    columns: list[tuple[str, str, Callable[[Well], float | None]]] = [
        (say("Volume"), "µl", lambda well: well.volume_ul),
        (say("Small"), "ng/µl", lambda well: well.small),
        (say("Large"), "ng/µl", lambda well: well.large),
        (say("Y"), "ng/µl", lambda well: well.male),
        (say("Degraded"), say("index"), lambda well: well.degradation),
        (say("IPC"), say("cycle"), lambda well: well.ipc),
    ]
    columns = [one for one in columns if any(one[2](shown.well) is not None for shown in wells)]
    if not columns:
        return ""
    lines = [" " * 24 + "".join(f"{one[part]:>10}" for one in columns) for part in (0, 1)]
    for shown in wells:
        values = [value(shown.well) for _, _, value in columns]
        if any(value is not None for value in values):
            name = shown.token or said(shown.well.role)
            cells = "".join(f"{'–' if value is None else f'{value:.4g}':>10}" for value in values)
            lines.append(f"{shown.well.position:<5}{name:<19}{cells}")
    return "\n".join(lines)


def stages() -> list[tuple[Stage, str]]:
    return [(stage, said(stage)) for stage in Stage]
