"""The database handle, column types and `transaction()`: the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

import pysqlite3.dbapi2 as fixed_sqlite
import sqlalchemy as sa
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Connection, Dialect, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, Session, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError

from compliance.domain.errors import StaleError
from compliance.store.lost_server import watch_server
from compliance.store.write_lock import BUSY_SECONDS, WriteLock

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
WRITING = "portal_writing"


class Base(DeclarativeBase):
    """All tables; constraint names are spelled out so that migrations can name them on both databases."""

    metadata = sa.MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite would otherwise give it back without a zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def words(enum: type[StrEnum]) -> sa.Enum:
    """A column for a StrEnum: its values as text, with a check constraint named after the enum."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def sqlite_version() -> tuple[int, int, int]:
    """Of the SQLite that the carried driver brings."""
    return fixed_sqlite.sqlite_version_info  # type: ignore[no-any-return]


def engine_url(database_url: str) -> URL:
    """The address with the driver we carry: psycopg 3 for PostgreSQL, the fixed SQLite for SQLite."""
    url = make_url(database_url)
    return url.set(drivername="postgresql+psycopg") if url.drivername in {"postgres", "postgresql"} else url


# When the server's machine no longer answers: milliseconds for sent data, seconds for silence.
LOST_SERVER = {
    "tcp_user_timeout": 4000,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
}


def engine_options(url: URL, *, limited: bool = True) -> dict[str, Any]:
    """What the engine needs beyond the address; `limited` statements end after five seconds at the server."""
    if url.get_backend_name() == "sqlite":
        return {"module": fixed_sqlite, "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    return {
        "pool_pre_ping": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 4,
        "connect_args": {
            "connect_timeout": 2,
            "options": "-c statement_timeout=5000 -c lock_timeout=3000" if limited else "",
            **LOST_SERVER,
        },
    }


def prepare_engine(engine: Engine) -> None:
    """Waits that end. SQLite: durable WAL, foreign keys, and write transactions that take the lock when they begin.

    Reading transactions begin deferred, so that readers never queue behind a writer; `transaction()` marks the others.
    """
    if engine.dialect.name != "sqlite":
        watch_server(engine)
        return
    lock = WriteLock()

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "mmap_size=0"):
            connection.execute(f"pragma {pragma}")
        connection.execute(f"pragma busy_timeout={BUSY_SECONDS * 1000:.0f}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITING):
            lock.take(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    event.listen(engine, "commit", lock.release)
    event.listen(engine, "rollback", lock.release)


@event.listens_for(Session, "before_flush")
def _only_in_a_transaction(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """A page that only reads must not write by accident: rows change inside `transaction()` or not at all."""
    if not session.info.get(WRITING):
        raise RuntimeError("rows changed outside transaction()")


def begin_writing() -> Session:
    """Ends the reading snapshot and takes the write lock. Prefer `transaction()`; the pair with `commit` serves
    Flask-Security, which ends its own work after the view."""
    session = db.session()
    session.rollback()
    session.info[WRITING] = True
    session.connection(execution_options={WRITING: True})
    return session


def commit() -> None:
    """Makes the running write transaction durable. Raises StaleError when a row changed under us."""
    session = db.session()
    try:
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise StaleError from error
    finally:
        session.info.pop(WRITING, None)


def abandon() -> None:
    """Forgets the running transaction; nothing of it is stored."""
    session = db.session()
    try:
        session.rollback()
    finally:
        session.info.pop(WRITING, None)


@contextmanager
def transaction() -> Iterator[Session]:
    """One use case, all or nothing: commits when the block ends, forgets everything when it raises."""
    session = begin_writing()
    try:
        yield session
        commit()
    except StaleDataError as error:
        abandon()
        raise StaleError from error
    except BaseException:
        abandon()
        raise


def dialect() -> Literal["sqlite", "postgresql"]:
    """Which of the two databases this portal runs on."""
    return "sqlite" if db.engine.dialect.name == "sqlite" else "postgresql"


def settings_database(database_url: str) -> dict[str, Any]:
    """Flask configuration for the database."""
    url = engine_url(database_url)
    return {"SQLALCHEMY_DATABASE_URI": url, "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url)}


def prepare_app() -> None:
    """Inside an application context: prepares the engine once."""
    if not current_app.extensions.get("portal_engine_prepared"):
        prepare_engine(db.engine)
        current_app.extensions["portal_engine_prepared"] = True
