"""Words and marks of storage, of what was sent out, and of stock-takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from forensics.domain.custody import ConsignmentState
from forensics.domain.stock_take import Finding, Resolution, StockTakeState
from gui.look import Meaning
from gui.widgets.marks import Mark

if TYPE_CHECKING:
    from forensics.services.consignments import Outstanding
    from forensics.services.storage import StorageLine

STEP = "\N{NO-BREAK SPACE}" * 5


def say(words: str) -> str:
    """Words of these places, translated, as a sentence begins."""
    said = QCoreApplication.translate("Storage", words)
    return said[:1].upper() + said[1:]


def indented(row: StorageLine) -> str:
    """The name of a place below its parent's."""
    return STEP * (len(row.path) - 1) + row.place.name


def room_mark(row: StorageLine) -> Mark:
    """How much room is left, where a capacity is known."""
    room = row.place.room
    if room is None:
        return Mark(Meaning.UNKNOWN, say("no capacity set"))
    left = room - row.taken
    if left < 0:
        return Mark(Meaning.ATTENTION, say("{0} too many").format(-left))
    if left == 0:
        return Mark(Meaning.WAITING, say("full"))
    return Mark(Meaning.GOOD, say("{0} of {1} free").format(left, room))


def sent_mark(row: Outstanding) -> Mark:
    """Where a consignment stands, late ones first of all."""
    if row.overdue:
        words = say("{0} days overdue") if row.overdue > 1 else say("1 day overdue")
        return Mark(Meaning.ATTENTION, words.format(row.overdue))
    state = row.consignment.state
    meaning = {
        ConsignmentState.IN_TRANSIT: Meaning.WAITING,
        ConsignmentState.ACCEPTED: Meaning.WAITING,
    }.get(state, Meaning.GOOD)
    return Mark(meaning, say("at the other laboratory") if state is ConsignmentState.ACCEPTED else say(state))


FINDING_MEANING = {
    Finding.CONFIRMED: Meaning.GOOD,
    Finding.MISPLACED: Meaning.ATTENTION,
    Finding.FOUND_AGAIN: Meaning.ATTENTION,
    Finding.NOT_HERE: Meaning.REFUSED,
    Finding.UNKNOWN: Meaning.UNKNOWN,
    Finding.MISSING: Meaning.REFUSED,
}


def finding_mark(finding: Finding) -> Mark:
    """What a scan means beside the records."""
    return Mark(FINDING_MEANING[finding], say(finding))


def resolution_words(resolution: Resolution) -> str:
    """How a discrepancy was settled, as a button says it."""
    return {
        Resolution.RECORD_MOVED: say("record it here"),
        Resolution.MARKED_MISSING: say("mark missing"),
        Resolution.LOCATED: say("located here"),
        Resolution.LEFT: say("leave it, with a reason"),
    }.get(resolution, say(resolution))


def count_mark(state: StockTakeState) -> Mark:
    """Whether a stock-take goes on."""
    return {
        StockTakeState.OPEN: Mark(Meaning.WAITING, say("open")),
        StockTakeState.FINISHED: Mark(Meaning.GOOD, say("finished")),
        StockTakeState.GIVEN_UP: Mark(Meaning.NO, say("given up")),
    }[state]
