"""Alembic's entry: runs on the connection that `forensics.persistence.upgrading` hands over."""

from alembic import context

from forensics.persistence.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
