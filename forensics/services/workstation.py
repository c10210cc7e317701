"""What this workstation remembers by itself: the laboratory last used, and where bug reports are kept.

Nothing here belongs to a case. The folders follow the habits of the system (`platformdirs`).
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

APPLICATION = "nomina"


def state_folder() -> Path:
    """The folder of this person's own state, made when it is missing."""
    from platformdirs import user_state_path

    return user_state_path(APPLICATION, appauthor=False, ensure_exists=True)


def last_laboratory() -> str | None:
    """The file or address of the laboratory that was opened last here; None if its file is gone."""
    note = state_folder() / "last-laboratory"
    if not note.exists():
        return None
    location = os.fsdecode(note.read_bytes()).strip()
    if not location:
        return None
    return location if _is_address(location) or Path(location).exists() else None


def remember_laboratory(location: str | Path) -> None:
    """Make this file or server the laboratory that is offered next time; an address loses its password."""
    kept = _without_password(str(location)) if _is_address(str(location)) else str(Path(location).resolve())
    (state_folder() / "last-laboratory").write_bytes(os.fsencode(f"{kept}\n"))  # a name may be no UTF-8


def _is_address(location: str) -> bool:
    return "://" in location


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    user, at, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=user.partition(":")[0] + at + host))


def bug_folder() -> Path:
    """Where the reports of bugs are written, made when it is missing."""
    folder = state_folder() / "bugs"
    folder.mkdir(exist_ok=True)
    return folder


def demonstration_file() -> Path:
    """The file of this person's demonstration laboratory, whether it was made already or not."""
    from platformdirs import user_data_path

    return user_data_path(APPLICATION, appauthor=False) / "demonstration" / "demonstration.nomina"
