"""Words of the first examination: ranges, steps, bones and what a method says."""

from __future__ import annotations

from forensics.domain.anthropology import MethodResult, SexEstimate
from forensics.domain.examinations import Examination
from gui.places.remains_words import bone, said, say


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


def listed(examination: Examination) -> list[tuple[str, str, str]]:
    """The inventory as (element, side, completeness) in words, in the order recorded."""
    return [(bone(one.element, one.side), one.side, one.completeness) for one in examination.inventory]


def interval_words(result: MethodResult) -> str:
    """What the interval of a result is, in one sentence."""
    return result.kind.meaning
