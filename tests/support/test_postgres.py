"""The PostgreSQL server of the tests is real, private and gone afterwards."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from tests.support.postgres import Server, start


def _value(url: str, statement: str) -> object:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        while cursor.nextset():
            pass
        row = cursor.fetchone()
    return row[0] if row else None


def test_the_server_is_a_real_postgresql_of_version_15_or_newer(fresh_database: Callable[..., str]) -> None:
    assert int(str(_value(fresh_database(), "SHOW server_version_num"))) >= 150000


def test_what_is_written_to_one_fresh_database_is_not_in_another(fresh_database: Callable[..., str]) -> None:
    first, second = fresh_database(), fresh_database()
    _value(first, "SELECT 'left' AS side INTO bone; SELECT 1")
    present = "SELECT count(*) FROM pg_tables WHERE tablename = 'bone'"
    assert (_value(first, present), _value(second, present)) == (1, 0)


def test_a_template_is_prepared_once_and_copied(postgres: Server, fresh_database: Callable[..., str]) -> None:
    calls: list[str] = []

    def prepare(url: str) -> None:
        calls.append(url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE tooth (fdi int)")
            connection.execute("INSERT INTO tooth VALUES (36)")

    copies = [fresh_database(postgres.template("teeth", prepare)) for _ in range(2)]
    assert [_value(url, "SELECT fdi FROM tooth") for url in copies] == [36, 36]
    assert len(calls) == 1


def test_a_stopped_server_leaves_no_process_and_no_folder() -> None:
    server = start()
    server.stop()
    assert server.process.poll() is not None
    assert not server.folder.exists()
