"""Small named values that belong to the whole laboratory."""

import sqlalchemy as sa

from forensics.persistence.tables import setting
from forensics.persistence.transaction import Transaction


def read(tx: Transaction, name: str) -> str | None:
    value: str | None = tx.connection.execute(
        sa.select(setting.c.value).where(setting.c.name == name)
    ).scalar()
    return value


def write(tx: Transaction, name: str, value: str) -> None:
    """Set the value, whether or not it was there."""
    changed = tx.connection.execute(sa.update(setting).where(setting.c.name == name).values(value=value))
    if changed.rowcount == 0:
        tx.connection.execute(sa.insert(setting).values(name=name, value=value))
