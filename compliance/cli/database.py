"""The command that brings the database to the newest schema."""

from typing import Any

from compliance.settings import Settings
from compliance.store import schema, schema_version
from compliance.store.base import WRITING


def register(commands: Any) -> None:
    """Adds this file's command."""
    migrate = commands.add_parser("migrate", help="bring the database to the newest schema")
    migrate.set_defaults(run=lambda _chosen: migrate_database(Settings.from_env()))


def migrate_database(settings: Settings) -> None:
    """Creates or upgrades the schema; harmless when it is already the newest."""
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = schema.open_engine(settings.database_url)
    with engine.connect() as connection:
        if schema_version.current(connection) != schema_version.newest():
            connection.rollback()
            with connection.execution_options(**{WRITING: True}).begin():
                schema.upgrade(connection)
    engine.dispose()
