"""What databases say, in sentences for people; anything not known here stays a bug."""

from sqlalchemy import exc

from forensics.domain.errors import Invalid, NominaError, Refused, Unavailable
from forensics.domain.rules import DIFFERENT, NEEDED, NEVER_NEGATIVE, Needed, NeverNegative


def explain(error: exc.DBAPIError) -> NominaError | None:
    """The error as a person should read it, or None when it is ours to mend."""
    text = str(error.orig)
    if "nomina: " in text:
        sentence = text.split("nomina: ", 1)[1].splitlines()[0]
        return Refused(f"The database refused this: {sentence}.")
    if isinstance(error, exc.IntegrityError):
        return _integrity(text)
    return _operational(text)


def _integrity(text: str) -> NominaError | None:
    for rule in DIFFERENT:
        names = [f"{a}_is_not_{b}" for i, a in enumerate(rule.fields) for b in rule.fields[i + 1 :]]
        if any(name in text for name in names):
            return Refused(rule.sentence)
    demands: tuple[Needed | NeverNegative, ...] = (*NEEDED, *NEVER_NEGATIVE)
    for kept in demands:
        if kept.name in text:
            return Refused(kept.sentence)
    low = text.lower()
    if "position" in low and "unique" in low:
        return Refused("Something already lies in that position; choose another.")
    if "unique" in low:
        return Invalid(f"This value is already used by another record ({_detail(text)}); choose another.")
    if "foreign key" in low:
        return Invalid("The record refers to another one that does not exist; reload and try again.")
    return None


def _detail(text: str) -> str:
    first = text.splitlines()[0]
    return first.split(":")[-1].strip() if ":" in first else first


_SENTENCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("disk is full", "no space left", "could not extend file", "disk i/o error"),
        "The disk is full or failing: nothing was saved of this act, and everything saved before is intact; "
        "make room and try again.",
    ),
    (
        ("database is locked", "lock timeout", "lock_not_available"),
        "Another program is writing to the laboratory's file at the moment; try again in a few seconds.",
    ),
    (
        ("malformed", "file is not a database", "short read", "file is encrypted"),
        "The laboratory's file is damaged or the passphrase is not its own; check the passphrase, "
        "or restore the latest backup.",
    ),
    (
        ("readonly", "read-only"),
        "The laboratory's file can't be written to; check the permissions of file and folder.",
    ),
    (
        ("authentication failed", "no password supplied", "no pg_hba.conf entry", 'role "', 'database "'),
        "The database server does not let this user in, or has no such database; check the address and the "
        "password in the password file of this computer.",
    ),
    (
        ("connection", "server closed", "terminating", "could not connect", "timeout expired"),
        "The database server does not answer; check the network and try again: an act that was not confirmed "
        "can safely be repeated.",
    ),
    (
        ("unable to open database",),
        "The laboratory's file can't be opened; check that it is there and readable.",
    ),
)


def sentence_for(said: str) -> str | None:
    """The sentence for what a database says, or None where it is not known."""
    low = said.lower()
    return next((sentence for marks, sentence in _SENTENCES if any(mark in low for mark in marks)), None)


def _operational(text: str) -> NominaError | None:
    sentence = sentence_for(text)
    return Unavailable(sentence) if sentence is not None else None
