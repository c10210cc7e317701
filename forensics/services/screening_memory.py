"""What an open laboratory keeps from one search to the next, so that a new profile is compared at once.

Records as they were read, families and digests made from them, the compiled families. None of it is ever a source
of truth: whatever a record, a rule or the audit says is other than it was is read, made or compiled again.
"""

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakKeyDictionary

from forensics.domain.progress import Progress
from forensics.domain.rescreening import Snapshot
from forensics.domain.screening import ScreeningInputs, ScreeningResult
from forensics.persistence.store import Store
from forensics.services.record_memory import Memo, RecordMemory

if TYPE_CHECKING:
    from forensics.genetics.screening_standing import Standing

OPERATIONS = 4  # of a store, of which something is kept
FEW = 50  # profiles up to which they meet kept families; more are compared faster all at once
MOST_FAMILIES = 30_000  # that are kept compiled, some 150 MB


class Compiled:
    """The families of an operation, compiled; threads take turns while they are brought up to date."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.standing: Standing | None = None

    def search(
        self, whole: ScreeningInputs, part: ScreeningInputs, progress: Progress, threshold_log10: float
    ) -> ScreeningResult:
        """A part of a question: its few profiles meet the kept families where it asks for all of them."""
        all_families = len(part.families) == len(whole.families) <= MOST_FAMILIES
        if not all_families or len(part.profiles) > FEW:
            from forensics.genetics.screening import screen

            return screen(part, progress, threshold_log10=threshold_log10)
        return self._of(part, progress).search(part.profiles, threshold_log10=threshold_log10)

    def _of(self, inputs: ScreeningInputs, progress: Progress) -> "Standing":
        from forensics.genetics.screening_prepare import prepare
        from forensics.genetics.screening_standing import Standing

        with self.lock:
            if self.standing is None:
                self.standing = Standing.of(prepare(inputs, traces=True), progress)
            else:
                self.standing = self.standing.renewed(inputs, progress)
            return self.standing


class Memory:
    """Of one operation. `records` are those of the whole store; who holds its lock may use the rest."""

    def __init__(self, records: RecordMemory) -> None:
        self.records = records
        self.families, self.profiles = Memo(), Memo()
        self.family_digests, self.profile_digests = Memo(), Memo()
        self.seen: tuple[UUID, Snapshot | None] | None = None  # a screening, and what it saw
        self.compiled = Compiled()


class _OfStore:
    def __init__(self) -> None:
        self.records = RecordMemory()
        self.operations: OrderedDict[UUID, Memory] = OrderedDict()


_LOCK = Lock()
_STORES: WeakKeyDictionary[Store, _OfStore] = WeakKeyDictionary()


def memory_of(store: Store, operation: UUID) -> Memory:
    """What is kept of an operation as long as its laboratory is open; of the last few that were asked for."""
    with _LOCK:
        own = _STORES.setdefault(store, _OfStore())
        found = own.operations.setdefault(operation, Memory(own.records))
        own.operations.move_to_end(operation)
        while len(own.operations) > OPERATIONS:
            own.operations.popitem(last=False)
        return found
