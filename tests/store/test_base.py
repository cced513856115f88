"""The store's base: safe SQLite, durable settings, writes only inside transaction()."""

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.store.base import db, sqlite_version, transaction
from compliance.store.outbox import Notice
from compliance.store.sqlite_guard import UnsafeSqliteError, is_safe, require_safe
from tests.conftest import MOMENT


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 50, 6), (3, 51, 2), (3, 45, 0)])
def test_affected_versions_are_refused(version: tuple[int, int, int]) -> None:
    with pytest.raises(UnsafeSqliteError, match="DATABASE_URL"):
        require_safe(version)


@pytest.mark.parametrize("version", [(3, 44, 6), (3, 50, 7), (3, 51, 3), (3, 53, 4), (4, 0, 0)])
def test_fixed_versions_are_safe(version: tuple[int, int, int]) -> None:
    assert is_safe(version)


def test_the_carried_sqlite_is_safe() -> None:
    require_safe(sqlite_version())


def notice() -> Notice:
    return Notice(key="k", kind="k", email="a@b.example", language="km", values={}, queued_at=MOMENT, due_at=MOMENT)


def test_rows_cannot_change_outside_a_transaction(in_app: Flask) -> None:
    db.session.add(notice())
    with pytest.raises(RuntimeError, match="outside transaction"):
        db.session.flush()
    db.session.rollback()


def test_a_transaction_is_all_or_nothing(in_app: Flask) -> None:
    def fail() -> None:
        with transaction() as session:
            session.add(notice())
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Notice)) == 0


def test_moments_come_back_with_their_zone(in_app: Flask) -> None:
    with transaction() as session:
        session.add(notice())
    assert db.session.scalars(sa.select(Notice)).one().queued_at == MOMENT


@pytest.mark.sqlite_only
def test_sqlite_is_durable(in_app: Flask) -> None:
    with db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "mmap_size": 0,
        "busy_timeout": 10000,
    }
