"""The section “Who should give a sample next?” on the page of a missing person and of a family."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject
from shiboken6 import isValid

from forensics.domain.errors import NominaError
from forensics.services import power
from forensics.services.power import FamilyPower
from gui.context import Context
from gui.look import look, on_look_changed
from gui.places import missing_power_words as words
from gui.places.missing_words import say
from gui.tasks import Task
from gui.widgets.buttons import Action
from gui.widgets.record import RecordPage, Section
from gui.widgets.svgview import SvgView


class WhoNext(QObject):
    """Computes the ranking on demand, beside the window, and keeps it while the family stays as it is.

    `again` writes the page anew. Belongs to the place whose page it writes on.
    """

    def __init__(self, context: Context, parent: QObject, again: Callable[[], None]) -> None:
        super().__init__(parent)
        self.context = context
        self._again = again
        self.found: dict[UUID, FamilyPower] = {}
        self.running: dict[UUID, Task] = {}
        self._refused: dict[UUID, str] = {}

    def write(self, page: RecordPage, missing: UUID, number: str = "") -> None:
        """The section of a missing person; `number` names them where a page has several."""
        if not self.context.may(power.power_question):
            return
        title = self.tr("Who should give a sample next?")
        title = f"{title} · {number}" if number else title
        running, found = self.running.get(missing), self._standing(missing)
        if running is not None:
            stop = Action(self.tr("Stop"), running.cancel, "close", "link")
            section = page.section(title, [stop])
            section.text(
                self.tr("Is being computed; how far it is stands at the foot of the window."), "muted"
            )
            return
        word = self.tr("Compute again") if found else self.tr("Compute")
        section = page.section(title, [Action(word, partial(self.compute, missing), "pulse", "link")])
        if missing in self._refused:
            section.text(self._refused[missing])
        elif found is not None:
            self._result(section, found)
        else:
            section.text(
                self.tr(
                    "How often the required LR would be reached with the samples that are there, and with one "
                    "more of each relative, is computed on demand."
                ),
                "muted",
            )

    def compute(self, missing: UUID) -> None:
        """Begin, unless it runs already."""
        if missing in self.running:
            return
        self._refused.pop(missing, None)
        task = self.context.tasks.start(
            self.tr("Who should give a sample next?"),
            lambda progress: power.power_of_family(self.context.lab, missing, progress),  # type: ignore[arg-type]
        )
        self.running[missing] = task
        task.done.connect(self._done)
        task.failed.connect(partial(self._failed, missing))
        task.ended.connect(partial(self._ended, missing))
        self._again()

    def _done(self, found: FamilyPower) -> None:
        self.found[found.asked.missing] = found

    def _failed(self, missing: UUID, error: BaseException) -> None:
        if isinstance(error, NominaError):
            self._refused[missing] = str(error)
        else:
            self.context.failed(error)

    def _ended(self, missing: UUID) -> None:
        self.running.pop(missing, None)
        if isValid(self):  # the place may have gone while this ran
            self._again()

    def _standing(self, missing: UUID) -> FamilyPower | None:
        """The ranking if nothing that it rests on has changed since."""
        found = self.found.get(missing)
        if found is None:
            return None
        try:
            asked = self.context.lab.run(power.power_question, missing)
        except NominaError:
            asked = None
        if asked is None or asked.question.digest != found.asked.question.digest:
            del self.found[missing]
            return None
        return FamilyPower(asked, found.ranking)

    def _result(self, section: Section, found: FamilyPower) -> None:
        section.text(words.now_sentence(found))
        section.text(words.best_sentence(found), "strong")
        pair = words.pair_sentence(found)
        if pair:
            section.text(pair)
        prospects = words.shown(found)
        if prospects:
            section.widget(_figure(found))
        for line in (words.chance_sentence(found), words.rest_sentence(found)):
            if line:
                section.text(line)
        for one in found.ranking.singles:
            if one.refused:
                section.text(f"{words.people_words(one, found)}: {one.refused}", "small")
        for note in found.ranking.notes:
            section.text(note, "small")
        if not found.asked.confirmed:
            section.text(
                self.tr("The drawing is not confirmed yet; with another one the numbers change."), "small"
            )
        section.text(words.basis_sentence(found), "small")


def _figure(found: FamilyPower) -> SvgView:
    """The bars; each can be walked to with the keys and is read aloud."""
    from reports.figures.power import PowerWords, power_figure

    prospects = words.shown(found)
    rows = words.figure_rows(prospects, found)
    now = found.ranking.now.reaching(found.ranking.goal).if_true.value
    said = PowerWords(say("Chance to reach the required LR"), say("With what is there"), say("not computed"))
    names = {"now": said.now}
    for number, (row, one) in enumerate(zip(rows, prospects, strict=True)):
        median = say("typical LR {0}").format(words.typical(one.power)) if one.power else ""
        names[f"sample-{number}"] = ", ".join(filter(None, (row.name, median, row.note)))
    view = SvgView()
    on_look_changed(
        view,
        lambda own: own.show_figure(
            power_figure(now, rows, look().palette, words=said).svg, said.title, names
        ),
    )
    return view
