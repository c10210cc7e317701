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
from typing import Any, TypeVar
from uuid import UUID

import click

from forensics.domain.errors import Invalid, Refused, Unavailable
from forensics.domain.progress import Progress, Silent

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Which laboratory is meant, who asks, and where the secret comes from."""

    laboratory: Path | None = None
    person: str | None = None
    passphrase_file: Path | None = None
    passphrase_fd: int | None = None

    def path(self) -> Path:
        """The laboratory that was named, else the one last used on this workstation."""
        from forensics.services.workstation import last_laboratory

        path = self.laboratory or last_laboratory()
        if path is None:
            raise Invalid("No laboratory has been opened here yet: name one with --laboratory PATH.")
        return path

    def secret(self) -> str:
        """The person's password, or the laboratory's passphrase when nobody is named."""
        if self.passphrase_file is not None:
            return _first_line(self.passphrase_file.read_text(encoding="utf-8"), "the passphrase file")
        if self.passphrase_fd is not None:
            return _first_line(_read_descriptor(self.passphrase_fd), "the passphrase descriptor")
        if not sys.stdin.isatty():
            raise Refused("There is no terminal to ask on: give --passphrase-file or --passphrase-fd.")
        asked: str = click.prompt(self._question(), hide_input=True, err=True)
        return asked

    def _question(self) -> str:
        return f"Password of {self.person}" if self.person else "Passphrase of the laboratory"


def _read_descriptor(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        raise Unavailable(f"Descriptor {descriptor} cannot be read: open it before nomina starts.") from None


def _first_line(text: str, where: str) -> str:
    line = text.split("\n", 1)[0].rstrip("\r")
    if not line:
        raise Invalid(f"The first line of {where} is empty: it must hold the secret.")
    return line


def laboratory_options(function: F) -> F:
    """Add --laboratory, --as, --passphrase-file and --passphrase-fd; the command receives `access`."""

    @functools.wraps(function)
    def wrapper(
        *args: Any,
        laboratory: Path | None,
        person: str | None,
        passphrase_file: Path | None,
        passphrase_fd: int | None,
        **kwargs: Any,
    ) -> Any:
        access = Access(laboratory, person, passphrase_file, passphrase_fd)
        return function(*args, access=access, **kwargs)

    for option in reversed(_LABORATORY_OPTIONS):
        wrapper = option(wrapper)
    return wrapper  # type: ignore[return-value]


_FILE = click.Path(exists=True, path_type=Path)
_LABORATORY_OPTIONS = [
    click.option("--laboratory", type=_FILE, metavar="PATH", help="The laboratory; else the one last used."),
    click.option("--as", "person", metavar="PERSON", help="The sign-in name of the person who acts."),
    click.option(
        "--passphrase-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="A file whose first line is the secret.",
    ),
    click.option(
        "--passphrase-fd",
        type=click.IntRange(0),
        metavar="N",
        help="An open descriptor with the secret.",
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
