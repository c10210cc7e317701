"""What the commands share: which laboratory and who, the secret, output for machines, a bar for people.

A secret is asked for, or read from a file or a descriptor; it is never an argument, which other users of the
machine could see.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click

from forensics.domain.errors import Invalid, Refused, Unavailable
from forensics.domain.progress import Progress, Silent

if TYPE_CHECKING:
    from forensics.services.door import Laboratory

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Which laboratory is meant, who asks, and where the secrets come from.

    `laboratory` is the path of a file, or the postgresql:// address of a server.
    """

    laboratory: str | None = None
    person: str | None = None
    passphrase_file: Path | None = None
    passphrase_fd: int | None = None

    def location(self) -> str:
        """The laboratory that was named, else the one last used on this workstation."""
        from forensics.services.workstation import last_laboratory

        location = self.laboratory or last_laboratory()
        if location is None:
            raise Invalid("No laboratory has been opened here yet: name one with --laboratory PATH.")
        return location

    def open(self) -> Laboratory:
        """The laboratory with the person signed in; it is closed when the command ends."""
        from forensics.services.laboratories import demand_there, open_laboratory
        from forensics.services.workstation import remember_laboratory

        location = self.location()
        demand_there(location)
        person = self.login()
        password, passphrase = self.secrets(f"Password of {person}")
        try:
            laboratory = open_laboratory(location, person, password, passphrase)
        except Refused as refusal:
            if self._given or passphrase:
                raise
            passphrase = _ask(f"{refusal}\nPassphrase of the laboratory")
            laboratory = open_laboratory(location, person, password, passphrase)
        remember_laboratory(location)
        click.get_current_context().call_on_close(laboratory.close)
        return laboratory

    def login(self) -> str:
        """The sign-in name that was given, else asked for."""
        if self.person:
            return _demand_text(self.person, "--as")
        _demand_terminal("--as PERSON")
        asked: str = click.prompt("Sign-in name", err=True)
        return asked

    def secret(self, question: str = "Passphrase of the laboratory") -> str:
        """One secret: a person's password or a laboratory's passphrase, as the question says."""
        return self.secrets(question)[0]

    def secrets(self, question: str) -> tuple[str, str]:
        """The first line that was given, else asked for; and the second, if there is one.

        To sign in, the first is the person's password, the second the laboratory's passphrase, which a
        workstation needs the first time.
        """
        return self._given or (_ask(question), "")

    @functools.cached_property
    def _given(self) -> tuple[str, str] | None:
        """The two lines of the file or the descriptor, which can be read only once; None where there is neither."""
        if self.passphrase_file is not None:
            return _two_lines(_read_file(self.passphrase_file), "the passphrase file")
        if self.passphrase_fd is not None:
            return _two_lines(_read_descriptor(self.passphrase_fd), "the passphrase descriptor")
        return None


def _demand_text(given: str, option: str) -> str:
    """What was given, if its bytes are text: the system hands on any."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise Invalid(f"What {option} gives is not text in UTF-8; type it again.") from None
    return given


def _demand_terminal(instead: str) -> None:
    if not sys.stdin.isatty():
        raise Refused(f"There is no terminal to ask on: give {instead}.")


def _ask(question: str) -> str:
    _demand_terminal("--passphrase-file or --passphrase-fd")
    asked: str = click.prompt(question, hide_input=True, err=True)
    return asked


def _read_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Invalid(f"{path} is not text in UTF-8: it must hold the secret on its first line.") from None


def _read_descriptor(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, encoding="utf-8") as stream:
            return stream.read()
    except UnicodeDecodeError:
        raise Invalid(f"What descriptor {descriptor} gives is not text in UTF-8.") from None
    except OSError:
        raise Unavailable(f"Descriptor {descriptor} cannot be read: open it before nomina starts.") from None


def _two_lines(text: str, where: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if not first.strip():
        raise Invalid(f"The first line of {where} is empty: it must hold the secret.")
    return first.rstrip("\r"), rest.partition("\n")[0].rstrip("\r")


def laboratory_options(function: F) -> F:
    """Add --laboratory, --as, --passphrase-file and --passphrase-fd; the command receives `access`."""

    @functools.wraps(function)
    def wrapper(
        *args: Any,
        laboratory: str | None,
        person: str | None,
        passphrase_file: Path | None,
        passphrase_fd: int | None,
        **kwargs: Any,
    ) -> Any:
        access = Access(laboratory, person, passphrase_file, passphrase_fd)
        return function(*args, access=access, **kwargs)

    for option in reversed(_LABORATORY_OPTIONS + _SECRET_OPTIONS):
        wrapper = option(wrapper)
    return wrapper  # type: ignore[return-value]


def secret_options(function: F) -> F:
    """Add --passphrase-file and --passphrase-fd alone, for commands that nobody signs in to; the same `access`."""

    @functools.wraps(function)
    def wrapper(*args: Any, passphrase_file: Path | None, passphrase_fd: int | None, **kwargs: Any) -> Any:
        access = Access(passphrase_file=passphrase_file, passphrase_fd=passphrase_fd)
        return function(*args, access=access, **kwargs)

    for option in reversed(_SECRET_OPTIONS):
        wrapper = option(wrapper)
    return wrapper  # type: ignore[return-value]


_SECRET_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LABORATORY_OPTIONS = [
    click.option(
        "--laboratory", metavar="PATH", help="The laboratory's file or address; else the one last used."
    ),
    click.option("--as", "person", metavar="PERSON", help="The sign-in name of the person who acts."),
]
_SECRET_OPTIONS = [
    click.option(
        "--passphrase-file",
        type=_SECRET_FILE,
        metavar="FILE",
        help="A file with the person's password, and on a second line the laboratory's passphrase if needed.",
    ),
    click.option(
        "--passphrase-fd", type=click.IntRange(0), metavar="N", help="The same from an open descriptor."
    ),
]


def json_option(function: F) -> F:
    """Add --json; the command receives `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="Write JSON for machines.")(function)


def write_json(value: object) -> None:
    """Write `value` to standard output as JSON.

    Dataclasses become objects, enums their values, arrays lists. A number that is not finite has no place in
    JSON and raises `ValueError`: the command must say None, or what it means, instead.
    """
    click.echo(json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, indent=2))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if hasattr(value, "tolist"):  # an array or a number of numpy, without importing numpy here
        return value.tolist()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class Bar:
    """Progress as a bar on a terminal."""

    def __init__(self, bar: Any, task: Any) -> None:
        self._bar = bar
        self._task = task

    def step(self, done: int, total: int, what: str = "") -> None:
        shown = {"description": what} if what else {}
        self._bar.update(self._task, completed=done, total=total, **shown)


@contextmanager
def progress(title: str) -> Iterator[Progress]:
    """A bar on standard error when a person watches, silence otherwise."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import Progress as Rich

    with Rich(console=Console(stderr=True), transient=True) as bar:
        yield Bar(bar, bar.add_task(title, total=None))
