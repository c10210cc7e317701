"""What a laboratory's file must be before it is trusted, and what a person reads when it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forensics.domain.errors import Refused, Unavailable
from forensics.persistence import engine as engines
from forensics.persistence import upgrading

KEY = bytes(range(32))
SALT = bytes(range(16))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A laboratory's file, closed."""
    path = tmp_path / "lab.nomina"
    engine = engines.embedded(path, KEY + SALT, create=True)
    upgrading.upgrade(engine)
    engine.dispose()
    return path


def test_the_file_is_encrypted_and_begins_with_its_salt(file: Path) -> None:
    content = file.read_bytes()
    assert content[:16] == SALT
    assert b"remains_item" not in content
    assert b"SQLite" not in content


def test_every_connection_reads_its_settings_back(file: Path) -> None:
    engine = engines.embedded(file, KEY)
    with engine.connect() as connection:
        for name, expected in (
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("recursive_triggers", 1),
        ):
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == expected
    engine.dispose()


def test_another_key_is_refused_in_a_sentence(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    engine = engines.embedded(file, bytes(32))
    with pytest.raises(Refused, match="passphrase does not open"), engine.connect():
        pass
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("kept", [0, 100, 5000, 4096 * 3])
def test_a_file_that_was_cut_short_is_told(file: Path, kept: int) -> None:
    os.truncate(file, kept)
    with pytest.raises((Unavailable, Refused), match=r"cut short|damaged"):
        engine = engines.embedded(file, KEY)
        engines.demand_all_pages(engine, file)


def test_a_changed_page_is_told(file: Path) -> None:
    """Whether the damaged page only fails its seal or keeps the check itself from being made."""
    whole = file.read_bytes()
    pages = len(whole) // 4096
    for page in range(1, pages, pages // 5):
        place = page * 4096 + 100
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        engine = engines.embedded(file, KEY)
        with pytest.raises(Unavailable, match="is damaged"):
            engines.demand_intact(engine, file.name)
        engine.dispose()
    file.write_bytes(whole)
    engine = engines.embedded(file, KEY)
    engines.demand_intact(engine, file.name)
    engine.dispose()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can't be read"):
        engines.embedded(tmp_path / "nothing.nomina", KEY)


def test_a_network_share_is_refused_with_the_reason(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"rootfs / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    assert engines.filesystem(tmp_path / "lab.nomina", mounts) == "nfs4"
    assert engines.filesystem(Path("/etc/hosts"), mounts) == "ext4"


def test_on_a_network_share_no_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "filesystem", lambda _: "cifs")
    with pytest.raises(Refused, match="network share"):
        engines.embedded(tmp_path / "lab.nomina", KEY + SALT, create=True)
    assert list(tmp_path.iterdir()) == []
