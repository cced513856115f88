"""Mails are written from the facts when they are sent: notices refer to them, and may be overtaken"""

from datetime import UTC, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOTICES = sa.table(
    "notices",
    sa.column("id", sa.Integer),
    sa.column("key", sa.String),
    sa.column("kind", sa.String),
    sa.column("values", sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")),
    sa.column("queued_at", sa.DateTime(timezone=True)),
    sa.column("sent_at", sa.DateTime(timezone=True)),
)
# What an unsent notice of each kind is about, as its key says it: <kind>:<first>:<second>:…
REFERENCES = {
    "reminder_before": ("award",),
    "reminder_after": ("award",),
    "certificate_ready": ("issued",),
    "certificate_anew": ("issued",),
    "award_suspended": ("award", "proposal"),
    "award_reinstated": ("award", "proposal"),
    "award_revoked": ("award", "proposal"),
    "proposal_waiting": ("proposal",),
    "change_waiting": ("change",),
    "change_confirmed": ("change",),
    "change_declined": ("change",),
    "account_invited": ("invitation",),
    "account_staff_invited": ("invitation",),
}
LINKS = ("account_confirm", "account_reset", "account_address_confirm")
INDEX = "ix_notices_due"


def upgrade() -> None:
    op.add_column("notices", sa.Column("overtaken_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(INDEX, table_name="notices")
    op.create_index(INDEX, "notices", ["sent_at", "failed_at", "overtaken_at", "due_at"])
    connection = op.get_bind()
    for row in connection.execute(sa.select(NOTICES).where(NOTICES.c.sent_at.is_(None))).all():
        values = {**row.values, **_references(row), **_until(row)}
        connection.execute(sa.update(NOTICES).where(NOTICES.c.id == row.id).values(values=values))


def _references(row: sa.Row) -> dict[str, int]:
    parts = row.key.split(":")[1:]
    return {name: int(part) for name, part in zip(REFERENCES.get(row.kind, ()), parts, strict=False)}


def _until(row: sa.Row) -> dict[str, str]:
    """Until when a link works, which was told as so many hours or days."""
    if row.kind not in LINKS:
        return {}
    queued = row.queued_at if row.queued_at.tzinfo else row.queued_at.replace(tzinfo=UTC)
    within = timedelta(days=row.values.get("days", 0), hours=row.values.get("hours", 0))
    return {"until": (queued + within).isoformat()}


def downgrade() -> None:
    """The words of what waits are lost with the references: it is not sent by the earlier version, staff see it."""
    op.execute("UPDATE notices SET failed_at = queued_at, last_error = 'older' WHERE sent_at IS NULL")
    op.drop_index(INDEX, table_name="notices")
    op.create_index(INDEX, "notices", ["sent_at", "failed_at", "due_at"])
    op.drop_column("notices", "overtaken_at")
