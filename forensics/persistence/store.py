"""A laboratory's database: opens transactions, seals and commits them, tells trouble in sentences."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from forensics.domain.auditing import AuditHead
from forensics.domain.people import Person
from forensics.persistence.transaction import Transaction
from forensics.persistence.trouble import explain


class Act:
    """One writing transaction: whether the request was done before, and its seal once finished."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.done_before, self.earlier = tx.earlier_result()
        self.head = AuditHead(0, "")

    def finish(self, result: object) -> None:
        """Seal the act into the audit; the commit follows."""
        self.head = self.tx.seal(result)


class Store:
    """Engine and location of one laboratory."""

    def __init__(self, engine: Engine, location: str, file_key: bytes = b"") -> None:
        self.engine = engine
        self.location = location
        self.file_key = file_key
        self.clock: Callable[[], datetime] = partial(datetime.now, UTC)
        self.upgraded: tuple[str, Path | None] | None = None  # from which schema, with which backup
        self._together: Connection | None = None

    @contextmanager
    def reading(self, person: Person | None, act: str) -> Iterator[Transaction]:
        """A read-only transaction; the database itself refuses to write in it."""
        if self._together is not None:
            with sentences():
                yield Transaction(self._together, person, act, self.clock())
            return
        with sentences(), self.engine.connect() as connection, connection.begin():
            yield Transaction(connection, person, act, self.clock())

    @contextmanager
    def writing(self, person: Person | None, act: str, request: UUID | None = None) -> Iterator[Act]:
        """A writing transaction: all of it is saved, or nothing."""
        if self._together is not None:
            with sentences(), self._together.begin_nested():
                yield Act(Transaction(self._together, person, act, self.clock(), request))
            return
        with sentences(), self.engine.connect() as plain:
            connection = plain.execution_options(nomina_writes=True)
            with connection.begin():
                yield Act(Transaction(connection, person, act, self.clock(), request))

    @contextmanager
    def together(self) -> Iterator[None]:
        """Acts that the disk confirms all at once, at the end; if the block fails, none of them happened.

        For making a laboratory of which nobody has seen anything yet: each act is sealed into the audit as ever,
        but a result is not safe before the block ends. Only one thread may use the store meanwhile.
        """
        with sentences(), self.engine.connect() as plain:
            connection = plain.execution_options(nomina_writes=True)
            with connection.begin():
                self._together = connection
                try:
                    yield
                finally:
                    self._together = None

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def sentences() -> Iterator[None]:
    """What the database says of trouble becomes a sentence for people."""
    try:
        yield
    except exc.DBAPIError as error:
        told = explain(error)
        if told is None:
            raise
        raise told from error
