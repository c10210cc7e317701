"""Published inputs and results of other programs, where this machine has them."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def shared(*parts: str) -> Path:
    """A file or folder among the shared inputs; skips the test if it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared input {'/'.join(parts)} is not on this machine")
    return path


def has_shared(*parts: str) -> bool:
    """Whether a shared input is there, for parametrisation at collection time."""
    return SHARED.joinpath(*parts).exists()


@lru_cache(maxsize=8)
def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def expected(*parts: str) -> Any:
    """A JSON file of expected results; skips the test if it is not there. Don't change what it returns."""
    return _load(shared(*parts))
