"""Asking for help costs nothing: what is heavy is imported when it is used."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {
    "PySide6",
    "alembic",
    "dask",
    "distributed",
    "lxml",
    "numba",
    "numpy",
    "pandas",
    "pikepdf",
    "pyhanko",
    "reportlab",
    "rich",
    "scipy",
    "sqlalchemy",
    "svglib",
}

_PROGRAM = """
import sys
from forensics.cli.main import main
status = main(["--help"])
sys.stderr.write(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
sys.exit(status)
"""


def test_help_imports_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert "Usage: nomina" in done.stdout
    assert HEAVY.intersection(done.stderr.split()) == set()
