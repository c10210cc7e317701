"""`nomina backup` and `nomina restore`: there and back, with nothing lost and nothing overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.services import auditing
from forensics.services.laboratories import open_laboratory
from tests.support.commands import Commands
from tests.support.laboratories import PASSPHRASE, PASSWORD


@pytest.fixture
def backup(nomina: Commands, tmp_path: Path) -> Path:
    target = tmp_path / "copy.nomina"
    said = nomina.as_("admin", "backup", target)
    assert said.status == 0, said.err
    return target


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return path


def test_a_backup_comes_back_with_everything(
    nomina: Commands, backup: Path, passphrase: Path, tmp_path: Path
) -> None:
    head = nomina.labs.admin.run(auditing.head)
    target = tmp_path / "back.nomina"
    said = nomina("restore", backup, target, "--passphrase-file", passphrase, "--json")
    assert said.status == 0
    assert said.json == {"laboratory": str(target), "entries": head.sequence, "head": head.digest}
    lab = open_laboratory(str(target), "admin", PASSWORD, PASSPHRASE)
    assert lab.run(auditing.head) == head
    lab.close()


def test_a_folder_gets_a_dated_copy(nomina: Commands, tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    folder.mkdir()
    said = nomina.as_("admin", "backup", folder, "--json")
    (copy,) = folder.iterdir()
    assert said.json["backup"] == str(copy)
    assert copy.name.startswith("laboratory-20")
    assert copy.suffix == ".nomina"
    assert PASSWORD.encode() not in copy.read_bytes()
    assert b"SQLite format 3" not in copy.read_bytes()


def test_nothing_is_overwritten(nomina: Commands, backup: Path, passphrase: Path) -> None:
    content = backup.read_bytes()
    assert "exists already" in nomina.as_("admin", "backup", backup).refused()
    again = nomina("restore", backup, nomina.labs.location, "--passphrase-file", passphrase)
    assert "exists already" in again.refused()
    assert backup.read_bytes() == content


def test_only_who_may_back_up_does(nomina: Commands, tmp_path: Path) -> None:
    assert "may not back up" in nomina.as_("analyst", "backup", tmp_path / "mine.nomina").refused()
    assert not (tmp_path / "mine.nomina").exists()


def test_a_wrong_passphrase_or_a_damaged_copy_restores_nothing(
    nomina: Commands, backup: Path, passphrase: Path, tmp_path: Path
) -> None:
    target, wrong = tmp_path / "back.nomina", tmp_path / "wrong"
    wrong.write_text("another passphrase\n")
    assert "does not open" in nomina("restore", backup, target, "--passphrase-file", wrong).refused()
    damaged = bytearray(backup.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    backup.write_bytes(damaged)
    assert nomina("restore", backup, target, "--passphrase-file", passphrase).refused()
    backup.write_bytes(damaged[: len(damaged) // 2 - 100])
    assert "cut short" in nomina("restore", backup, target, "--passphrase-file", passphrase).refused()
    assert not target.exists()


def test_restoring_signs_nobody_in(nomina: Commands, backup: Path, tmp_path: Path) -> None:
    said = nomina.as_("admin", "restore", backup, tmp_path / "back.nomina")
    assert said.status == 2
    assert "No such option '--laboratory'" in said.err
