"""A report of a bug that names no person: kinds of errors and places in the program, never their words.

The message of an exception may quote a name or an allele, so messages, arguments and values stay out.
"""

from __future__ import annotations

import platform
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from forensics.services.workstation import bug_folder

_ROOTS = ("forensics", "gui", "reports", "migrations", "site-packages")


def describe(error: BaseException, *extra: str) -> str:
    """The report as text; `extra` are lines of the caller that must hold nothing about a case."""
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", _versions(), *extra, ""]
    for cause in _chain(error):
        lines.append(type(cause).__qualname__)
        lines += [_place(frame) for frame in traceback.extract_tb(cause.__traceback__)]
    return "\n".join(lines) + "\n"


def write_report(error: BaseException, *extra: str) -> Path:
    """Write the report into the workstation's folder of bugs; the path is for the person to see."""
    path = bug_folder() / f"bug-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.txt"
    path.write_text(describe(error, *extra), encoding="utf-8")
    return path


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__


def _versions() -> str:
    return f"Nomina {version('nomina')}, Python {platform.python_version()}, {platform.system()}"


def _place(frame: traceback.FrameSummary) -> str:
    """The file from its package on, without the folders of this machine, which may name a person."""
    parts = Path(frame.filename).parts
    inside = [index for index, part in enumerate(parts) if part in _ROOTS]
    start = inside[-1] if inside else len(parts) - 1
    return f"  {'/'.join(parts[start:])}:{frame.lineno} {frame.name}"
