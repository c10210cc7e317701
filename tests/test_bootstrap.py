"""Set-up on a fresh machine: what it says, and what it leaves alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from tests.support.source import TOP


def test_an_older_python_is_told_what_it_needs() -> None:
    text = (TOP / "bootstrap.py").read_text(encoding="utf-8")
    program = f"import sys; sys.version_info = (3, 9, 2); exec({text!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Nomina needs Python 3.11 or newer, and this is Python 3.9: ")


def test_an_older_python_can_read_the_file_far_enough_to_say_so() -> None:
    ast.parse((TOP / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_set_up_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((TOP / "bootstrap.py").read_text(encoding="utf-8"))
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    parts = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.split(".")[0] for name in plain + parts} - set(sys.stdlib_module_names) == set()


def test_the_libraries_that_are_missing_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    have = "\n\t".join(
        f"{name} (libc6,x86-64) => x" for name in bootstrap.WINDOW_LIBRARIES if "cursor" not in name
    )
    monkeypatch.setattr(bootstrap, "known_libraries", lambda: f"17 libs found\n\t{have}\n")
    monkeypatch.setattr(bootstrap, "can_install", lambda: False)
    with pytest.raises(bootstrap.SetupError, match=r"sudo apt-get install libxcb-cursor0$"):
        bootstrap.bring_system_parts(for_tests=False)


def test_missing_test_programs_are_named_and_do_not_stop_set_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "known_libraries", lambda: None)
    monkeypatch.setattr(bootstrap, "TEST_PROGRAMS", {"usr/bin/no-such-program": "no-such-package"})
    monkeypatch.setattr(bootstrap, "can_install", lambda: False)
    bootstrap.bring_system_parts(for_tests=True)
    assert "apt-get install no-such-package" in capsys.readouterr().out


def test_an_installation_is_stale_when_what_it_depends_on_changes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stamp, lock = tmp_path / "stamp", tmp_path / "lock.txt"
    monkeypatch.setattr(bootstrap, "STAMP", stamp)
    lock.write_text("click==8.5.1")
    assert not bootstrap.is_installed([lock])
    stamp.write_text(bootstrap.digest(lock) + "\n")
    assert bootstrap.is_installed([lock])
    lock.write_text("click==8.5.2")
    assert not bootstrap.is_installed([lock])


def test_another_python_does_not_leak_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "kept")
    environment = bootstrap.clean_environment()
    assert "PYTHONPATH" not in environment
    assert environment["PIP_EXTRA_INDEX_URL"] == "kept"
    assert environment["PATH"].startswith(str(bootstrap.BIN))
