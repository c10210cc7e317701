"""For tests of the window: the look in force, a real laboratory, and what a place gets of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forensics.domain.people import Role
from forensics.services.door import Laboratory
from forensics.services.laboratories import NewLaboratory, create_laboratory
from gui.context import Context
from gui.look import Mode, look
from tests.support.desk import Desks, desks_of
from tests.support.dialogs import Answers
from tests.support.laboratories import Staffed

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["nomina"]


@pytest.fixture(autouse=True)
def skin(qapp: QApplication) -> Iterator[None]:
    """The light look, and settings of their own for every test."""
    qapp.setOrganizationName("Nomina")
    qapp.setApplicationName("Nomina tests")
    QSettings().clear()
    look().start(qapp)
    look().set_mode(Mode.LIGHT)
    yield
    look().set_mode(Mode.LIGHT)


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    """A real laboratory of one person who holds every role that a case needs."""
    path: Path = tmp_path_factory.mktemp("laboratory") / "test.nomina"
    roles = (Role.ADMINISTRATOR, Role.CASE_MANAGER, Role.ANTHROPOLOGIST, Role.TECHNICIAN)
    lab = create_laboratory(
        NewLaboratory(
            str(path),
            "Institute of Forensic Medicine",
            "Amira Halilović",
            "amira",
            PASSWORD,
            "laboratory passphrase",
            administrator_roles=roles,
        )
    )
    yield lab
    lab.close()


@pytest.fixture
def context(qtbot: QtBot, laboratory: Laboratory) -> Iterator[Context]:
    """What a place gets, over the real laboratory."""
    made = Context(laboratory, "Institute of Forensic Medicine")
    yield made
    made.close()


@pytest.fixture
def desks(qtbot: QtBot, small_lab: Staffed) -> Iterator[Desks]:
    """Desks of the people of a small laboratory."""
    with desks_of(qtbot, small_lab) as sit:
        yield sit


@pytest.fixture
def answers() -> Iterator[Answers]:
    """Answers dialogs; all of them must have been asked for."""
    made = Answers()
    yield made
    made.demand()
