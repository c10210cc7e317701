"""Files and addresses that can't be used end in a sentence, and leave what was there as it was."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from forensics.domain.errors import Invalid, NominaError, Refused, Unavailable
from forensics.services.laboratories import NewLaboratory, create_laboratory, open_laboratory
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed


def new(path: Path | str) -> NewLaboratory:
    return NewLaboratory(str(path), "Laboratory", "Ada", "ada", PASSWORD, PASSPHRASE)


def opened(path: Path | str, password: str = PASSWORD, passphrase: str = PASSPHRASE) -> None:
    open_laboratory(str(path), "admin", password, passphrase).close()


@pytest.mark.parametrize(
    ("name", "words"),
    [("x" * 300 + ".nomina", "too long"), ("a\0b.nomina", "No file can have this name")],
)
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(NominaError, match=words):
        create_laboratory(new(tmp_path / name))
    with pytest.raises(Unavailable, match="There is no laboratory"):
        opened(f"{tmp_path}/{name}")
    assert list(tmp_path.iterdir()) == []


def test_of_two_who_create_at_once_the_later_destroys_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "laboratory.nomina"
    create_laboratory(new(path)).close()
    before = path.read_bytes()
    monkeypatch.setattr(Path, "exists", lambda *_, **__: False)  # the other was a moment faster
    with pytest.raises(Invalid, match="exists already"):
        create_laboratory(new(path))
    assert path.read_bytes() == before


def test_an_address_that_can_not_be_read() -> None:
    with pytest.raises(Invalid, match="no address of a database"):
        opened("postgresql://[::bad/laboratory")


def test_a_place_for_keys_that_can_not_be_written_only_costs_the_passphrase(staffed: Staffed) -> None:
    staffed.close()
    slots = Path(staffed.location + "-keys")
    slots.unlink()
    slots.mkdir()
    opened(staffed.location)
    assert sorted(path.name for path in slots.parent.iterdir() if "keys" in path.name) == [slots.name]
    with pytest.raises(Refused, match="passphrase once"):
        opened(staffed.location, passphrase="")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize(("mode", "words"), [(0o444, "can't be written to"), (0o000, "can't be read")])
def test_a_file_without_permission_is_told_from_a_wrong_passphrase(
    staffed: Staffed, mode: int, words: str
) -> None:
    staffed.close()
    path = Path(staffed.location)
    Path(staffed.location + "-keys").unlink()
    said = _as_nobody(path, mode)
    assert words in said, said


def _as_nobody(path: Path, mode: int) -> str:
    """What opening says to a person without rights; root lays down the rights for that moment."""
    folders = [p for p in path.parents if len(p.parts) > 2] if os.geteuid() == 0 else [path.parent]
    before = {folder: folder.stat().st_mode for folder in folders}
    for folder in folders:
        folder.chmod(0o755)
    path.chmod(mode)
    path.parent.chmod(0o555)
    me = os.geteuid()
    try:
        if me == 0:
            os.seteuid(65534)
        opened(path)
        return "opened"
    except NominaError as error:
        return str(error)
    finally:
        os.seteuid(me)
        for folder, was in before.items():
            folder.chmod(was)


def test_a_disk_that_fills_while_a_laboratory_is_made_leaves_nothing(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        with pytest.raises(Unavailable, match="disk is full"):
            create_laboratory(new(tmp_path / "laboratory.nomina"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    assert list(tmp_path.iterdir()) == []
