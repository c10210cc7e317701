"""Passwords, wrapped keys and key slots."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from forensics.domain.errors import Refused, Unavailable
from forensics.persistence import keys


def test_the_right_password_verifies_and_no_other() -> None:
    record = keys.password_record(keys.stretch("correct horse"))
    assert keys.verify_password(record, "correct horse") is not None
    assert keys.verify_password(record, "correct horsf") is None
    assert keys.verify_password("", "") is None


def test_a_password_that_was_stretched_with_the_same_salt_is_not_stretched_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = keys.stretch("correct horse")
    record = keys.password_record(right)
    wrong = keys.stretch("correct horsf", right.salt)
    elsewhere = keys.stretch("correct horse")
    assert keys.verify_password(record, "correct horse", elsewhere) == right  # another salt says nothing
    monkeypatch.setattr(keys, "stretch", None)
    assert keys.verify_password(record, "correct horse", right) is right
    assert keys.verify_password(record, "correct horsf", wrong) is None


def test_a_sealed_secret_opens_with_its_key_alone() -> None:
    sealed = keys.wrap(b"k" * 32, b"secret")
    assert keys.unwrap(b"k" * 32, sealed) == b"secret"
    with pytest.raises(Refused):
        keys.unwrap(b"x" * 32, sealed)
    with pytest.raises(Refused):
        keys.unwrap(b"k" * 32, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_a_personal_slot_holds_the_vault_key_and_an_own_secret() -> None:
    stretched = keys.stretch("password")
    vault, own = keys.open_slot(stretched, keys.personal_slot(stretched, b"v" * 32))
    assert vault == b"v" * 32
    assert len(own) == 32
    assert keys.open_slot(stretched, keys.personal_slot(stretched, b"v" * 32, own))[1] == own


def _key(slots: keys.SlotFile, login: str, password: str) -> bytes:
    """What the person's slot opens."""
    opened = slots.open(login, password)
    assert opened is not None
    return opened[0]


def test_slots_beside_the_file_open_it_and_name_nobody(tmp_path: Path) -> None:
    slots = keys.SlotFile(tmp_path / "lab.nomina")
    assert slots.open("ana", "password") is None
    slots.put("ana", keys.stretch("password"), b"k" * 32)
    slots.put("ben", keys.stretch("another"), b"k" * 32)
    assert _key(slots, "ana", "password") == b"k" * 32
    assert _key(slots, "Ana", "password") == b"k" * 32
    assert slots.open("ana", "another") is None
    assert b"ana" not in slots.path.read_bytes()
    slots.remove("ana")
    assert slots.open("ana", "password") is None
    assert _key(slots, "ben", "another") == b"k" * 32


def test_a_damaged_slot_file_is_only_a_lost_convenience(tmp_path: Path) -> None:
    slots = keys.SlotFile(tmp_path / "lab.nomina")
    slots.path.write_text('{"slots": {"x": 1')
    assert slots.open("ana", "password") is None
    slots.put("ana", keys.stretch("password"), b"k" * 32)
    assert _key(slots, "ana", "password") == b"k" * 32


def test_the_real_cost_follows_the_recommendation() -> None:
    """RFC 9106, 4: 64 MiB and three passes where memory is scarce. The tests lower it, the program must not."""
    code = "from forensics.persistence import keys; print(keys.TIME_COST, keys.MEMORY_KIB, keys.LANES)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "65536", "4"]


def test_a_slot_that_can_not_be_taken_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slots = keys.SlotFile(tmp_path / "lab.nomina")
    slots.put("ana", keys.stretch("password"), b"k" * 32)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(slots, "_write", full)
    with pytest.raises(Unavailable, match="delete that file"):
        slots.remove("ana")
