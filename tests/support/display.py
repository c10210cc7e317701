"""A screen for real windows: an X server in memory, and pictures of what it shows."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_PICTURE = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
sys.exit(0 if app.primaryScreen().grabWindow(0).save(sys.argv[1]) else 1)
"""


@dataclass(frozen=True)
class Display:
    """A running X server; programs started with `environment` open real windows on it."""

    name: str

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb"}

    def picture(self, path: Path) -> Path:
        """Write what the whole screen shows now as a PNG file."""
        subprocess.run([sys.executable, "-c", _PICTURE, path], env=self.environment, check=True, timeout=60)
        return path


def open_display(width: int, height: int) -> tuple[subprocess.Popen[str], Display]:
    """Start an X server of the given size in pixels on the first free number."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("Xvfb is not installed (Debian package xvfb)")
    read, write = os.pipe()
    process = subprocess.Popen(
        [
            xvfb,
            "-displayfd",
            str(write),
            "-screen",
            "0",
            f"{width}x{height}x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ],
        pass_fds=(write,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    if not number:
        process.wait(10)
        raise RuntimeError("Xvfb did not start")
    return process, Display(f":{number}")


@pytest.fixture(scope="session")
def display() -> Iterator[Display]:
    """A screen of 1920 by 1080 pixels for this test process."""
    process, screen = open_display(1920, 1080)
    yield screen
    process.terminate()
    process.wait(10)
