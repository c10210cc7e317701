"""Connections: one encrypted SQLite file, or PostgreSQL; each checked before it is trusted."""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

from forensics.domain.errors import Invalid, NominaError, Refused, Unavailable
from forensics.persistence.trouble import sentence_for

OLDEST_SQLITE = (3, 51, 3)  # earlier ones can corrupt a WAL file when it is reset
_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afpfs", "ncpfs"}

# Each is set on every connection and read back: a library that ignores one is not trusted.
_PRAGMAS: tuple[tuple[str, str, object], ...] = (
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
    ("recursive_triggers", "ON", 1),
    ("trusted_schema", "OFF", 0),
    ("busy_timeout", "10000", 10000),
    ("cache_size", "-65536", -65536),  # 64 MiB of pages stay decrypted: lists of 100,000 rows need about half
)


def embedded(path: Path, key: bytes, *, create: bool = False) -> Engine:
    """An engine on the encrypted file at `path`.

    The first 16 bytes of the file are its salt; a new file's salt is given by the caller with
    `key` = 32 key bytes + 16 salt bytes.
    """
    from sqlcipher3 import dbapi2

    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise Refused(
            f"SQLite {dbapi2.sqlite_version} can corrupt its files; install sqlcipher3 0.6.2 or newer."
        )
    _demand_local(path)
    if not create:
        _demand_whole(path)

    def connect() -> Any:
        connection = dbapi2.connect(
            str(path), isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            _prepare(connection, key)
        except dbapi2.DatabaseError as error:
            connection.close()
            raise _not_opened(path, str(error)) from None
        return connection

    engine = sa.create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=QueuePool, pool_size=4)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


class WrongKey(Refused):
    """No page of the file opens with this key."""


def _not_opened(path: Path, said: str) -> NominaError:
    """Why the file does not open: what the system denies, or damage, is told apart from a wrong key."""
    if "malformed" in said:  # said only of pages whose seal holds with this key
        return Unavailable(
            f"The key fits “{path.name}”, but the file is damaged or cut short; restore the latest backup."
        )
    denied = None if "not a database" in said else sentence_for(said)
    if denied is not None:
        return Unavailable(denied)
    return WrongKey(
        f"The passphrase does not open “{path.name}”, or the file is damaged; "
        "check the passphrase, or restore the latest backup."
    )


def _prepare(connection: Any, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong passphrase is told in a sentence instead
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for name, value, expected in _PRAGMAS:
        connection.execute(f"PRAGMA {name} = {value}")
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != expected:
            raise Refused(f"The database library ignores {name}={value}; it is not safe to work with.")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("nomina_writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _demand_whole(path: Path) -> None:
    """A file cut short is told from a wrong passphrase before anything is read."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Unavailable(f"“{path}” can't be read ({error.strerror}); check the path.") from None
    if size < 4096 or size % 4096:
        raise Unavailable(f"“{path.name}” is cut short ({size} bytes); restore the latest backup.")


def demand_all_pages(engine: Engine, path: Path) -> None:
    """`Unavailable` when the file holds fewer pages than its header promises."""
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    wal = path.with_name(path.name + "-wal")
    if not (wal.exists() and wal.stat().st_size) and path.stat().st_size < int(pages) * int(size):
        raise Unavailable(
            f"“{path.name}” is cut short: pages are missing at its end; restore the latest backup."
        )


def demand_intact(engine: Engine, name: str) -> None:
    """`Unavailable` when any page of the embedded file was changed: each carries an HMAC of its content."""
    try:
        with engine.connect() as connection:
            faults = connection.exec_driver_sql("PRAGMA cipher_integrity_check").all()
            found = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    except sa.exc.DatabaseError:
        faults, found = [], "malformed"
    if faults or found != "ok":
        raise Unavailable(
            f"“{name}” is damaged: {len(faults) or 1} of its pages are not as they were written."
        )


def _demand_local(path: Path) -> None:
    kind = filesystem(path)
    if kind in _NETWORK:
        raise Refused(
            f"“{path}” lies on a network share ({kind}), where simultaneous writing can destroy the file; "
            "use a local disk, or PostgreSQL for several workstations."
        )


def filesystem(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system that holds `path`; empty where the system does not say."""
    try:
        rows = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    here = path.resolve()
    fitting = [(len(row[1]), row[2]) for row in rows if len(row) > 2 and here.is_relative_to(row[1])]
    return max(fitting)[1] if fitting else ""


def server(url: str) -> Engine:
    """An engine on PostgreSQL; `url` as libpq-style `postgresql://user@host:port/database`."""
    try:
        address = sa.make_url(url).set(drivername="postgresql+psycopg")
    except (ValueError, sa.exc.ArgumentError):
        raise Invalid(
            "This is no address of a database; write it as postgresql://person@server/database."
        ) from None
    engine = sa.create_engine(address, pool_size=4, pool_pre_ping=True)
    sa.event.listen(engine, "begin", _begin_postgresql)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    if not connection.get_execution_options().get("nomina_writes", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
