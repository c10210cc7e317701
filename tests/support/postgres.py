"""A real PostgreSQL server for the tests, on loopback, as an ordinary user, gone when the tests end.

One server per test process: workers of a parallel run never meet. Speed is bought with durability
(`fsync=off`), which no test is about.
"""

from __future__ import annotations

import atexit
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

_OWNER = "nomina"
_PLAIN = ("-E", "UTF8", "--no-locale", "--no-sync")
_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


def programs() -> Path | None:
    """The folder of the newest installed server's programs."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    beside = shutil.which("initdb")
    if beside:
        found.append(Path(beside).parent)
    return max(found, key=lambda path: path.parts, default=None)


def ordinary_user() -> str | None:
    """Whom to run the server as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, user=ordinary_user(), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


@dataclass
class Server:
    """A running server and the databases that were made on it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _templates: set[str] = field(default_factory=set)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{_OWNER}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside any transaction, as owner of the server."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=_OWNER, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template0") -> str:
        """A new database, empty or a copy of a template; returns its name."""
        name = f"fresh_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database that `prepare(url)` fills once per test process, to be copied by `create`."""
        if name not in self._templates:
            self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            prepare(self.url(name))
            self._templates.add(name)
        return name

    def drop(self, database: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def stop(self) -> None:
        """Stop at once and leave nothing behind; harmless when repeated."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def _tied_to_us() -> list[str]:
    """A prefix that stops the server when this process dies, however it dies."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "QUIT"] if setpriv else []


def start() -> Server:
    """Make a data folder and start a server on it; raises `RuntimeError` with the server's words."""
    binaries = programs()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian package postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="nomina-pg-"))
    user = ordinary_user()
    if user is not None:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    _run([binaries / "initdb", "-D", data, "-U", _OWNER, "-A", "trust", *_PLAIN])
    settings = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *_SPEED]
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*_tied_to_us(), binaries / "postgres", "-D", data, *options],
            user=ordinary_user(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    server = Server(folder, port, process)
    atexit.register(server.stop)
    _wait(server)
    return server


def _wait(server: Server, seconds: float = 30) -> None:
    import psycopg

    end = time.monotonic() + seconds
    while True:
        try:
            server.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > end:
                words = (server.folder / "log").read_text()
                server.stop()
                raise RuntimeError(f"PostgreSQL did not start: {words}") from None
            time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this test process."""
    server = start()
    yield server
    server.stop()


@pytest.fixture
def fresh_database(postgres: Server) -> Iterator[Callable[..., str]]:
    """Makes databases that last for one test: `fresh_database()` or `fresh_database(template)`, a URL."""
    made: list[str] = []

    def make(template: str = "template0") -> str:
        made.append(postgres.create(template))
        return postgres.url(made[-1])

    yield make
    for name in made:
        postgres.drop(name)
