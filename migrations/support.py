"""What revisions share: creating and replacing triggers on either database."""

from alembic import op


def execute(statements: dict[str, tuple[str, ...]]) -> None:
    """Run the statements written for the database at hand, without reading `:` or `%` in them as marks."""
    connection = op.get_bind()
    for statement in statements[connection.dialect.name]:
        connection.exec_driver_sql(statement.replace("%", "%%") if _formats(connection) else statement)


def _formats(connection: object) -> bool:
    return getattr(getattr(connection, "dialect", None), "paramstyle", "") in ("format", "pyformat")
