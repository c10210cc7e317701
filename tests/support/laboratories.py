"""Real laboratories for the tests: made once per process, copied for each test, on SQLite and PostgreSQL.

`small` is the demonstration in miniature (every stage has a case); `Staffed` opens it as anybody.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from forensics.domain.people import Person
from forensics.persistence import keys
from forensics.services import demonstration, people
from forensics.services.door import Laboratory
from forensics.services.laboratories import NewLaboratory, create_laboratory, open_laboratory

PASSWORD = demonstration.PASSWORD
PASSPHRASE = demonstration.PASSPHRASE
SMALL = demonstration.Size(families=36, individuals=30, related=18)


@dataclass
class Staffed:
    """An open laboratory in which every role has a person, named by login."""

    admin: Laboratory
    location: str
    _labs: dict[str, Laboratory] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Laboratory:
        """The laboratory with that person signed in."""
        if login not in self._labs:
            self._labs[login] = Laboratory(self.admin.store, self.person(login), self.admin.vault_key)
        return self._labs[login]

    def person(self, login: str) -> Person:
        return next(line.person for line in self.admin.run(people.people) if line.person.login == login)

    def close(self) -> None:
        self.admin.close()


def create(location: str) -> Staffed:
    """An empty laboratory with the demonstration's staff."""
    new = NewLaboratory(location, "Test laboratory", "Ada Administrator", "admin", PASSWORD, PASSPHRASE)
    admin = create_laboratory(new)
    demonstration.add_staff(admin)
    return Staffed(admin, location)


def open_copy(template: Path, folder: Path) -> Staffed:
    """A copy of a laboratory's files, opened as its administrator."""
    path = folder / template.name
    for part in template.parent.glob(f"{template.name}*"):
        shutil.copy(part, folder / part.name)
    return Staffed(open_laboratory(str(path), "admin", PASSWORD, PASSPHRASE), str(path))


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Stretching passwords costs a tenth of a second on purpose; tests need not pay for it each time.

    The algorithm stays the same, its cost is lowered; `tests/persistence/test_keys.py` checks the real cost.
    """
    patch = pytest.MonkeyPatch()
    patch.setattr(keys, "MEMORY_KIB", 64)
    patch.setattr(keys, "TIME_COST", 1)
    patch.setattr(keys, "LANES", 1)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Path:
    path = tmp_path_factory.mktemp("empty") / "laboratory.nomina"
    create(str(path)).close()
    return path


@pytest.fixture(scope="session")
def small_template(tmp_path_factory: pytest.TempPathFactory, cheap_passwords: None) -> Path:
    path = tmp_path_factory.mktemp("small") / "demonstration.nomina"
    demonstration.build(str(path), size=SMALL).close()
    return path


@pytest.fixture
def staffed(empty_template: Path, tmp_path: Path) -> Iterator[Staffed]:
    """An empty laboratory with a person in every role."""
    laboratory = open_copy(empty_template, tmp_path)
    yield laboratory
    laboratory.close()


@pytest.fixture
def small_lab(small_template: Path, tmp_path: Path) -> Iterator[Staffed]:
    """The demonstration in miniature: every list has rows, every stage a case."""
    laboratory = open_copy(small_template, tmp_path)
    yield laboratory
    laboratory.close()


__all__ = ["Staffed", "cheap_passwords", "empty_template", "small_lab", "small_template", "staffed"]
