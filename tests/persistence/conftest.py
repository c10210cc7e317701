"""Databases of either kind, bare and with the schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from forensics.persistence import engine as engines
from forensics.persistence import upgrading
from forensics.persistence.store import Store
from tests.support.postgres import Server

KEY = bytes(range(48))
"""Key and salt of the encrypted file."""


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        made = engines.embedded(tmp_path / "lab.nomina", KEY, create=True)
    else:
        server: Server = request.getfixturevalue("postgres")
        made = engines.server(server.url(server.create()))
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    """A database of either kind with the schema."""
    upgrading.upgrade(engine)
    return Store(engine, "test")


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Store]:
    """An encrypted file with the schema."""
    engine = engines.embedded(tmp_path / "embedded.nomina", KEY, create=True)
    upgrading.upgrade(engine)
    yield Store(engine, "test")
    engine.dispose()
