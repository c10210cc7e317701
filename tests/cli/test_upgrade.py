"""`nomina upgrade`: what was done and where the copy from before lies; an older schema is played with a new one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from forensics.persistence import upgrading
from forensics.services import auditing
from tests.support.commands import Commands

NEXT = '''"""A revision of the future."""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table("sky", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
'''


@pytest.fixture
def newer_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The program one revision further on."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrading._REPOSITORY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_sky.py").write_text(NEXT)
    monkeypatch.setattr(upgrading, "_REPOSITORY", folder)
    monkeypatch.setattr(upgrading, "HEAD", "0002")


def test_a_laboratory_of_this_version_stays_as_it_is(nomina: Commands) -> None:
    said = nomina.as_("admin", "upgrade")
    assert said.status == 0
    assert "nothing was changed" in said.out


def test_an_older_laboratory_is_copied_upgraded_and_checked(nomina: Commands, newer_program: None) -> None:
    head = nomina.labs.admin.run(auditing.head)
    nomina.labs.close()
    said = nomina.as_("admin", "upgrade", "--json")
    assert said.status == 0, said.err
    value = said.json
    assert value["upgraded_from"] == "0001"
    assert Path(value["backup"]).exists()
    assert "-before-upgrade-" in value["backup"]
    assert upgrading.revision(nomina.labs.admin.store.engine) == "0002"
    assert nomina.labs.admin.run(auditing.head) == head
    assert nomina.labs.admin.run(auditing.verify).sound


def test_a_laboratory_of_a_newer_program_is_refused(
    nomina: Commands, newer_program: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert nomina.as_("admin", "upgrade").status == 0
    nomina.labs.close()
    monkeypatch.undo()
    assert "newer version" in nomina.as_("admin", "upgrade").refused()
