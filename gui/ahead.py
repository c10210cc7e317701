"""Questions asked ahead: what the page of a record will ask is asked on the database's thread.

`Context.query` answers from here while the page is written, so that the window does not wait for the
database. It only saves time: what was not asked ahead, or was refused, is asked when the page asks.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from forensics.domain.errors import NominaError

if TYPE_CHECKING:
    from forensics.services.door import UseCase
    from gui.context import Lab

P = ParamSpec("P")
R = TypeVar("R")


class Ahead:
    """Asks a laboratory and keeps the answers, by question."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._answers: dict[Hashable, Any] = {}

    def ask(self, use_case: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """The answer, kept for the page; None where it is refused (the page asks again, and says so)."""
        try:
            answer = self._lab.run(use_case, *args, **kwargs)
        except NominaError:
            return None
        self._answers[_question(use_case, args, kwargs)] = answer
        return answer

    def knows(self, use_case: UseCase[..., Any], args: Any, kwargs: Any) -> bool:
        return _question(use_case, args, kwargs) in self._answers

    def answer(self, use_case: UseCase[..., Any], args: Any, kwargs: Any) -> Any:
        return self._answers[_question(use_case, args, kwargs)]


def _question(use_case: UseCase[..., Any], args: Any, kwargs: Any) -> Hashable:
    return use_case.name, args, tuple(sorted(kwargs.items()))
