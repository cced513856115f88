"""A quick look, without loading the application, whether the store is ready to serve."""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as fixed_sqlite

from compliance.settings import Mode, Settings
from compliance.store.newest_migration import newest
from compliance.store.unplayed import begun

LOOK = "SELECT version_num, EXISTS (SELECT 1 FROM people) FROM alembic_version"


def is_ready(settings: Settings) -> bool:
    """The newest schema, keys where they are needed, and in a demonstration somebody to sign in as.

    Only the embedded store is looked at; a database server is never ready without `prepare`, which is harmless twice.
    """
    version, peopled = _look(settings.database_url)
    if settings.mode is not Mode.DEMONSTRATION:
        return version == newest()
    if begun(settings).exists():
        return False
    keys = (settings.keys_dir / "keyring.json").exists()
    return keys and peopled and version == newest() and (settings.data_dir / "demonstration.txt").exists()


def _look(database_url: str) -> tuple[str, bool]:
    path = Path(database_url.partition(":///")[2])
    if not database_url.startswith("sqlite") or not path.exists():
        return "", False
    try:
        with closing(fixed_sqlite.connect(path)) as connection:
            found = connection.execute(LOOK).fetchone()
    except fixed_sqlite.Error:
        return "", False
    return (str(found[0]), bool(found[1])) if found else ("", False)
