"""What a place may use: the laboratory behind its door, long work, navigation and a word to the person.

`Lab` is the laboratory as the window needs it; `forensics.services.door.Laboratory` fulfils it. A place
gets one `Context` and nothing else, so that it can be tried in a test with a laboratory of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from forensics.domain.errors import Conflict, NominaError
from forensics.domain.lists import ListQuery
from forensics.domain.people import Permission, Role
from gui.ahead import Ahead
from gui.look import Meaning
from gui.tasks import Task, Tasks

if TYPE_CHECKING:  # the door brings the database with it; the sign-in window must not wait for that
    from forensics.domain.operations import Operation
    from forensics.domain.people import Person
    from forensics.services.door import Receipt, UseCase
    from gui.widgets.buttons import Action

P = ParamSpec("P")
R = TypeVar("R")


class Lab(Protocol):
    """The laboratory as the window needs it."""

    @property
    def permissions(self) -> frozenset[Permission]: ...
    def run(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R: ...
    def may(self, use_case: UseCase[P, R]) -> bool: ...
    def subscribe(self, listener: Callable[[Receipt], None]) -> Callable[[], None]: ...
    def close(self) -> None: ...

    person: Person
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Ref:
    """Points to a record from anywhere: kind as in the table ("item", "sample"…), its id, its number."""

    kind: str
    id: UUID | str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Some:
    """Points to some of a kind: the list of `kind`, narrowed to `text` and `filters`."""

    kind: str
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the command palette: a record to open or something to do."""

    text: str
    detail: str = ""
    icon: str = "search"
    place: str = ""
    ref: Ref | None = None
    run: Callable[[], None] | None = None


Search = Callable[[str], list[Hit]]


class Context(QObject):
    """The hands of a place. All methods are to be called from the window's thread."""

    navigated = Signal(str, object)  # place id, Ref, Some or None
    noticed = Signal(str, object)  # text, Meaning
    offered = Signal(str, object, object)  # the same with an Action
    changed = Signal(object)  # frozenset of subjects, in the window's thread
    operation_changed = Signal()
    _received = Signal(object)

    def __init__(
        self, lab: Lab, name: str = "", tasks: Tasks | None = None, parent: QObject | None = None
    ) -> None:
        """`name` is the laboratory's, for the header."""
        super().__init__(parent)
        self.lab = lab
        self.name = name
        self.tasks = tasks or Tasks(self)
        self.searches: list[Search] = []
        self.prove: Callable[[str], None] = lambda _: None  # raises `Refused` for a wrong password
        self.ahead: Ahead | None = None  # answers for the page that is being written
        self.operation: Operation | None = None
        self.operations: Callable[[], Sequence[Operation]] = tuple
        self._received.connect(self._announce)
        self._unsubscribe = lab.subscribe(self._received.emit)

    # -- going and telling -------------------------------------------------------------------------

    def go(self, place: str, ref: Ref | Some | None = None) -> None:
        """Show a place, and in it a record or some of its records."""
        self.navigated.emit(place, ref)

    def notify(self, text: str, meaning: Meaning = Meaning.NEUTRAL) -> None:
        """Say one sentence at the foot of the window."""
        self.noticed.emit(text, meaning)

    def offer(self, text: str, action: Action, meaning: Meaning = Meaning.NEUTRAL) -> None:
        """Say one sentence at the foot of the window, with a button beside it."""
        self.offered.emit(text, meaning, action)

    def set_operation(self, operation: Operation | None) -> None:
        """Choose the operation that the places show."""
        self.operation = operation
        self.operation_changed.emit()

    def here(self, query: ListQuery) -> ListQuery:
        """The query narrowed to the chosen operation, for the sources of lists that know `operation`."""
        if self.operation is None:
            return query
        return replace(query, filters={**query.filters, "operation": (self.operation.id,)})

    def search(self, search: Search) -> None:
        """Register somebody who finds records for the command palette."""
        self.searches.append(search)

    # -- asking and acting -------------------------------------------------------------------------

    def may(self, use_case: UseCase[..., Any]) -> bool:
        """Whether the person may run it; buttons ask this."""
        return self.lab.may(use_case)

    def has(self, permission: Permission | None) -> bool:
        return permission is None or permission in self.lab.permissions

    def query(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """A quick question, answered at once; a refusal is said to the person and gives None."""
        if self.ahead is not None and self.ahead.knows(use_case, args, kwargs):
            return cast("R", self.ahead.answer(use_case, args, kwargs))
        try:
            return self.lab.run(use_case, *args, **kwargs)
        except NominaError as error:
            self.notify(str(error), Meaning.REFUSED)
            return None

    def act(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """One act of the person. "Saved" is said only when the database has confirmed; None: refused."""
        try:
            result = self.lab.run(use_case, *args, **kwargs)
        except Conflict as conflict:
            self._show_conflict(conflict)
            return None
        except NominaError as error:
            self.notify(str(error), Meaning.REFUSED)
            return None
        self.notify(self.tr("Saved"), Meaning.GOOD)
        return result

    def ask(
        self,
        then: Callable[[R], None],
        use_case: UseCase[P, R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Task:
        """A slower question: runs on the database's thread, `then(result)` in the window's."""
        return self.tasks.quietly(lambda: self.lab.run(use_case, *args, **kwargs), then, self.failed)

    def start(
        self, title: str, work: Callable[..., R], *args: Any, then: Callable[[R], None] | None = None
    ) -> Task:
        """Long work `work(*args, progress)`, shown in the task strip with a bar and a way to stop it."""
        return self.tasks.start(title, work, *args, then=then, failed=self.failed)

    def close(self) -> None:
        """Stop listening and wait for what runs."""
        self._unsubscribe()
        self.tasks.close()

    def _announce(self, receipt: Receipt) -> None:
        self.changed.emit(frozenset(str(subject) for subject in receipt.subjects))

    def failed(self, error: BaseException) -> None:
        """Say a refusal, or show the report of a bug."""
        if isinstance(error, NominaError):
            self.notify(str(error), Meaning.REFUSED)
        else:
            from gui.errors import show_bug

            show_bug(error)

    def _show_conflict(self, conflict: Conflict) -> None:
        from gui.widgets.conflict import ConflictDialog

        ConflictDialog.for_error(conflict).ask()
