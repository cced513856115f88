"""The command that brings the database to the newest schema."""

from typing import Any

from sqlalchemy.engine import Connection

from compliance.cli.app_context import application
from compliance.domain.mail_domains import families
from compliance.jobs.holidays import fill_holidays
from compliance.settings import Settings
from compliance.store import schema, schema_version
from compliance.store.base import WRITING, transaction
from compliance.store.register import is_complete, rebuild
from compliance.store.ties import known_domains, note_domains


def register(commands: Any) -> None:
    """Adds this file's command."""
    migrate = commands.add_parser("migrate", help="bring the database to the newest schema")
    migrate.set_defaults(run=lambda _chosen: migrate_all(Settings.from_env()))


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
        connection.rollback()
        _note_domains(connection, settings)
    engine.dispose()


def _note_domains(connection: Connection, settings: Settings) -> None:
    """What code and settings say of mail domains, for the database to find ties by."""
    wanted = families(settings.ministry_domains, settings.sister_domains)
    if known_domains(connection) != wanted:
        connection.rollback()
        with connection.execution_options(**{WRITING: True}).begin():
            note_domains(connection, wanted)


def migrate_all(settings: Settings) -> None:
    """The schema, then what a new schema wants of the register's ready lines; public holidays before anybody counts."""
    migrate_database(settings)
    with application(settings), transaction() as session:
        if not is_complete(session):
            rebuild(session)
    with application(settings):
        fill_holidays()
