"""Two rows in every table of a schema of any version, without the models, which know the newest one only."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import SYSTEM
from compliance.store import audit
from compliance.store.base import WRITING
from compliance.store.schema import WORD_INDEX

MOMENT = datetime(2026, 11, 1, 3, 4, 5, 678901, tzinfo=UTC)
APART = ("alembic_version", "audit_entries")
PEOPLE = 9
"""So many that everybody whom a row names is somebody else: four eyes are a rule of many tables."""
EMPTY = {
    "replaced_from",
    "closed_at",
    "closed_by",
    "outcome",
    "answered",
    "answered_at",
    "answered_by",
    "replaced_at",
    "failed_at",
    "withdrawn_at",
}
TEXT = "tab\tline\nback\\slash 'quote' ខ្មែរ "


def fill(connection: Connection) -> list[str]:
    """Fills every table and returns their names; the trail gets entries that verify."""
    metadata = sa.MetaData()
    metadata.reflect(connection)
    tables = [table for table in metadata.sorted_tables if not table.name.startswith(WORD_INDEX)]
    with _unguarded(connection, tables):
        for table in tables:
            if table.name not in APART:
                chosen = _chosen(connection, table.name)
                for n in range(1, (PEOPLE if table.name == "people" else 2) + 1):
                    _insert(connection, table, n, chosen)
    with Session(connection) as session:
        session.info[WRITING] = True
        for n in (1, 2):
            audit.record(session, MOMENT, SYSTEM, "system:test:filled", "test", n, words=TEXT)
        session.flush()
    return [table.name for table in tables if table.name not in APART[:1]]


@contextmanager
def _unguarded(connection: Connection, tables: Sequence[sa.Table]) -> Iterator[None]:
    """No trigger judges the rows: what was rightful when it was written may be refused today."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
        yield
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        return
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE '{WORD_INDEX}%'"
    triggers = connection.exec_driver_sql(query).all()
    for trigger in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
    yield
    for trigger in triggers:
        connection.exec_driver_sql(trigger.sql)


def _insert(connection: Connection, table: sa.Table, n: int, chosen: dict[str, str]) -> None:
    """A row with every column filled; the first, and one that a check refuses so, without what may be empty."""
    for sparse in (n == 1, True):
        values = {column.name: _value(connection, column, n, chosen, sparse=sparse) for column in table.columns}
        try:
            with connection.begin_nested():
                connection.execute(table.insert().values(values))
        except sa.exc.IntegrityError:
            if sparse:
                raise
        else:
            return


def _chosen(connection: Connection, table: str) -> dict[str, str]:
    """The first word that a check allows in a column."""
    chosen = {}
    for check in sa.inspect(connection).get_check_constraints(table):
        found = re.match(r"\(*(\w+)\)?(::\w+)?\s*(IN|= ANY|\)::text = ANY)", check["sqltext"])
        words = re.findall(r"'(\w+)'", check["sqltext"])
        if found and words:
            chosen[found[1]] = words[0]
    return chosen


def _value(connection: Connection, column: sa.Column[Any], n: int, chosen: dict[str, str], *, sparse: bool) -> Any:
    special = {
        "edition": "2026",
        "rule": "grace.days",
        "figures": [20 + n],
        "level": "gold",
        "kinds": ["isp"],
        "services": [],
        "kinds_text": " isp ",
        "year": 2024 + n,
        "starts": date(2026, 1, 1),
        "ends": clock.today() + timedelta(days=300),
        "grace_days": 30,
        "language": "km",
        "email": f"person{n}@company.example",
    }
    others = column.table.columns
    alone = column.name == "sent_at" and "sent_by" not in others
    alone |= column.name == "decision_id" and "award_decision_id" in others  # an appeal is against one of the two
    if column.name in EMPTY or (column.nullable and sparse and not alone):
        return None
    if column.name in chosen:
        return chosen[column.name]
    if column.name in special:
        return special[column.name]
    if column.foreign_keys:
        return 1 + (_place(column) + n) % PEOPLE if _of_person(column) else n
    return _of_kind(connection, column, n)


def _of_person(column: sa.Column[Any]) -> bool:
    return any(key.column.table.name == "people" for key in column.foreign_keys)


def _place(column: sa.Column[Any]) -> int:
    """Of the column among those of its table that name a person."""
    return [one.name for one in column.table.columns if _of_person(one)].index(column.name)


def _of_kind(connection: Connection, column: sa.Column[Any], n: int) -> Any:
    moment = MOMENT.replace(tzinfo=None) if connection.dialect.name == "sqlite" else MOMENT
    values: dict[type[Any], Any] = {
        sa.JSON: {"n": n, "words": TEXT},
        sa.Boolean: n == 1,
        sa.Integer: n,
        sa.DateTime: moment,
        sa.Date: date(2026, 1, n),
        sa.LargeBinary: bytes(range(256)) + bytes([n]),
    }
    found = next((kind for kind in values if isinstance(column.type, kind)), None)
    return values[found] if found else _text(column, n)


def _text(column: sa.Column[Any], n: int) -> str:
    length = getattr(column.type, "length", None)
    if length is None or length > 100:
        return f"{TEXT}{column.name} {n}"
    return f"{column.name[:18]} {n}"[:length]
