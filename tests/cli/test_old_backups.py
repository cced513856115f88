"""A backup of any earlier version comes back with today's code: brought to the newest schema, every row as it was."""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as fixed_sqlite
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from compliance.cli.backups import back_up
from compliance.cli.manifest import read
from compliance.cli.restoring import AwardsAskedError, Wanted, restore
from compliance.settings import Settings
from compliance.store import copied, copying, schema, schema_version
from compliance.store.audit import verify
from compliance.store.base import WRITING, db
from tests.keys import lay_keys
from tests.store.filling import fill

REVISIONS = sorted(one.revision for one in ScriptDirectory.from_config(schema.migrations()).walk_revisions())
# What a restore changes by itself: nobody stays signed in, and what is derived may be written anew.
GROWING = {"audit_entries", "holidays"}
OWN = {"sessions", "attempts", "register_entries", "register_changes", "numbering", "mail_domains"}


def at_revision(settings: Settings, revision: str) -> list[str]:
    """Takes the empty store down to a revision and fills it."""
    engine = schema.open_engine(settings.database_url)
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        schema.downgrade(connection, revision) if revision != REVISIONS[-1] else None
        tables = fill(connection)
    engine.dispose()
    return tables


def lose(settings: Settings) -> None:
    """An empty machine; the keys were kept."""
    path = copying.sqlite_path(settings.database_url)
    if path is not None:
        for lost in path.parent.glob(f"{path.name}*"):
            lost.unlink()
        return
    engine = schema.open_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    engine.dispose()


def table(folder: Path, name: str, columns: list[str]) -> list[tuple[object, ...]]:
    """All rows of a table in a backup, bytes too."""
    if (folder / copying.TABLES).is_dir():
        return sorted(copied.rows(folder, name, columns), key=repr)
    with closing(fixed_sqlite.connect(folder / copying.SQLITE)) as connection:
        names = ", ".join(f'"{column}"' for column in columns)
        return sorted(connection.execute(f"SELECT {names} FROM {name}"), key=repr)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_backup_of_each_version_comes_back(in_app: Flask, settings: Settings, tmp_path: Path, revision: str) -> None:
    lay_keys(settings.keys_dir)
    tables = at_revision(settings, revision)
    old = back_up(settings, tmp_path / "old")
    assert all(read(old).rows[name] >= 2 for name in tables)
    columns = _columns(settings, tables)
    lose(settings)
    with pytest.raises(AwardsAskedError) as asked:
        restore(settings, old, Wanted())
    restore(settings, old, Wanted(awards=asked.value.digest))
    engine = schema.open_engine(settings.database_url)
    with engine.connect() as connection:
        assert schema_version.current(connection) == schema_version.newest()
        assert schema.differences(connection) == []
    engine.dispose()
    now = _columns(settings, tables)
    new = back_up(settings, tmp_path / "new")
    for name in set(tables) - OWN - GROWING:
        common = [column for column in columns[name] if column in now[name]]
        assert table(new, name, common) == table(old, name, common), name
    for name in GROWING & set(tables):
        assert set(table(old, name, columns[name])) <= set(table(new, name, columns[name])), name
    assert list(verify(db.session())) == []
    db.session.remove()
    assert in_app


def _columns(settings: Settings, tables: list[str]) -> dict[str, list[str]]:
    engine = schema.open_engine(settings.database_url)
    inspector = sa.inspect(engine)
    found = {name: [column["name"] for column in inspector.get_columns(name)] for name in tables}
    engine.dispose()
    return found
