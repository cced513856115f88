"""Alembic's entry: runs migrations on the connection that `store.schema` hands over."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask_security import AsaList

from compliance.store.base import Base, UtcDateTime


def plain(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """A migration names database types only: it must run when our own types have moved or gone."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AsaList):
        return "sa.UnicodeText()"
    if kind == "type" and isinstance(item, sa.JSON):
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=plain,
    compare_type=True,
)
# A table that is made anew (batch mode) must not drag along, or stumble over, views and triggers that name it.
if context.get_bind().dialect.name == "sqlite":
    context.get_bind().exec_driver_sql("PRAGMA legacy_alter_table=ON")
with context.begin_transaction():
    context.run_migrations()
