"""A backup of any earlier version comes back with today's code: brought to the newest schema, every row as it was."""

from contextlib import closing
from pathlib import Path

import pysqlite3.dbapi2 as fixed_sqlite
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from flask import Flask

from compliance.cli.backups import back_up
from compliance.cli.database import migrate_database
from compliance.cli.restoring import AwardsAskedError, Wanted, restore
from compliance.settings import Settings
from compliance.store import copied, copying, schema, schema_version
from compliance.store.audit import verify
from compliance.store.base import WRITING, db
from tests import examples
from tests.keys import lay_keys
from tests.store.filling import fill

REVISIONS = sorted(one.revision for one in ScriptDirectory.from_config(schema.migrations()).walk_revisions())
TRIED = REVISIONS if examples.at_night() else [*REVISIONS[:-1:12], REVISIONS[-1]]
"""A few in each run, every one at night, on both databases."""
# What a restore changes by itself: nobody stays signed in, and what is derived may be written anew.
GROWING = {"audit_entries", "holidays"}
RENAMED = {"plan_items": "plan_steps"}
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


@pytest.mark.night
@pytest.mark.parametrize("revision", TRIED)
def test_rows_of_each_version_come_back(settings: Settings, tmp_path: Path, revision: str) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    tables = at_revision(settings, revision)
    columns = _columns(settings, tables)
    for folder in (old, new):
        folder.mkdir()
    copying.copy_out(settings.database_url, old)
    assert all(copied.counts(old)[name] >= 2 for name in tables)
    lose(settings)
    copying.copy_in(settings.database_url, old)
    migrate_database(settings)
    copying.copy_out(settings.database_url, new)
    assert_same(settings, old, new, columns)


@pytest.mark.parametrize("revision", [REVISIONS[0], REVISIONS[-1]])
def test_the_first_and_the_newest_version_are_restored(
    in_app: Flask, settings: Settings, tmp_path: Path, revision: str
) -> None:
    lay_keys(settings.keys_dir)
    tables = at_revision(settings, revision)
    columns = _columns(settings, tables)
    old = back_up(settings, tmp_path / "old")
    lose(settings)
    with pytest.raises(AwardsAskedError) as asked:
        restore(settings, old, Wanted())
    restore(settings, old, Wanted(awards=asked.value.digest))
    assert_same(settings, old, back_up(settings, tmp_path / "new"), columns)
    assert list(verify(db.session())) == []
    db.session.remove()
    assert in_app


def assert_same(settings: Settings, old: Path, new: Path, columns: dict[str, list[str]]) -> None:
    """The store stands at the newest schema, and every row of the old backup is in the new one."""
    engine = schema.open_engine(settings.database_url)
    with engine.connect() as connection:
        assert schema_version.current(connection) == schema_version.newest()
        assert schema.differences(connection) == []
    engine.dispose()
    now = _columns(settings, [RENAMED.get(name, name) for name in columns])
    for name in columns.keys() - OWN - GROWING:
        today = RENAMED.get(name, name)
        common = [column for column in columns[name] if column in now[today]]
        assert table(new, today, common) == table(old, name, common), name
    for name in GROWING & columns.keys():
        assert set(table(old, name, columns[name])) <= set(table(new, name, columns[name])), name


def _columns(settings: Settings, tables: list[str]) -> dict[str, list[str]]:
    engine = schema.open_engine(settings.database_url)
    inspector = sa.inspect(engine)
    found = {name: [column["name"] for column in inspector.get_columns(name)] for name in tables}
    engine.dispose()
    return found
