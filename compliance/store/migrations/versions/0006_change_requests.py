"""Change requests of awarded companies"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
OPEN = sa.text("answered IS NULL")
FOUR_EYES = "answered IS NULL OR answered = 'withdrawn' OR (answered_by IS NOT NULL AND answered_by <> asked_by)"


def upgrade() -> None:
    op.create_table(
        "change_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered", sa.String(length=40), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answered IN ('confirmed', 'declined', 'withdrawn')", name=op.f("ck_change_requests_answered")
        ),
        sa.CheckConstraint("(answered_at IS NULL) = (answered IS NULL)", name=op.f("ck_change_requests_closed")),
        sa.CheckConstraint(FOUR_EYES, name=op.f("ck_change_requests_four_eyes")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_change_requests_company_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_change_requests_asked_by")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_change_requests_answered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_requests")),
    )
    op.create_index(op.f("ix_change_requests_company_id"), "change_requests", ["company_id"])
    op.create_index(
        "uq_change_requests_open",
        "change_requests",
        ["company_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("change_requests")
