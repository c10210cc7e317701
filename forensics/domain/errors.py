"""The refusals that are meant for people; every other exception is a bug.

Each message is one sentence that says what happened, where, and how to mend it.
"""


class NominaError(Exception):
    """Base of the errors that are shown to a person as they are."""


class Invalid(NominaError):
    """What was entered or read can't be right."""


class Refused(NominaError):
    """A rule or a missing permission forbids the act."""


class Conflict(NominaError):
    """Somebody else changed the record first; `mine` and `theirs` are both versions of it."""

    def __init__(self, message: str, mine: object = None, theirs: object = None) -> None:
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs


class Cancelled(NominaError):
    """The person stopped a long task."""


class Unavailable(NominaError):
    """Something outside the program does not answer: a file, a server, a disk."""
