"""Whole operations compared and solved: begun here, called back from what was kept, said to be outdated here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from forensics.domain.joint_records import JointIdentification
from forensics.domain.joint_solution import JointSolution, PairComparison
from forensics.domain.joint_words import VictimLine, explained
from forensics.domain.operations import Operation
from forensics.services import joint, joint_questions, operations, people
from forensics.services.joint import KeptSolution
from gui.context import Context, Lab
from gui.look import Meaning
from gui.places.matching_forms import with_operation
from gui.places.matching_words import moment, say, someone
from gui.widgets.buttons import Action

RESTS_ON = frozenset(
    "profile sample remains_item individual association family relative donor operation frequency_data "
    "identification hypothesis".split()
)


class JointWork(QObject):
    """What is at hand, by operation. `changed` tells that there is something new to show."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.context = context
        self._pairs: dict[UUID, PairComparison] = {}
        self._solutions: dict[UUID, JointSolution] = {}
        self._lines: dict[UUID, tuple[VictimLine, ...]] = {}
        self._records: dict[UUID, JointIdentification] = {}
        self._asked: set[UUID | None] = set()  # operations whose last solution was asked for
        self._outdated: set[UUID] = set()
        self._running: set[UUID] = set()
        self._last: UUID | None = None
        self._pause = QTimer(self, singleShot=True, interval=600)
        self._pause.timeout.connect(self._look_again)
        context.changed.connect(self._hear)
        context.operation_changed.connect(self.changed)

    # -- what is at hand -----------------------------------------------------------------------------------

    @property
    def operation(self) -> UUID | None:
        """The operation that is shown; where none is chosen, the one computed last."""
        return self.context.operation.id if self.context.operation is not None else self._last

    @property
    def pairs(self) -> PairComparison | None:
        return self._pairs.get(self.operation) if self.operation else None

    @property
    def solution(self) -> JointSolution | None:
        return self._solutions.get(self.operation) if self.operation else None

    @property
    def lines(self) -> tuple[VictimLine, ...]:
        """The answers for every victim in words."""
        return self._lines.get(self.operation, ()) if self.operation else ()

    @property
    def is_outdated(self) -> bool:
        """Whether profiles, families, decisions or policies have changed since."""
        return self.operation in self._outdated

    @property
    def made(self) -> str:
        """When and by whom the solution was made, in words; empty where it was not kept."""
        record = self._records.get(self.operation) if self.operation else None
        if record is None:
            return ""
        who = someone(self.context.query(people.names) or {}, record.created_by) or say("somebody")
        return say("Solved on {0} by {1} ({2})").format(moment(record.created_at), who, record.number)

    @property
    def outdated_words(self) -> str:
        """That what is shown is no longer what would come out today."""
        changed = say("Profiles, families, decisions or policies have changed since this was computed.")
        return f"{self.made}. {changed}" if self.made else changed

    @property
    def is_running(self) -> bool:
        return bool(self._running)

    def posterior_of(self, operation: UUID, item: UUID, person: UUID) -> float | None:
        """The joint posterior of remains and a missing person, if this operation is solved and up to date."""
        solution = self._solutions.get(operation)
        if solution is None or operation in self._outdated:
            return None
        row = next((r for r, v in enumerate(solution.pairs.victims) if item in v.items), None)
        column = next((c for c, one in enumerate(solution.pairs.sought) if one.person == person), None)
        if row is None or column is None or solution.unplaced[row] is None:
            return None
        return solution.posterior[row].get(column, 0.0)

    # -- computing -----------------------------------------------------------------------------------------

    def compare_action(self) -> Action:
        return Action(say("Compare all pairs"), self.compare, "grid", "quiet", "", self._why_not())

    def solve_action(self) -> Action:
        return Action(say("Solve together"), self.solve, "people", "quiet", "", self._why_not())

    def compare(self) -> None:
        """Every pair of the operation, beside the window."""
        self._begin(say("Every pair of {0}"), joint.compare_operation, self._compared)

    def solve(self) -> None:
        """All victims to all missing persons, beside the window."""
        self._begin(say("All of {0} together"), joint.solve_and_keep, self._solved)

    def recall(self) -> None:
        """Show what was kept last, where nothing is at hand yet."""
        chosen = self.context.operation.id if self.context.operation is not None else None
        if chosen in self._asked or not self.context.may(joint.last_solution):
            return
        self._asked.add(chosen)
        self.context.tasks.quietly(partial(_newest, self.context.lab, chosen), self._recalled)

    def _recalled(self, found: KeptSolution | None) -> None:
        if found is None or found.solution.pairs.operation in self._pairs:
            return
        self._take(found)
        self._look_again()
        self.changed.emit()

    def _why_not(self) -> str:
        if not self.context.may(joint_questions.joint_question):
            return say("Your role does not read matches.")
        return say("It is being computed; see the foot of the window.") if self.is_running else ""

    def _begin(self, title: str, work: Callable[..., Any], then: Callable[[Any], None]) -> None:
        def begin(operation: Operation) -> None:
            self._running.add(operation.id)
            task = self.context.start(
                title.format(operation.title),
                lambda progress: work(self.context.lab, operation.id, progress),
                then=then,
            )
            task.ended.connect(partial(self._ended, operation.id))
            self.changed.emit()

        why = self._why_not()
        if why:
            self.context.notify(why, Meaning.ATTENTION)
        else:
            with_operation(self.context, say("Which operation?"), begin)

    def _compared(self, pairs: PairComparison) -> None:
        self._pairs[pairs.operation] = pairs
        self._last = pairs.operation
        self._outdated.discard(pairs.operation)
        known = self._solutions.get(pairs.operation)
        if known is not None and known.pairs.digests != pairs.digests:
            self._drop(pairs.operation)

    def _solved(self, found: KeptSolution) -> None:
        self._take(found)
        lines = self._lines[found.solution.pairs.operation]
        words = say("Solved together: for {0} of {1} victims the answer differs from the pairs.")
        self.context.notify(words.format(sum(line.differs for line in lines), len(lines)), Meaning.GOOD)

    def _take(self, found: KeptSolution) -> None:
        solution, operation = found.solution, found.solution.pairs.operation
        self._drop(operation)
        self._compared(solution.pairs)
        self._solutions[operation] = solution
        self._lines[operation] = explained(solution, say)
        if found.record is not None:
            self._records[operation] = found.record

    def _drop(self, operation: UUID) -> None:
        self._solutions.pop(operation, None)
        self._lines.pop(operation, None)
        self._records.pop(operation, None)

    def _ended(self, operation: UUID) -> None:
        self._running.discard(operation)
        self.changed.emit()

    # -- growing old ---------------------------------------------------------------------------------------

    def _hear(self, subjects: frozenset[str]) -> None:
        if self._pairs and subjects & RESTS_ON:
            self._pause.start()

    def _look_again(self) -> None:
        """Ask whether what is at hand would come out of the same data today."""
        for operation, pairs in self._pairs.items():
            self.context.tasks.quietly(
                partial(self.context.lab.run, joint_questions.joint_digest, operation),
                partial(self._told, operation, pairs.digests["question"]),
                lambda _error, operation=operation: self._told(operation, "", None),  # type: ignore[misc]
            )

    def _told(self, operation: UUID, then: str, now: str | None) -> None:
        before = operation in self._outdated
        if then == now:
            self._outdated.discard(operation)
        else:
            self._outdated.add(operation)
        if before != (operation in self._outdated):
            self.changed.emit()


def _newest(lab: Lab, operation: UUID | None) -> KeptSolution | None:
    """The solution that was kept last, of an operation or of all; called on the database's thread."""
    wanted = [operation] if operation else [op.id for op in lab.run(operations.operations)]
    found = [kept for id in wanted if (kept := lab.run(joint.last_solution, id)) and kept.record]
    return max(found, key=lambda kept: kept.record.id if kept.record else wanted[0], default=None)
