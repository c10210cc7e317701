"""The command line on a real laboratory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.laboratories import Staffed


@pytest.fixture
def nomina(staffed: Staffed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    """Commands on an empty laboratory with a person in every role."""
    return Commands(staffed, tmp_path, capsys)


@pytest.fixture
def nomina_small(small_lab: Staffed, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Commands:
    """Commands on the demonstration in miniature."""
    return Commands(small_lab, tmp_path, capsys)
