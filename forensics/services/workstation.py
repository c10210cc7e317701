"""What this workstation remembers by itself: the laboratory last used, and where bug reports are kept.

Nothing here belongs to a case. The folders follow the habits of the system (`platformdirs`).
"""

from __future__ import annotations

from pathlib import Path

APPLICATION = "nomina"


def state_folder() -> Path:
    """The folder of this person's own state, made when it is missing."""
    from platformdirs import user_state_path

    return user_state_path(APPLICATION, appauthor=False, ensure_exists=True)


def last_laboratory() -> Path | None:
    """The laboratory that was opened last on this workstation, if it is still there."""
    note = state_folder() / "last-laboratory"
    if not note.exists():
        return None
    path = Path(note.read_text(encoding="utf-8").strip())
    return path if path.exists() else None


def remember_laboratory(path: Path) -> None:
    """Make `path` the laboratory that is offered next time."""
    note = state_folder() / "last-laboratory"
    note.write_text(f"{path.resolve()}\n", encoding="utf-8")


def bug_folder() -> Path:
    """Where the reports of bugs are written, made when it is missing."""
    folder = state_folder() / "bugs"
    folder.mkdir(exist_ok=True)
    return folder
