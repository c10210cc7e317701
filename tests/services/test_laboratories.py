"""Creating, opening, backing up, restoring: on a real encrypted file and on a real server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forensics.domain.errors import Invalid, Refused, Unavailable
from forensics.domain.people import Role
from forensics.persistence import keys, upgrading
from forensics.services import operations, people
from forensics.services.laboratories import (
    NewLaboratory,
    back_up,
    create_laboratory,
    open_laboratory,
    restore,
)
from tests.support.laboratories import PASSPHRASE, PASSWORD, Staffed
from tests.support.postgres import Server


def _new(location: str, **changes: str) -> NewLaboratory:
    fields = {
        "location": location,
        "name": "Laboratory",
        "administrator": "Ada",
        "login": "ada",
        "password": PASSWORD,
        "passphrase": PASSPHRASE,
    }
    return NewLaboratory(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "lab.nomina")
    server: Server = request.getfixturevalue("postgres")
    return server.url(server.create())


def test_created_closed_and_opened_again(location: str) -> None:
    create_laboratory(_new(location)).close()
    laboratory = open_laboratory(location, "ada", PASSWORD)
    assert laboratory.name == "Laboratory"
    assert laboratory.roles == {Role.ADMINISTRATOR}
    laboratory.close()


def test_nobody_opens_it_with_a_wrong_password(location: str) -> None:
    create_laboratory(_new(location)).close()
    for login, password in (("ada", "wrong password"), ("eve", PASSWORD)):
        with pytest.raises(Refused, match="Login or password is wrong"):
            open_laboratory(location, login, password, PASSPHRASE)


def test_a_second_laboratory_in_the_same_place_is_refused(location: str) -> None:
    create_laboratory(_new(location)).close()
    with pytest.raises(Invalid):
        create_laboratory(_new(location))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "laboratory's name"),
        ("administrator", "", "administrator's name"),
        ("login", "", "login"),
        ("password", "short", "password is too short"),
        ("passphrase", "short", "passphrase is too short"),
    ],
)
def test_what_is_missing_is_named_and_no_file_is_left(
    tmp_path: Path, field: str, value: str, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        create_laboratory(_new(str(tmp_path / "lab.nomina"), **{field: value}))
    assert list(tmp_path.iterdir()) == []


def test_the_file_alone_and_the_passphrase_are_enough(staffed: Staffed, tmp_path: Path) -> None:
    Path(f"{staffed.location}-keys").unlink()
    staffed.close()
    with pytest.raises(Refused, match="passphrase once"):
        open_laboratory(staffed.location, "manager", PASSWORD)
    with pytest.raises(Refused, match="passphrase does not open"):
        open_laboratory(staffed.location, "manager", PASSWORD, "another passphrase")
    open_laboratory(staffed.location, "manager", PASSWORD, PASSPHRASE).close()
    open_laboratory(staffed.location, "manager", PASSWORD).close()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no laboratory at"):
        open_laboratory(str(tmp_path / "nothing.nomina"), "ada", PASSWORD)


def test_a_database_that_the_server_does_not_know_is_told(postgres: Server) -> None:
    with pytest.raises(Unavailable, match="has no such database; check the address"):
        open_laboratory(postgres.url("nowhere"), "ada", PASSWORD)


@pytest.mark.parametrize("kept", [0, 9])
def test_a_file_without_even_a_beginning_is_told(staffed: Staffed, kept: int) -> None:
    staffed.close()
    os.truncate(staffed.location, kept)
    with pytest.raises(Unavailable, match=rf"cut short \({kept} bytes\)"):
        open_laboratory(staffed.location, "manager", PASSWORD, PASSPHRASE)


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
@pytest.mark.parametrize("missing", [1, 2, 20])
def test_a_truncated_file_is_told_apart_from_a_wrong_passphrase(
    staffed: Staffed, missing: int, passphrase: str
) -> None:
    staffed.close()
    os.truncate(staffed.location, Path(staffed.location).stat().st_size - 4096 * missing)
    with pytest.raises(Unavailable, match=r"The key fits “laboratory.nomina”, but .* cut short"):
        open_laboratory(staffed.location, "manager", PASSWORD, passphrase)
    if passphrase:
        Path(staffed.location + "-keys").unlink()
        with pytest.raises(Unavailable, match="cut short; restore the latest backup"):
            open_laboratory(staffed.location, "manager", PASSWORD, passphrase)
        with pytest.raises(Refused, match="The passphrase does not open"):
            open_laboratory(staffed.location, "manager", PASSWORD, "another passphrase")


def test_damage_at_the_beginning_is_told_apart_from_a_wrong_password(staffed: Staffed) -> None:
    staffed.close()
    content = bytearray(Path(staffed.location).read_bytes())
    content[100] ^= 1
    Path(staffed.location).write_bytes(content)
    with pytest.raises(Unavailable, match=r"The password is right, but .* is damaged"):
        open_laboratory(staffed.location, "manager", PASSWORD)


def test_a_key_file_of_another_laboratory_only_costs_the_passphrase(staffed: Staffed, tmp_path: Path) -> None:
    """A laboratory of the same people: their passwords open its key file, but not this file."""
    staffed.close()
    other = tmp_path / "other.nomina"
    create_laboratory(NewLaboratory(str(other), "Other", "Ada", "manager", PASSWORD, PASSPHRASE)).close()
    Path(f"{other}-keys").replace(staffed.location + "-keys")
    with pytest.raises(Unavailable, match=r"“laboratory\.nomina-keys” is another file's"):
        open_laboratory(staffed.location, "manager", PASSWORD)
    open_laboratory(staffed.location, "manager", PASSWORD, PASSPHRASE).close()
    open_laboratory(staffed.location, "manager", PASSWORD).close()  # mended by the passphrase


def test_one_sign_in_stretches_the_password_once(staffed: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    staffed.close()
    salts = []

    def stretch(password: str, salt: bytes | None = None) -> keys.Stretched:
        salts.append(salt)
        return really(password, salt)

    really = keys.stretch
    monkeypatch.setattr(keys, "stretch", stretch)
    open_laboratory(staffed.location, "manager", PASSWORD).close()
    assert len(salts) == 1


def test_a_newer_database_is_refused_and_left_alone(staffed: Staffed) -> None:
    store = staffed.admin.store
    with store.engine.connect().execution_options(nomina_writes=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    staffed.close()
    before = Path(staffed.location).read_bytes()
    with pytest.raises(Refused, match="newer version of Nomina"):
        open_laboratory(staffed.location, "manager", PASSWORD)
    assert Path(staffed.location).read_bytes() == before
    assert upgrading.HEAD != "9999"


def test_a_backup_restores_with_everything_in_it(small_lab: Staffed, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy.nomina", tmp_path / "again.nomina"
    verdict = back_up(small_lab.admin, copy)
    assert verdict.sound
    restored = restore(copy, again, PASSPHRASE)
    assert restored.head == verdict.head
    laboratory = open_laboratory(str(again), "manager", PASSWORD, PASSPHRASE)
    assert len(laboratory.run(operations.operations)) == 1
    laboratory.close()


def test_a_backup_never_overwrites_and_needs_the_right_passphrase(staffed: Staffed, tmp_path: Path) -> None:
    copy = tmp_path / "copy.nomina"
    back_up(staffed.admin, copy)
    with pytest.raises(Invalid, match="never overwrites"):
        back_up(staffed.admin, copy)
    with pytest.raises(Refused):
        restore(copy, tmp_path / "again.nomina", "another passphrase")
    assert not (tmp_path / "again.nomina").exists()


def test_a_damaged_backup_is_not_restored(staffed: Staffed, tmp_path: Path) -> None:
    copy = tmp_path / "copy.nomina"
    back_up(staffed.admin, copy)
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 0xFF
    copy.write_bytes(bytes(content))
    with pytest.raises((Refused, Unavailable)):
        restore(copy, tmp_path / "again.nomina", PASSPHRASE)


def test_a_new_password_opens_and_the_old_one_no_longer(staffed: Staffed) -> None:
    manager = staffed["manager"]
    with pytest.raises(Refused, match="not yours"):
        people.change_password(manager, "wrong password", "a better password")
    people.change_password(manager, PASSWORD, "a better password")
    with pytest.raises(Refused):
        open_laboratory(staffed.location, "manager", PASSWORD, PASSPHRASE)
    open_laboratory(staffed.location, "manager", "a better password").close()


def test_somebody_deactivated_does_not_get_in(staffed: Staffed) -> None:
    people.deactivate(staffed.admin, staffed.person("analyst").id)
    with pytest.raises(Refused):
        open_laboratory(staffed.location, "analyst", PASSWORD, PASSPHRASE)
    with pytest.raises(Refused, match="themselves"):
        people.deactivate(staffed.admin, staffed.admin.person.id)


def test_the_last_administrator_keeps_the_role(staffed: Staffed) -> None:
    with pytest.raises(Refused, match="needs one active administrator"):
        staffed.admin.run(people.set_roles, staffed.admin.person.id, [Role.AUDITOR])
