"""What the measurements share: CPU seconds, the best of a few runs, memory."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

import numpy as np

from forensics.genetics.kernel import LANES, Tables, added, can_compile, passing

T = TypeVar("T")


def best_of(times: int, work: Callable[[], object]) -> float:
    """Least CPU seconds of a few runs."""
    least = float("inf")
    for _ in range(times):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return max(least, 1e-9)


def ready() -> bool:
    """Import numba and load the compiled functions, which a program does once; whether they work."""
    compiled = can_compile()
    tables = Tables([np.ones((2, 1), dtype=np.uint16)])
    block = tables.block(np.zeros((1, LANES), dtype=np.int32), compiled)
    passing(block, np.zeros((1, 1), dtype=np.uint16), compiled)
    added(block.bounds, np.zeros((1, 1), dtype=np.uint16), compiled)
    return compiled


class Aside(Generic[T]):
    """An iterable whose own work (inventing data) is not counted: `seconds` is to be taken off."""

    def __init__(self, things: Iterable[T]) -> None:
        self.things, self.seconds = iter(things), 0.0

    def __iter__(self) -> Iterator[T]:
        while some := self.next_ones():
            yield from some

    def next_ones(self) -> list[T]:
        """Some at a time: asking for the time takes time itself."""
        started = time.process_time()
        found = list(islice(self.things, 256))
        self.seconds += time.process_time() - started
        return found


def peak_megabytes() -> float | None:
    """The most memory that this process ever had; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
