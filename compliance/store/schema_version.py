"""Which migration a database stands at, and the newest one; loads neither Alembic nor SQLAlchemy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def current(connection: Connection) -> str | None:
    """The migration the database stands at; None when it is empty."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def newest() -> str:
    """The newest migration this code carries; the files are named by their number."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
