"""The command line before a person's eyes: asking without showing, and a bar that leaves nothing behind."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

_PROGRAM = """
import sys, time, click
from forensics.cli.common import Access, laboratory_options, progress

@click.command()
@laboratory_options
def ask(access):
    secret = access.secret("Password of ines")
    with progress("Comparing") as watched:
        for done in range(20):
            watched.step(done, 20, "Comparing remains")
            time.sleep(0.02)
    click.echo(f"read {len(secret)} letters")

ask()
"""


def _on_a_terminal(program: str, typed: bytes) -> tuple[int, str]:
    """Run a program on a terminal of its own, type when it asks; its status and all that was shown."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    while part := _read(ours):
        shown += part
        if typed and shown.rstrip().endswith(b":"):
            os.write(ours, typed)
            typed = b""
    os.close(ours)
    return child.wait(60), shown.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other side has closed
        return b""


def test_a_secret_is_asked_for_and_never_shown() -> None:
    status, shown = _on_a_terminal(_PROGRAM, b"four quiet words\n")
    assert status == 0
    assert "Password of ines:" in shown
    assert "read 16 letters" in shown
    assert "four" not in shown


def test_long_work_shows_a_bar_on_a_terminal() -> None:
    _, shown = _on_a_terminal(_PROGRAM, b"four quiet words\n")
    assert "Comparing remains" in shown
    assert "%" in shown
