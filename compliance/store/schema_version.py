"""Which migration a database stands at, and the newest one; loads no Alembic."""

from sqlalchemy.engine import Connection

from compliance.store.newest_migration import newest

__all__ = ["current", "newest"]


def current(connection: Connection) -> str | None:
    """The migration the database stands at; None when it is empty."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)
