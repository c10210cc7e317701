"""What every test gets: a home of its own, a window without a screen, and the real servers on request.

The environment is set before any test module is imported, because Qt, numba and platformdirs read it once.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.display import display
from tests.support.laboratories import cheap_passwords, empty_template, small_lab, small_template, staffed
from tests.support.postgres import fresh_database, postgres

__all__ = [
    "cheap_passwords",
    "display",
    "empty_template",
    "fresh_database",
    "postgres",
    "repository",
    "shared",
    "small_lab",
    "small_template",
    "staffed",
]

REPOSITORY = Path(__file__).resolve().parents[1]
_HOME = Path(tempfile.mkdtemp(prefix="nomina-home-"))


def _isolate(home: Path) -> None:
    """No test reads or writes what belongs to the person who runs it."""
    os.environ["HOME"] = str(home)
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    os.environ["XDG_RUNTIME_DIR"] = str(home / "runtime")
    (home / "runtime").mkdir(mode=0o700)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(REPOSITORY / ".cache" / "numba"))


_isolate(_HOME)
settings.register_profile("nomina", deadline=None, database=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("nomina"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "nomina")


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def collected(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test of the window leaves its garbage to the window's thread, as the program does (`gui.collecting`)."""
    if "qapp" not in request.fixturenames and "qtbot" not in request.fixturenames:
        yield
        return
    gc.disable()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The top of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of oracles, corpus and frequency tables that may stand beside the repository."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "oracle").is_dir():
        pytest.skip("the folder of oracles and corpus is not beside this repository")
    return folder
