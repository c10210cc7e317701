"""How long work tells its caller how far it is, and learns that it should stop."""

from typing import Protocol


class Progress(Protocol):
    """Receives the steps of long work; `step` raises `Cancelled` when the person has stopped it."""

    def step(self, done: int, total: int, what: str = "") -> None: ...


class Silent:
    """Progress for callers who do not watch."""

    def step(self, done: int, total: int, what: str = "") -> None:
        """Nothing to tell."""
