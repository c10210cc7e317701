"""The layers hold: who may import whom is written in `pyproject.toml` and checked here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.source import TOP


def test_every_import_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_domain_needs_nothing_but_the_standard_library_when_it_runs() -> None:
    program = """
import pkgutil, sys
import forensics.domain as domain
for found in pkgutil.walk_packages(domain.__path__, "forensics.domain."):
    __import__(found.name)
tops = {name.split(".")[0] for name in sys.modules}
known = set(sys.stdlib_module_names) | {"forensics", "__main__"}
print(*sorted(name for name in tops - known if not name.startswith(("_", "sitecustomize"))))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
