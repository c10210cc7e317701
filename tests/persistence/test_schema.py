"""The schema is the same from the metadata, from the migrations, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from forensics.domain.errors import Refused
from forensics.persistence import trigrams, upgrading
from forensics.persistence.guards import guards
from forensics.persistence.tables import metadata


def test_there_is_a_single_head_and_the_program_names_it(engine: Engine) -> None:
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(upgrading.config(connection))
    assert script.get_heads() == [upgrading.HEAD]
    assert upgrading.known_revisions()[-1] == upgrading.HEAD


def test_the_migrations_make_what_the_metadata_say(engine: Engine) -> None:
    upgrading.upgrade(engine)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": _of_the_schema}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def _of_the_schema(name: str | None, kind: str, parents: object) -> bool:
    """The index of searches is a virtual table, which no metadata describe."""
    return kind != "table" or not trigrams.own_table(name or "")


def _triggers(engine: Engine) -> dict[str, str]:
    if engine.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql(query)}


def test_the_migrations_make_every_trigger_of_the_rules(engine: Engine) -> None:
    upgrading.upgrade(engine)
    found = _triggers(engine)
    if engine.dialect.name == "sqlite":
        assert found == {guard.name: guard.sqlite() for guard in guards()} | trigrams.TRIGGERS
    else:
        assert set(found) == {guard.name for guard in guards()}


def test_the_migrations_make_every_check_constraint(engine: Engine) -> None:
    upgrading.upgrade(engine)
    inspector = sa.inspect(engine)
    for table in metadata.sorted_tables:
        wanted = {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == wanted


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    upgrading.upgrade(engine)
    before = _triggers(engine)
    upgrading.upgrade(engine)
    assert _triggers(engine) == before
    assert upgrading.revision(engine) == upgrading.HEAD


def test_a_newer_database_is_refused_with_the_way_out(engine: Engine) -> None:
    upgrading.upgrade(engine)
    with pytest.raises(Refused, match="newer version"):
        upgrading.demand_known("9999", "the database")
    with pytest.raises(Refused, match="holds no laboratory"):
        upgrading.demand_known(None, "the database")
