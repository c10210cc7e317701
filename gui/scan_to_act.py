"""A scan anywhere acts: it opens the thing, moves what was scanned to the place, or hands it to the other person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from forensics.domain.errors import NominaError
from gui.context import Context, Ref
from gui.finding import SHOWN_IN
from gui.hand import Hand, Step
from gui.look import Meaning
from gui.widgets.buttons import Action
from gui.widgets.ceremony import Ceremony

if TYPE_CHECKING:
    from forensics.services.door import Laboratory
    from forensics.services.scanning import Scanned
    from forensics.services.storage import Moved

Say = Callable[..., Any]


class ScanToAct(QObject):
    """For one window. `unknown(code)` is told for what is no thing, place or badge: the search takes over."""

    unknown = Signal(str)

    def __init__(self, context: Context, window: QWidget, say: Say) -> None:
        """`say(words, meaning, action)` tells at the foot of the window."""
        super().__init__(window)
        self.context, self._window, self._tell = context, window, say
        self._told: Any = None  # what stands at the foot, until the next scan says more
        self.hand = Hand(context.lab.person.id)
        self.undo: Action | None = None

    def _say(self, words: str, meaning: Meaning = Meaning.NEUTRAL, action: Action | None = None) -> None:
        """At the foot of the window, in the stead of what the scan before said."""
        if self._told is not None and isValid(self._told) and self._told.isVisible():
            self._told.leave()
        self._told = self._tell(words, meaning, action)

    def scanned(self, code: str) -> None:
        """Asks on the database's thread what carries the code; scans are answered in the order they came."""
        from forensics.services.scanning import identify

        self.context.ask(partial(self._answered, code), identify, code)

    def forget(self) -> None:
        """What was scanned so far means nothing more."""
        if self.hand.things or self.hand.giver:
            self.hand.clear()
            self._say(self.tr("Nothing is in hand any more."))

    def take_back(self) -> None:
        """Undo the last move by scanning."""
        if self.undo is not None:
            self.undo.run()

    def _answered(self, code: str, found: Sequence[Scanned]) -> None:
        if len(found) != 1:
            self.unknown.emit(code)
            return
        (one,) = found
        step = self.hand.take(one, monotonic())
        {
            Step.OPEN: self._open,
            Step.TAKEN: self._taken,
            Step.MOVE: self._move,
            Step.GIVER: self._begin,
            Step.HAND_OVER: self._hand_over,
            Step.NOTHING_IN_HAND: self._nothing,
            Step.SAME: self._same,
        }[step](one)

    # -- what each step does -------------------------------------------------------------------------------

    def _open(self, one: Scanned) -> None:
        place = SHOWN_IN[one.entity][0] if one.entity in SHOWN_IN else "samples"
        self.context.go(place, Ref(one.entity, one.id, one.number))

    def _taken(self, one: Scanned) -> None:
        if self.hand.giver is not None:
            words = self.tr("{0} things from {1}; scan the badge of the one who takes them.")
            self._say(words.format(len(self.hand.things), self.hand.giver.called))
        else:
            self._open(one)
            words = self.tr("In hand: {0}. Scan a place to move it, or a badge to hand it over.")
            self._say(words.format(self._what()))

    def _what(self) -> str:
        things = list(self.hand.things.values())
        return things[0].number if len(things) == 1 else self.tr("{0} things").format(len(things))

    def _move(self, place: Scanned) -> None:
        from forensics.services.storage import move_things

        before = dict(self.hand.things)
        seen = {id: thing.revision for id, thing in before.items()}
        what = self._what()
        self.hand.clear()
        try:
            moved = self.context.lab.run(move_things, list(before), place.id, revisions=seen)
        except NominaError as error:
            self._say(str(error), Meaning.REFUSED)
            return
        self._tell_moved(what, before, moved)

    def _tell_moved(self, what: str, before: dict[UUID, Scanned], moved: Moved) -> None:
        spot = moved.things[0].position if len(moved.things) == 1 else ""
        words = self.tr("{0} moved to {1}.").format(what, f"{moved.path} {spot}".strip())
        meaning = Meaning.ATTENTION if moved.remark else Meaning.GOOD
        self.undo = Action(self.tr("Undo"), partial(self._undo, before, moved), "undo", shortcut="Ctrl+Z")
        self._say(" ".join(part for part in (words, moved.remark) if part), meaning, self.undo)

    def _undo(self, before: dict[UUID, Scanned], moved: Moved) -> None:
        from forensics.services.storage import put_back

        self.undo = None
        try:
            for thing in moved.things:
                was = before[thing.id]
                self.context.lab.run(put_back, thing.id, thing.revision, was.place, was.position, was.holder)
        except NominaError as error:
            self._say(str(error), Meaning.REFUSED)
            return
        self._say(self.tr("Put back where it was."), Meaning.GOOD)

    def _begin(self, badge: Scanned) -> None:
        words = self.tr("Handover from {0}: scan the things, then the badge of the one who takes them.")
        self._say(words.format(badge.called))

    def _nothing(self, _badge: Scanned) -> None:
        self._say(self.tr("Scan the things before the second badge."), Meaning.ATTENTION)

    def _same(self, badge: Scanned) -> None:
        words = self.tr("Both are {0}: a handover needs two people. Scan the badge of the other one.")
        self._say(words.format(badge.called), Meaning.REFUSED)

    def _hand_over(self, taker: Scanned) -> None:
        """The ceremony of two: who is signed in is known, the other one gives their password."""
        from forensics.services.people import names
        from forensics.services.transfers import hand_over

        known = self.context.query(names) or {}
        giver, me = self.hand.giver_id, self.context.lab.person.id
        things = dict(self.hand.things)
        seen = {id: thing.revision for id, thing in things.items()}
        self.hand.clear()
        other = taker.called if giver == me else known.get(giver, "")
        ceremony = Ceremony(
            self.tr("Hand over"),
            self.tr("{0} hands over to {1} what stands here, and both of them are here.").format(
                known.get(giver, ""), taker.called
            ),
            [(one.number, f"{one.called}, {one.where}") for one in things.values()],
            [(self.tr("hands over"), known.get(giver, "")), (self.tr("takes"), taker.called)],
            self.tr("Hand over"),
            lambda password: hand_over(
                cast("Laboratory", self.context.lab), giver, taker.id, list(things), password, revisions=seen
            ),
            self._window,
            password_of=other,
        )
        if ceremony.ask() is not None:
            words = self.tr("{0} things handed over from {1} to {2}.")
            self._say(words.format(len(things), known.get(giver, ""), taker.called), Meaning.GOOD)
