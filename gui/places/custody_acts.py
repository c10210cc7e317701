"""What befalls a thing beside being moved: seals, graves, exhumations, destruction by two, missing; in one menu."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from forensics.domain.remains import CustodyState, RemainsItem
from forensics.domain.samples import Sample
from gui.context import Context
from gui.icons import icon
from gui.places.remains_moving import fill_places, place_chosen
from gui.places.remains_parts import why_not
from gui.places.storage_words import say
from gui.widgets.buttons import Action
from gui.widgets.ceremony import Ceremony
from gui.widgets.forms import FormDialog

_HERE = (CustodyState.IN_STORAGE, CustodyState.CHECKED_OUT)


class CustodyActs:
    """Dialogs over the use cases of `services.disposal` and of seals."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        self.context, self.parent = context, parent

    def action(self, thing: RemainsItem | Sample) -> Action:
        """One button for all of it."""
        return Action(say("custody…"), partial(self._choose, thing), "archive")

    def of(self, thing: RemainsItem | Sample) -> list[Action]:
        """What can be done with it as it stands; what the role lacks says who does it."""
        from forensics.services import disposal

        moves = why_not(
            self.context,
            disposal.inter,
            say("Custodians, technicians, anthropologists and case managers do this."),
        )
        allows = why_not(
            self.context,
            disposal.authorise_destruction,
            say("Case managers, coordinators and quality managers authorise destructions."),
        )
        offered = []
        if thing.custody in _HERE:
            offered.append(
                Action(say("seal opened or put on…"), partial(self.seal, thing), "lock", why_not=moves)
            )
            offered.append(
                Action(say("it is missing…"), partial(self.missing, thing), "refused", why_not=moves)
            )
        if isinstance(thing, RemainsItem) and thing.custody in (
            *_HERE,
            CustodyState.RELEASED,
            CustodyState.INTERRED,
        ):
            offered.append(
                Action(say("laid into a grave…"), partial(self.inter, thing), "grave", why_not=moves)
            )
        if thing.custody in (CustodyState.INTERRED, CustodyState.RELEASED):
            offered.append(Action(say("brought back…"), partial(self.back, thing), "undo", why_not=moves))
        if thing.custody in _HERE:
            offered += self._destruction(thing, moves, allows)
        return offered

    def _destruction(self, thing: RemainsItem | Sample, moves: str, allows: str) -> list[Action]:
        if thing.destruction_second is not None:
            return [Action(say("destroy…"), partial(self.destroy, thing), "void", why_not=moves)]
        first = thing.destruction_first
        words = (
            say("authorise destruction, second person…")
            if first
            else say("authorise destruction, first of two…")
        )
        mine = first is not None and first == self.context.lab.person.id
        why = allows or (say("You authorised it first; another person is the second.") if mine else "")
        return [Action(words, partial(self.authorise, thing), "gavel", why_not=why)]

    def _choose(self, thing: RemainsItem | Sample) -> None:
        menu = QMenu(self.parent)
        for one in self.of(thing):
            line = menu.addAction(icon(one.icon), one.text, one.run)
            line.setEnabled(not one.why_not)
            line.setToolTip(one.why_not)
        if menu.isEmpty():
            menu.addAction(say("nothing can be done with it where it is now")).setEnabled(False)
        menu.setToolTipsVisible(True)
        button = QApplication.focusWidget() or self.parent
        menu.exec(button.mapToGlobal(QPoint(0, button.height())))

    # -- the acts ------------------------------------------------------------------------------------------------

    def _form(self, title: str, thing: Any, submit: Any) -> FormDialog:
        number = thing.token if isinstance(thing, Sample) else thing.number
        return FormDialog(title.format(number), submit, self.parent)

    def seal(self, thing: RemainsItem | Sample) -> Any:
        from forensics.services.consignments import note_seal

        form = self._form(
            say("seal of {0}"),
            thing,
            lambda v: self.context.lab.run(note_seal, thing.id, v["before"], v["after"], v["why"]),
        )
        form.text("before", say("seal that was opened"), mono=True)
        form.text("after", say("seal that closes it now"), mono=True)
        form.text("why", say("why"), required=True)
        return form.ask()

    def missing(self, thing: RemainsItem | Sample) -> Any:
        from forensics.services.disposal import mark_missing

        form = self._form(
            say("{0} is missing"), thing, lambda v: self.context.lab.run(mark_missing, thing.id, v["note"])
        )
        form.lines("note", say("where it was looked for"), required=True)
        return form.ask()

    def inter(self, thing: RemainsItem) -> Any:
        from forensics.services.disposal import Grave, inter

        def submit(v: dict[str, Any]) -> Any:
            grave = Grave(v["cemetery"], v["grave"], v["latitude"], v["longitude"])
            return self.context.lab.run(inter, [thing.id], grave, v["note"])

        form = self._form(say("{0} is laid into a grave"), thing, submit)
        form.text("cemetery", say("cemetery"), required=True)
        form.text("grave", say("grave or niche"), required=True, mono=True)
        form.number("latitude", say("latitude"), unit="°", required=True)
        form.number("longitude", say("longitude"), unit="°", required=True)
        form.text("note", say("note"))
        return form.ask()

    def back(self, thing: RemainsItem | Sample) -> Any:
        from forensics.services.disposal import bring_back

        def submit(v: dict[str, Any]) -> Any:
            place = place_chosen(self.context, v, required=True)
            assert place is not None
            return self.context.lab.run(bring_back, [thing.id], place, v["order"], v["condition"])

        form = self._form(say("{0} comes back"), thing, submit)
        form.text("order", say("order or reason"), required=True)
        fill_places(form, self.context)
        form.text("condition", say("condition"))
        return form.ask()

    def authorise(self, thing: RemainsItem | Sample) -> Any:
        """With the own password: it can't be undone once it is carried out."""
        from forensics.services.disposal import authorise_destruction

        def act(password: str, reason: str) -> Any:
            self.context.prove(password)
            return self.context.lab.run(authorise_destruction, thing.id, reason)

        number = thing.token if isinstance(thing, Sample) else thing.number
        ceremony = Ceremony(
            say("authorise destruction"),
            say("{0} may be destroyed. Two people must say so before anybody can do it.").format(number),
            [],
            [(say("authorises"), self.context.lab.person.name)],
            say("authorise"),
            act,
            self.parent,
            danger=True,
            reason=True,
        )
        return ceremony.ask()

    def destroy(self, thing: RemainsItem | Sample) -> Any:
        from forensics.services.disposal import destroy

        form = self._form(
            say("destroy {0}"), thing, lambda v: self.context.lab.run(destroy, thing.id, v["method"])
        )
        form.text("method", say("how and where"), required=True)
        return form.ask()
