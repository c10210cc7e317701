"""What changes is compared by itself: after an act that touches profiles or families, beside the window.

Only for those who may screen, only in operations that a person has screened before, and only what is new
or changed. Where everything would have to be compared anew (another table, θ, mutation model) it says so
and leaves the decision to the person. It can be watched and stopped like any long work, and switched off.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from forensics.domain.errors import NominaError
from forensics.domain.evidence import power_of_ten
from forensics.domain.matching import DEFAULT_THRESHOLD_LOG10, Change, Difference, Screening
from forensics.domain.operations import Operation
from forensics.domain.progress import Progress
from gui.context import Context, Ref
from gui.look import Meaning
from gui.tasks import Task
from gui.widgets.buttons import Action

QUIET = 2500  # milliseconds after the last change; a person often does several things in a row
BEGIN = 4000  # after the window has opened
AGAIN = 10 * 60 * 1000  # other workstations change data too
SUBJECTS = frozenset(
    "profile sample family relative donor consent missing_person remains_item association operation "
    "frequency_data".split()
)


@dataclass(frozen=True, slots=True)
class Due:
    """An operation with something to compare; `why` is set when everything would have to be."""

    operation: Operation
    profiles: int
    families: int
    why: str = ""


class Rescreening(QObject):
    """Belongs to one window. `found(screening, differences)` tells what a search brought."""

    found = Signal(object, object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.context = context
        self.task: Task | None = None
        self._again = False
        self._offered: set[str] = set()
        self._pause = QTimer(self, singleShot=True, interval=QUIET)
        self._pause.timeout.connect(self.look)
        self._hours = QTimer(self, interval=AGAIN)
        self._hours.timeout.connect(self.look)

    @classmethod
    def of(cls, context: Context) -> Rescreening:
        """The one of a window; it sleeps until it is started."""
        return context.findChild(cls) or cls(context)

    def start(self) -> None:
        """Begin to listen; look once when the window has settled."""
        self.context.changed.connect(self._hear)
        if self.may:
            QTimer.singleShot(BEGIN, self, self.look)
            self._hours.start()

    @property
    def may(self) -> bool:
        """Whether the person who is signed in screens at all."""
        from forensics.services.screening_records import record_screening

        return self.context.may(record_screening)

    @property
    def is_on(self) -> bool:
        return str(QSettings().value(self._key, "true")) == "true"

    def turn(self, on: bool) -> None:
        """Search by itself, or only when asked; kept for the person."""
        QSettings().setValue(self._key, "true" if on else "false")
        if on:
            self._pause.start()

    @property
    def _key(self) -> str:
        return f"rescreening/{self.context.lab.person.id}/on"

    def _hear(self, subjects: frozenset[str]) -> None:
        if subjects & SUBJECTS and self.may and self.is_on:
            self._pause.start()

    def look(self) -> None:
        """Ask what has changed, on another thread, and compare it."""
        if not (self.may and self.is_on):
            return
        if self.task is not None:
            self._again = True
            return
        lab = self.context.lab
        self.task = self.context.tasks.aside(lambda: due(lab), self._compare, self._quietly)

    def _compare(self, waiting: list[Due]) -> None:
        self.task = None
        for one in waiting:
            if one.why:
                self._offer(one)
        ready = [one for one in waiting if not one.why]
        if ready:
            self._start(ready)

    def _start(self, ready: list[Due]) -> None:
        title = self.tr("Comparing what changed: {0}").format(self._what(ready))
        work = self.context.tasks.start(
            title, self._screen, [one.operation for one in ready], then=self._tell, failed=self._quietly
        )
        self.task = work
        work.ended.connect(self._ended)

    def _what(self, ready: list[Due]) -> str:
        profiles, families = sum(o.profiles for o in ready), sum(o.families for o in ready)
        parts = [self.tr("1 profile") if profiles == 1 else self.tr("{0} profiles").format(profiles)] * bool(
            profiles
        )
        parts += [self.tr("1 family") if families == 1 else self.tr("{0} families").format(families)] * bool(
            families
        )
        return ", ".join(parts) or self.tr("what was withdrawn")

    def _screen(
        self, wanted: list[Operation], progress: Progress
    ) -> list[tuple[Screening, tuple[Difference, ...]]]:
        """On a computing thread."""
        from forensics.services.screening_plans import contents
        from forensics.services.screenings import screen_changes

        lab, done = self.context.lab, []
        for operation in wanted:
            screening = screen_changes(lab, operation.id, progress)  # type: ignore[arg-type]
            if screening is not None:
                told = lab.run(contents, screening.id)
                done.append((screening, told.differences if told else ()))
        return done

    def _tell(self, done: list[tuple[Screening, tuple[Difference, ...]]]) -> None:
        for screening, differences in done:
            self.found.emit(screening, differences)
        words = self.summary([d for _, told in done for d in told])
        if words:
            usual = {self.threshold(screening) for screening, _ in done} - {""}
            sentence = self.tr("What changed was compared: {0}.").format("; ".join([words, *sorted(usual)]))
            show = partial(self.context.go, "matching", Ref("changes", ""))
            self.context.offer(sentence, Action(self.tr("Show"), show, kind="link"), Meaning.GOOD)

    def threshold(self, done: Screening) -> str:
        """That a search goes on at another than the usual threshold, because the last one of everything did."""
        if done.threshold_log10 == DEFAULT_THRESHOLD_LOG10:
            return ""
        words = self.tr("from LR {0} on, as the last search of everything")
        return words.format(power_of_ten(done.threshold_log10))

    def summary(self, differences: list[Difference]) -> str:
        """`2 new candidates, 1 gone`; empty when nothing is different."""
        parts = []
        for change, one, several in (
            (Change.NEW, self.tr("1 new candidate"), self.tr("{0} new candidates")),
            (Change.STRONGER, self.tr("1 stronger"), self.tr("{0} stronger")),
            (Change.WEAKER, self.tr("1 weaker"), self.tr("{0} weaker")),
            (Change.GONE, self.tr("1 gone"), self.tr("{0} gone")),
        ):
            count = sum(d.change is change for d in differences)
            if count:
                parts.append(one if count == 1 else several.format(count))
        return ", ".join(parts)

    def _offer(self, one: Due) -> None:
        """Everything would have to be compared: said once for each reason, and left to the person."""
        if f"{one.operation.id} {one.why}" in self._offered:
            return
        self._offered.add(f"{one.operation.id} {one.why}")
        words = self.tr("{0}: {1}. Everything has to be compared again: Matching, Screen.")
        self.context.notify(words.format(one.operation.title, one.why), Meaning.ATTENTION)

    def _quietly(self, error: BaseException) -> None:
        """A search that nobody asked for does not bother anybody with a refusal; it is tried again."""
        self.task = None
        if not isinstance(error, NominaError):
            self.context.failed(error)

    def _ended(self) -> None:
        self.task = None
        if self._again:
            self._again = False
            self._pause.start()


def due(lab: object) -> list[Due]:
    """Operations that were screened before and in which something is to be compared now."""
    from forensics.services import operations
    from forensics.services.door import Laboratory
    from forensics.services.screening_memory import memory_of
    from forensics.services.screening_reasons import whats_due

    assert isinstance(lab, Laboratory)
    found = []
    for operation in lab.run(operations.operations):
        if operation.closed or operation.frequencies is None:
            continue
        pending = lab.run(whats_due, operation.id, memory_of(lab.store, operation.id))
        if pending is not None:
            found.append(Due(operation, pending.profiles, pending.families, pending.why))
    return found
