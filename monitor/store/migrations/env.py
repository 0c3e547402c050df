"""Run by Alembic. The connection, and the transaction around it, come from `migrations.run`."""

from alembic import context

from monitor.store import indexes  # noqa: F401  # its indexes join the metadata
from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
