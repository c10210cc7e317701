"""Backups: a consistent encrypted copy of the embedded file, checked before it is believed."""

import os
import shutil
from pathlib import Path

from sqlalchemy.engine import Engine

from forensics.domain.errors import Invalid, Refused, Unavailable


def back_up(engine: Engine, target: Path) -> None:
    """A copy of the embedded database at `target`, complete at one moment, under the same key."""
    if engine.dialect.name != "sqlite":
        raise Refused("A laboratory on PostgreSQL is backed up with pg_dump; see the user guide.")
    if target.exists():
        raise Invalid(f"“{target}” exists already; a backup never overwrites, choose another name.")
    partial = target.with_name(target.name + ".partial")
    try:
        _copy(engine, partial)
        _flush(partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(f"The backup could not be written to “{target}” ({error.strerror}).") from None


def _copy(engine: Engine, partial: Path) -> None:
    """Copies the file while the write lock is held and everything of the WAL is in it."""
    source = _path(engine)
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute("BEGIN IMMEDIATE")
        wal = source.with_name(source.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise Unavailable("Somebody is reading or writing just now; try the backup again in a moment.")
        shutil.copyfile(source, partial)
        cursor.execute("ROLLBACK")
    finally:
        connection.close()


def _path(engine: Engine) -> Path:
    with engine.connect() as connection:
        row = connection.exec_driver_sql("PRAGMA database_list").first()
    assert row is not None
    return Path(row[2])


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def restore(backup: Path, target: Path) -> None:
    """Put a checked backup at `target`, where nothing may lie yet."""
    if target.exists():
        raise Invalid(
            f"“{target}” exists already; restoring never overwrites, choose another name or move it away."
        )
    partial = target.with_name(target.name + ".partial")
    try:
        shutil.copyfile(backup, partial)
        _flush(partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(f"The backup could not be restored to “{target}” ({error.strerror}).") from None
