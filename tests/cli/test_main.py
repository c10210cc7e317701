"""The command line as a person and a script meet it: exit status, one sentence, no traceback."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from forensics.cli import main as cli
from forensics.domain.errors import Refused
from forensics.services.workstation import bug_folder

Main = Callable[[Callable[[], object]], int]


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "forensics.cli.main", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="only here may a file's name be any bytes")
@pytest.mark.parametrize("machine", [False, True])
def test_a_name_that_is_no_text_is_shown_as_codes(tmp_path: Path, machine: bool) -> None:
    name = os.fsdecode(b"odd \xff.json")
    (tmp_path / name).write_text("[]")
    env = os.environ | {"PYTHONIOENCODING": "utf-8:strict"}
    options = ["--json"] if machine else []
    for command in (["verify"], ["import", "--dry-run"], ["lr"], ["power"]):
        done = run(*command, str(tmp_path / name), *options, env=env)
        assert done.returncode in (1, 2), done
        assert "Traceback" not in done.stderr
        assert "fault of Nomina" not in done.stderr
        assert "Unicode" not in done.stdout + done.stderr


@pytest.fixture
def main_with(monkeypatch: pytest.MonkeyPatch) -> Main:
    """Run the real `main` on a group whose only command does what the test wants."""

    def runs(act: Callable[[], object]) -> int:
        group = click.Group("nomina")
        group.add_command(click.Command("act", callback=act))
        monkeypatch.setattr(cli, "nomina", group)
        return cli.main(["act"])

    return runs


def _raises(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_help_lists_commands_and_succeeds() -> None:
    done = run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Follow the dead and the missing" in done.stdout


def test_only_commands_that_exist_are_listed() -> None:
    listed = cli.nomina.list_commands(click.Context(cli.nomina))
    for name in listed:
        command = cli.nomina.get_command(click.Context(cli.nomina), name)
        assert isinstance(command, click.Command), name


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"]])
def test_wrong_usage_ends_with_status_2_and_says_how_to_get_help(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert "nomina --help" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_refusal_is_one_sentence_on_standard_error(
    main_with: Main, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_with(_raises(Refused("The sample is released: ask its custodian to take it back."))) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "The sample is released: ask its custodian to take it back.\n")


def test_a_bug_leaves_a_report_that_names_nobody(main_with: Main, capsys: pytest.CaptureFixture[str]) -> None:
    assert main_with(_raises(KeyError("Amina Hadžić"))) == 1
    said = capsys.readouterr().err
    (report,) = bug_folder().glob("*.txt")
    written = report.read_text(encoding="utf-8")
    report.unlink()
    assert str(report) in said
    assert "Traceback" not in said
    assert "Amina" not in written + said
    assert "KeyError" in written
    assert "forensics/cli/main.py" in written
    assert str(Path.cwd()) not in written


def test_the_status_that_a_command_returns_is_the_exit_status(main_with: Main) -> None:
    assert [main_with(lambda: 1), main_with(lambda: None)] == [1, 0]


def test_a_command_that_is_interrupted_ends_quietly(
    main_with: Main, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_with(_raises(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err.strip() == ""


def test_a_missing_right_on_a_file_is_said_and_is_no_bug(
    main_with: Main, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_with(_raises(PermissionError(errno.EACCES, "Permission denied", "case.json"))) == 1
    assert capsys.readouterr().err == "The system refuses: Permission denied (case.json).\n"
    assert list(bug_folder().iterdir()) == []


_WRITES = """
import sys, click
from forensics.cli import main as cli
cli.nomina = click.Group("nomina")
cli.nomina.add_command(click.Command("act", callback=lambda: sys.stdout.write("one line")))
sys.exit(cli.main(["act"]))
"""


@pytest.mark.parametrize("program", [["-m", "forensics.cli.main", "--help"], ["-c", _WRITES]])
def test_a_reader_that_goes_away_causes_no_noise(program: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        done = subprocess.run(
            [sys.executable, *program], stdout=gone, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "")


def test_without_a_display_the_window_is_refused_in_a_sentence() -> None:
    bare = {name: value for name, value in os.environ.items() if name not in cli._DISPLAYS}
    done = run(env=bare)
    assert done.returncode == 1
    assert "no display" in done.stderr
