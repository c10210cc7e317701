"""Words of the first examination: ranges, steps, numbers of persons."""

from __future__ import annotations

from forensics.domain.anthropology import SexEstimate
from gui.places.remains_words import said, say


def range_words(low: float | None, high: float | None, unit: str) -> str:
    """`24–35 years`, `30 years or more`; empty where both ends are unknown."""
    if low is None and high is None:
        return ""
    word = say(unit)
    if high is None:
        return say("{0} {1} or more").format(f"{low:g}", word)
    if low is None:
        return say("{0} {1} or less").format(f"{high:g}", word)
    return f"{low:g}–{high:g} {word}"


def steps() -> list[tuple[str, str]]:
    """The five steps of an opinion on sex, and not assessable."""
    words = {
        SexEstimate.INDETERMINATE: say("Indeterminate: assessed, and ambiguous"),
        SexEstimate.UNDETERMINED: say("Undetermined: not assessable"),
    }
    return [(str(step), words.get(step, said(step))) for step in SexEstimate]


def persons(count: int | None) -> str | None:
    """`2 persons`; None stays None."""
    if count is None:
        return None
    return say("1 person") if count == 1 else say("{0} persons").format(count)
