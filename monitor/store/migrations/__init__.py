"""Alembic's scripts, and the one way to run them."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

_OURS = 0x6D6F6E69
"""The key of the advisory lock under which a PostgreSQL store is migrated ("moni")."""


def run(engine: Engine) -> None:
    """Upgrade to the newest schema in one transaction that nobody else can enter meanwhile."""
    config = Config()
    config.set_main_option("script_location", "monitor.store:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_OURS})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
