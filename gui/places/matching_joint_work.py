"""Whole operations compared and solved in this session: begun here, kept here, said to be outdated here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from forensics.domain.joint_solution import JointSolution, PairComparison
from forensics.domain.joint_words import VictimLine, explained
from forensics.domain.operations import Operation
from forensics.services import joint
from gui.context import Context
from gui.look import Meaning
from gui.places.matching_forms import with_operation
from gui.places.matching_words import say
from gui.widgets.buttons import Action

RESTS_ON = frozenset(
    "profile sample remains_item individual association family relative donor operation frequency_data".split()
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
        """Whether profiles, families or policies have changed since."""
        return self.operation in self._outdated

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
        self._begin(say("All of {0} together"), joint.solve_operation, self._solved)

    def _why_not(self) -> str:
        if not self.context.may(joint.joint_question):
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

    def _solved(self, solution: JointSolution) -> None:
        self._compared(solution.pairs)
        self._solutions[solution.pairs.operation] = solution
        self._lines[solution.pairs.operation] = explained(solution, say)
        different = sum(line.differs for line in self._lines[solution.pairs.operation])
        words = say("Solved together: for {0} of {1} victims the answer differs from the pairs.")
        self.context.notify(words.format(different, len(solution.pairs.victims)), Meaning.GOOD)

    def _drop(self, operation: UUID) -> None:
        self._solutions.pop(operation, None)
        self._lines.pop(operation, None)

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
                partial(self.context.lab.run, joint.joint_digest, operation),
                partial(self._told, operation, pairs.digests["inputs"]),
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
