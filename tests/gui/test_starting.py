"""The sign-in window waits for nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = [
    "numba",
    "scipy",
    "reportlab",
    "pyhanko",
    "sqlalchemy",
    "alembic",
    "lxml",
    "pikepdf",
    "svglib",
    "qtawesome",
]
ASK = f"""
import json, sys, time
began = time.perf_counter()
from gui.app import Application, make_application
from gui.laboratories import Real
app = make_application()
application = Application(Real())
application.ask()
app.processEvents()
took = time.perf_counter() - began
print(json.dumps([took, [name for name in {HEAVY!r} if name in sys.modules]]))
application.start.finish()
"""


def test_the_sign_in_window_is_there_before_anything_heavy_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, timeout=60, check=True)
    took, heavy = json.loads(done.stdout.splitlines()[-1])
    assert heavy == []
    assert took < 6  # under one second on a quiet machine; the bound allows for a busy one


LEAVE = """
import sys
from pathlib import Path
from pathlib import Path
from PySide6.QtCore import QTimer
from gui.app import make_application, run
app = make_application()
QTimer.singleShot(800, app.closeAllWindows)
sys.exit(run(Path(sys.argv[1])))
"""


def test_the_application_ends_when_its_last_window_is_closed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LEAVE, str(tmp_path / "some.nomina")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (
        done.returncode,
        done.stderr.replace("This plugin does not support propagateSizeHints()\n", ""),
    ) == (0, "")
