"""The audit trail: append-only, chained, and every tampering shows."""

from collections.abc import Callable
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from compliance.domain.roles import SYSTEM
from compliance.store import audit
from compliance.store.base import db, transaction
from tests.conftest import MOMENT

TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_entries_no_update", "DROP TRIGGER audit_entries_no_delete"),
    "postgresql": ("DROP TRIGGER audit_entries_append_only ON audit_entries",),
}
SET = "UPDATE audit_entries SET "
TAMPERS = {
    "content": SET + "content = 'forged' WHERE seq = 3",
    "actor": SET + "actor_id = 7 WHERE seq = 3",
    "tag": SET + "tag = 'a:b:c' WHERE seq = 3",
    "subject": SET + "subject_id = 42 WHERE seq = 3",
    "hash": SET + f"hash = '{'f' * 64}' WHERE seq = 3",
    "previous": SET + f"previous = '{'e' * 64}' WHERE seq = 3",
    "removed": "DELETE FROM audit_entries WHERE seq = 3",
    "first removed": "DELETE FROM audit_entries WHERE seq = 1",
    "tail cut": "DELETE FROM audit_entries WHERE seq >= 5",
    "emptied": "DELETE FROM audit_entries",
}


@pytest.fixture
def trail(in_app: Flask) -> tuple[int, str]:
    """Six entries; their published head."""
    with transaction() as session:
        for n in range(6):
            audit.record(session, MOMENT, SYSTEM, "system:test:happened", "test", n + 1, n=n)
        return audit.head(session)


def tamper(*statements: str) -> None:
    with db.engine.connect().execution_options(portal_writing=True) as connection, connection.begin():
        for statement in (*TRIGGERS[db.engine.dialect.name], *statements):
            connection.execute(sa.text(statement))


def test_an_untouched_trail_holds(trail: tuple[int, str]) -> None:
    assert list(audit.verify(db.session(), trail)) == []


@pytest.mark.parametrize("how", TAMPERS)
def test_a_tampered_trail_shows(trail: tuple[int, str], how: str) -> None:
    tamper(TAMPERS[how])
    assert list(audit.verify(db.session(), trail))


def test_a_rewritten_tail_shows_against_the_published_head(trail: tuple[int, str]) -> None:
    """Someone with the database in hand cuts the end and chains a new one onto it."""
    tamper("DELETE FROM audit_entries WHERE seq = 6")
    with transaction() as session:
        audit.record(session, MOMENT, SYSTEM, "system:test:happened", "test", 6, n="forged")
    assert list(audit.verify(db.session())) == []
    assert list(audit.verify(db.session(), trail))


@pytest.mark.parametrize("statement", [TAMPERS["content"], TAMPERS["removed"]])
def test_the_database_refuses_changes(trail: tuple[int, str], statement: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), transaction() as session:
        session.execute(sa.text(statement))


def test_an_entry_is_part_of_the_transaction(trail: tuple[int, str]) -> None:
    def fail() -> None:
        with transaction() as session:
            audit.record(session, MOMENT, SYSTEM, "system:test:happened", "test", 7)
            raise RuntimeError("the act failed")

    act: Callable[[], None] = fail
    with pytest.raises(RuntimeError):
        act()
    assert audit.head(db.session()) == trail


DAMAGES = ("'not a value'", "x'ff00'", "CAST(x'ff' AS text)", "''", "-1", "1e300", "'2020-13-45 00:00:00'")


COLUMNS = ("at", "actor_id", "tag", "subject", "subject_id", "content", "previous", "hash")


@pytest.mark.sqlite_only  # only SQLite keeps values of another kind in a column
def test_a_damaged_field_is_a_finding_in_every_row(trail: tuple[int, str]) -> None:
    tamper()
    for row, column, damage in product((1, 3, 6), COLUMNS, DAMAGES):
        with db.engine.connect().execution_options(portal_writing=True) as connection:
            connection.exec_driver_sql(f"UPDATE audit_entries SET {column} = {damage} WHERE seq = {row}")
            found = {broken.seq for broken in audit.verify(Session(connection), trail)}
            connection.rollback()
        assert row in found, (row, column, damage)
