"""`nomina restore` asks for the passphrase from a file or a descriptor; the way there and back is in test_backup."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.commands import Commands
from tests.support.laboratories import PASSPHRASE


def test_the_passphrase_comes_from_a_descriptor(nomina: Commands, tmp_path: Path) -> None:
    copy, target = tmp_path / "copy.nomina", tmp_path / "back.nomina"
    assert nomina.as_("admin", "backup", copy).status == 0
    read, write = os.pipe()
    os.write(write, f"{PASSPHRASE}\n".encode())
    os.close(write)
    said = nomina("restore", copy, target, "--passphrase-fd", str(read))
    assert said.status == 0
    assert "audit whole" in said.out
    assert target.exists()


def test_the_help_shows_only_what_is_used(nomina: Commands) -> None:
    said = nomina("restore", "--help").out
    assert "--passphrase-fd" in said
    assert "--laboratory" not in said
    assert "--as" not in said
    assert nomina.as_("admin", "restore", nomina.secrets, nomina.secrets).status == 2


def test_without_a_terminal_it_says_how_to_give_the_passphrase(nomina: Commands, tmp_path: Path) -> None:
    copy = tmp_path / "copy.nomina"
    assert nomina.as_("admin", "backup", copy).status == 0
    assert (
        "--passphrase-file or --passphrase-fd" in nomina("restore", copy, tmp_path / "back.nomina").refused()
    )


def test_a_backup_that_is_not_there_is_wrong_usage(nomina: Commands, tmp_path: Path) -> None:
    assert nomina("restore", tmp_path / "none", tmp_path / "back.nomina").status == 2
