"""Collecting what is wrong with a file, each finding with its place and remedy."""

from dataclasses import dataclass, field

from forensics.domain.reading import Problem, Severity

MOST = 200
"""More findings than this help nobody; the rest is counted."""


class Stop(Exception):
    """The file can't be read any further; holds the fatal problem. Never leaves `forensics.formats`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True)
class Findings:
    """The problems found so far, in the order of the file."""

    problems: list[Problem] = field(default_factory=list)
    _uncounted: int = 0
    _fatal_uncounted: bool = False

    def add(self, problem: Problem) -> None:
        if len(self.problems) < MOST:
            self.problems.append(problem)
        else:
            self._uncounted += 1
            self._fatal_uncounted |= problem.severity is Severity.FATAL

    def fatal(self, what: str, remedy: str, line: int | None = None, column: str = "") -> None:
        self.add(Problem(what, remedy, line, column))

    def warn(self, what: str, remedy: str, line: int | None = None, column: str = "") -> None:
        self.add(Problem(what, remedy, line, column, Severity.WARNING))

    @property
    def all(self) -> tuple[Problem, ...]:
        if not self._uncounted:
            return tuple(self.problems)
        severity = Severity.FATAL if self._fatal_uncounted else Severity.WARNING
        more = Problem(f"{self._uncounted} more findings follow.", "Mend these first.", severity=severity)
        return (*self.problems, more)

    @property
    def refused(self) -> bool:
        return self._fatal_uncounted or any(p.severity is Severity.FATAL for p in self.problems)


def stop(what: str, remedy: str, line: int | None = None, column: str = "") -> Stop:
    """The exception that ends the reading of a file at a place."""
    return Stop(Problem(what, remedy, line, column))


def shown(text: str, most: int = 40) -> str:
    """A piece of the file for a message: quoted, on one line, not too long."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return f"'{clean}'" if len(clean) <= most else f"'{clean[:most]}…'"
