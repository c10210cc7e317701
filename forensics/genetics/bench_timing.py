"""What the measurements share: CPU seconds, the best of a few runs, memory."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


def best_of(times: int, work: Callable[[], object]) -> float:
    """Least CPU seconds of a few runs."""
    least = float("inf")
    for _ in range(times):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return max(least, 1e-9)


class Aside(Generic[T]):
    """An iterator whose own work (inventing data) is not counted: `seconds` is to be taken off."""

    def __init__(self, things: Iterable[T]) -> None:
        self.things, self.seconds = iter(things), 0.0

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        started = time.process_time()
        try:
            return next(self.things)
        finally:
            self.seconds += time.process_time() - started


def peak_megabytes() -> float | None:
    """The most memory that this process ever had; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
