"""The history of a record as a timeline."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.services.auditing import HistoryLine
from gui.places.missing_words import say
from gui.places.remains_words import moment
from gui.widgets.timeline import Happening

MOST = 4  # changes of one act that are read at a glance


def happenings(lines: Sequence[HistoryLine]) -> list[Happening]:
    """What was done, newest first, in words."""
    return [
        Happening(moment(line.at) or "", line.what, line.who, _changes(line.changes))
        for line in reversed(lines)
    ]


def _changes(changes: Sequence[str]) -> str:
    shown = "; ".join(changes[:MOST])
    more = len(changes) - MOST
    return f"{shown}; " + say("and {0} more").format(more) if more > 0 else shown
