"""Commands on the database: migrate, prepare, recheck."""

import importlib.util
from typing import Any

from compliance import clock
from compliance.settings import Mode, Settings
from compliance.store import schema, schema_version
from compliance.store.base import WRITING


def register(commands: Any) -> None:
    """Adds this file's commands."""
    migrate = commands.add_parser("migrate", help="bring the database to the newest schema")
    migrate.set_defaults(run=lambda _chosen: migrate_database(Settings.from_env()))
    ready = commands.add_parser("prepare", help="migrate; in a demonstration also keys, companies and accounts")
    ready.set_defaults(run=lambda _chosen: prepare(Settings.from_env()))


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


def prepare(settings: Settings) -> None:
    """Everything `./portal run` needs before it can serve."""
    migrate_database(settings)
    if settings.mode is Mode.PRODUCTION:
        return
    from certificates.demonstration import make_keyring

    if not (settings.keys_dir / "keyring.json").exists():
        make_keyring(settings.keys_dir, settings.keys_passphrase.encode() or None, today=clock.today())
    if settings.demonstration and importlib.util.find_spec("compliance.cli.demonstration"):
        importlib.import_module("compliance.cli.demonstration").prepare(settings)
