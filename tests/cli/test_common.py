"""The options that commands share, and their output for machines."""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from uuid import UUID

import click
import numpy as np
import pytest
from click.testing import CliRunner

from forensics.cli.common import Access, json_option, laboratory_options, write_json
from forensics.domain.errors import Invalid, Refused
from forensics.services.door import Laboratory
from forensics.services.laboratories import NewLaboratory, create_laboratory
from forensics.services.workstation import last_laboratory, remember_laboratory, state_folder


@click.command()
@laboratory_options
@json_option
def example(access: Access, as_json: bool) -> None:
    click.echo(f"{Path(access.location()).name} {access.person} {access.secret()} {as_json}")


@pytest.fixture
def laboratory(tmp_path: Path) -> Path:
    path = tmp_path / "valley.nomina"
    path.write_bytes(b"")
    return path


def test_the_laboratory_the_person_and_the_secret_reach_the_command(laboratory: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("four quiet words\nsecond line\n")
    arguments = ["--laboratory", str(laboratory), "--as", "ines", "--passphrase-file", str(secret), "--json"]
    assert CliRunner().invoke(example, arguments).output == "valley.nomina ines four quiet words True\n"


def test_a_secret_is_read_from_a_descriptor() -> None:
    read, write = os.pipe()
    os.write(write, b"four quiet words\n")
    os.close(write)
    assert Access(passphrase_fd=read).secret() == "four quiet words"


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "secret"
    empty.write_text("\n")
    with pytest.raises(Invalid, match="is empty"):
        Access(passphrase_file=empty).secret()


def test_without_a_terminal_nobody_is_asked() -> None:
    done = CliRunner().invoke(example, ["--laboratory", "."])
    assert isinstance(done.exception, Refused)
    assert "--passphrase-file" in str(done.exception)


def test_the_second_line_is_the_passphrase_of_the_laboratory(tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    file.write_text("four quiet words\r\nstone river lamp\r\n", newline="")
    assert Access(passphrase_file=file).secrets("Password") == ("four quiet words", "stone river lamp")


def test_an_address_is_remembered_without_its_password() -> None:
    remember_laboratory("postgresql://ines:secret@db.example:5432/valley")
    assert last_laboratory() == "postgresql://ines@db.example:5432/valley"
    (state_folder() / "last-laboratory").unlink()


def test_a_laboratory_opens_for_the_person_and_is_closed_with_the_command(tmp_path: Path) -> None:
    path = tmp_path / "valley.nomina"
    new = NewLaboratory(str(path), "Valley", "Inês", "ines", "four quiet words", "stone river lamp")
    create_laboratory(new).close()
    secrets = tmp_path / "secrets"
    secrets.write_text("four quiet words\nstone river lamp\n")
    seen: list[Laboratory] = []

    @click.command()
    @laboratory_options
    def who(access: Access) -> None:
        seen.append(access.open())
        click.echo(seen[0].person.name)

    asked = ["--laboratory", str(path), "--as", "ines", "--passphrase-file", str(secrets)]
    assert CliRunner().invoke(who, asked, catch_exceptions=False).output == "Inês\n"
    assert last_laboratory() == str(path)
    assert not path.with_name("valley.nomina-wal").exists(), "the last connection to close clears the log"
    secrets.write_text("a wrong password\n")
    assert isinstance(CliRunner().invoke(who, asked).exception, Refused)


@pytest.mark.skipif(sys.platform != "linux", reason="only here may a file's name be any bytes")
def test_a_laboratory_with_a_name_that_is_no_text_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"val\xff.nomina")
    path.write_bytes(b"")
    remember_laboratory(path)
    assert last_laboratory() == str(path)
    (state_folder() / "last-laboratory").write_text("")
    assert last_laboratory() is None
    (state_folder() / "last-laboratory").unlink()
    with pytest.raises(Invalid, match="What --as gives is not text"):
        Access(person=os.fsdecode(b"a\xff")).login()


@pytest.mark.parametrize("kept", [b"\xff\xfe secret", b"\xff"])
def test_a_secret_that_is_no_text_is_refused(tmp_path: Path, kept: bytes) -> None:
    file = tmp_path / "secrets"
    file.write_bytes(kept)
    with pytest.raises(Invalid, match="not text in UTF-8"):
        Access(passphrase_file=file).secret()
    read, write = os.pipe()
    os.write(write, kept)
    os.close(write)
    with pytest.raises(Invalid, match="not text in UTF-8"):
        Access(passphrase_fd=read).secret()


def test_there_is_no_option_that_holds_a_secret() -> None:
    options = {name for parameter in example.params for name in parameter.opts}
    assert options == {"--laboratory", "--as", "--passphrase-file", "--passphrase-fd", "--json"}


def test_the_laboratory_last_used_is_taken_when_none_is_named(laboratory: Path) -> None:
    remember_laboratory(laboratory)
    assert Access().location() == str(laboratory)
    laboratory.unlink()
    assert last_laboratory() is None
    with pytest.raises(Invalid, match="--laboratory"):
        Access().location()
    (state_folder() / "last-laboratory").unlink()


class Side(Enum):
    LEFT = "left"


@dataclass(frozen=True)
class Bone:
    name: str
    side: Side
    found: datetime
    parts: frozenset[str]
    lengths: np.ndarray


def test_values_become_json_that_any_reader_takes(capsys: pytest.CaptureFixture[str]) -> None:
    bone = Bone(
        "femur", Side.LEFT, datetime(2026, 3, 1, tzinfo=UTC), frozenset({"b", "a"}), np.array([1.5, 2.0])
    )
    write_json({"bone": bone, "id": UUID(int=1), "file": Path("a.pdf"), "log10": np.float64(7.25)})
    assert json.loads(capsys.readouterr().out) == {
        "bone": {
            "name": "femur",
            "side": "left",
            "found": "2026-03-01T00:00:00+00:00",
            "parts": ["a", "b"],
            "lengths": [1.5, 2.0],
        },
        "id": "00000000-0000-0000-0000-000000000001",
        "file": "a.pdf",
        "log10": 7.25,
    }


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_json_lacks_is_never_written(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json({"log10": number})
