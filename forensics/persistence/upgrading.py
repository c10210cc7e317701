"""The schema's version: creating it, recognising one newer than the program, and upgrading an older."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from forensics.domain.errors import Refused

_REPOSITORY = Path(__file__).resolve().parents[2] / "migrations"
HEAD = "0001"
"""The revision this program works with; a test compares it with Alembic's own head."""


def config(connection: Connection) -> Any:
    """Alembic's configuration, made in code; there is no ini file to go astray."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(_REPOSITORY))
    settings.attributes["connection"] = connection
    return settings


def revision(engine: Engine) -> str | None:
    """The revision of the database; None when it holds no laboratory yet."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found


def known_revisions() -> tuple[str, ...]:
    """All revisions of this program, oldest first; they are named in rising order."""
    return tuple(sorted(p.name.split("_")[0] for p in (_REPOSITORY / "versions").glob("[0-9]*.py")))


def demand_known(found: str | None, where: str) -> None:
    """`Refused` when the database was made by a newer program, or is none of ours."""
    if found is None:
        raise Refused(f"“{where}” holds no laboratory; create one, or check the path.")
    if found not in known_revisions():
        raise Refused(
            f"“{where}” was made by a newer version of Nomina (schema {found}, this program knows {HEAD}); "
            "install the newer version."
        )


def upgrade(engine: Engine) -> None:
    """Bring the schema to `HEAD` in one transaction: all of it, or nothing."""
    from alembic import command

    with engine.connect() as plain:
        connection = plain.execution_options(nomina_writes=True)
        with connection.begin():
            command.upgrade(config(connection), HEAD)
