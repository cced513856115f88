"""A quick look, without loading the application, whether the store is ready to serve."""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as fixed_sqlite

from compliance.settings import Mode, Settings
from compliance.store.schema_version import newest

LOOK = "SELECT version_num, EXISTS (SELECT 1 FROM people) FROM alembic_version"


def is_prepared(settings: Settings) -> bool:
    """The newest schema, keys where they are needed, and in a demonstration somebody to sign in as."""
    keys = (settings.keys_dir / "keyring.json").exists()
    stands, peopled = _look(settings.database_url)
    if settings.mode is Mode.DEMONSTRATION:
        return keys and peopled and stands == newest() and (settings.data_dir / "demonstration.txt").exists()
    return stands == newest()


def _look(database_url: str) -> tuple[str, bool]:
    if database_url.startswith("sqlite"):
        return _look_at_sqlite(database_url)
    import psycopg

    try:
        with psycopg.connect(database_url.replace("postgresql+psycopg", "postgresql"), connect_timeout=5) as connection:
            found = connection.execute(LOOK).fetchone()
    except psycopg.Error:
        return "", False
    return (str(found[0]), bool(found[1])) if found else ("", False)


def _look_at_sqlite(database_url: str) -> tuple[str, bool]:
    path = Path(database_url.partition(":///")[2])
    if not path.exists():
        return "", False
    try:
        with closing(fixed_sqlite.connect(path)) as connection:
            found = connection.execute(LOOK).fetchone()
    except fixed_sqlite.Error:
        return "", False
    return (str(found[0]), bool(found[1])) if found else ("", False)
