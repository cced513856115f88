"""The whole database as files and back: the online backup of SQLite, one consistent COPY of every PostgreSQL table."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Any, Literal

import psycopg
import pysqlite3.dbapi2 as fixed_sqlite
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Connection

from compliance.store import schema
from compliance.store.base import engine_url
from compliance.store.errors import RestoreError

SQLITE, TABLES, VERSION = "store.sqlite", "tables", "alembic_version"
CLOSING_TRIES, CLOSING_SECONDS = 10, 0.1


def sqlite_path(database_url: str) -> Path | None:
    """The file of an embedded store; None for a server."""
    url = engine_url(database_url)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def copy_out(database_url: str, target: Path) -> None:
    """Writes a consistent copy while the portal goes on working."""
    path = sqlite_path(database_url)
    if path is not None:
        with closing(fixed_sqlite.connect(path)) as source, closing(fixed_sqlite.connect(target / SQLITE)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=delete")
        return
    (target / TABLES).mkdir()
    with _server(database_url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _present(connection):
            with (target / TABLES / f"{table}.copy").open("wb") as stream, connection.cursor() as cursor:
                columns = sql.SQL(", ").join(map(sql.Identifier, _columns(connection, table)))
                names = ",".join(_columns(connection, table))
                stream.write(f"{names}\n".encode())
                query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(table))
                with cursor.copy(query) as copy:
                    for block in copy:
                        stream.write(block)


def copy_in(database_url: str, source: Path) -> None:
    """Replaces the database by a copy made earlier, at the schema it had then. Raises RestoreError."""
    path = sqlite_path(database_url)
    if path is not None:
        _replace_sqlite(path, source / SQLITE)
        return
    revision = (source / TABLES / f"{VERSION}.copy").read_text().splitlines()[1]
    with _server(database_url) as connection:
        _refuse_company(connection)
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    engine = schema.open_engine(database_url)
    with engine.begin() as begun:
        schema.upgrade(begun, revision)
        tables = _in_order(begun)
    engine.dispose()
    with _server(database_url) as connection:
        for table in tables:
            if table != VERSION:
                # Rows that were rightful when they were written: a tie may have come after the act.
                _switch_triggers(connection, table, "DISABLE")
                _fill(connection, table, source / TABLES / f"{table}.copy")
                _switch_triggers(connection, table, "ENABLE")
        _advance_sequences(connection)


def _switch_triggers(connection: psycopg.Connection[Any], table: str, how: Literal["DISABLE", "ENABLE"]) -> None:
    query = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
    connection.execute(query.format(sql.Identifier(table), sql.SQL(how)))


def _fill(connection: psycopg.Connection[Any], table: str, path: Path) -> None:
    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))  # rows of a migration's own
    with path.open("rb") as stream, connection.cursor() as cursor:
        columns = sql.SQL(", ").join(map(sql.Identifier, stream.readline().decode().strip().split(",")))
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)) as copy:
            while block := stream.read(1 << 20):
                copy.write(block)


def _advance_sequences(connection: psycopg.Connection[Any]) -> None:
    """New rows continue after the restored ones."""
    owned = connection.execute(
        # Materialized: the planner may else ask for sequences first, of tables that are not ours and so not found.
        "WITH ours AS MATERIALIZED"
        " (SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public')"
        " SELECT table_name, column_name, pg_get_serial_sequence(table_name, column_name) FROM ours"
        " WHERE pg_get_serial_sequence(table_name, column_name) IS NOT NULL"
    ).fetchall()
    for table, column, sequence in owned:
        query = sql.SQL("SELECT setval({}, coalesce((SELECT max({}) FROM {}), 0) + 1, false)")
        connection.execute(query.format(sql.Literal(sequence), sql.Identifier(column), sql.Identifier(table)))


def _present(connection: psycopg.Connection[Any]) -> list[str]:
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [str(row[0]) for row in found]


def _in_order(connection: Connection) -> list[str]:
    """Referred tables before those that refer to them, as they were in the version of the backup."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table.name for table in found.sorted_tables]


def _columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    query = (
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"
    )
    return [str(row[0]) for row in connection.execute(query, [table]).fetchall()]


def _refuse_company(connection: psycopg.Connection[Any]) -> None:
    """Raises RestoreError while others are at work; a connection that was just closed goes within a moment."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    for _try in range(CLOSING_TRIES):
        found = connection.execute(others).fetchone()
        connection.rollback()  # the list of connections stays as it is within a transaction
        if not found or not found[0]:
            return
        sleep(CLOSING_SECONDS)
    raise RestoreError("other connections use the database; stop web and worker first")


def _replace_sqlite(path: Path, copy: Path) -> None:
    if path.exists():
        with closing(fixed_sqlite.connect(path, timeout=2)) as old:
            try:
                old.execute("PRAGMA journal_mode=delete").fetchone()
            except fixed_sqlite.DatabaseError as error:
                # Any other trouble with the old store is why it is being replaced.
                if "locked" in str(error):
                    raise RestoreError("the store is in use; stop web and worker first") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".restoring")
    fresh.unlink(missing_ok=True)
    with closing(fixed_sqlite.connect(copy)) as source, closing(fixed_sqlite.connect(fresh)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=delete")
        if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise RestoreError("the copy of the store is damaged")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fresh.replace(path)


@contextmanager
def _server(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    address = engine_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, connect_timeout=10) as connection:
        yield connection


def counts(database_url: str) -> dict[str, int]:
    """How many rows each table holds."""
    engine = schema.open_engine(database_url)
    try:
        with engine.connect() as connection:
            names = sorted(sa.inspect(connection).get_table_names())
            table = [sa.table(name) for name in names]
            return {
                one.name: connection.scalar(sa.select(sa.func.count()).select_from(one)) or 0
                for one in table
                if one.name != VERSION
            }
    finally:
        engine.dispose()
