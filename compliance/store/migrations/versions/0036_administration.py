"""What administrators see and set: jobs, upkeep, deletions, hotlines, signatories; a mail can be cancelled"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("notices", sa.Column("cancelled_by", sa.Integer(), nullable=True))
    op.add_column("notices", sa.Column("cancel_reason", sa.Text(), nullable=False, server_default=""))
    kept_by_the_portal()
    set_by_people()


def kept_by_the_portal() -> None:
    op.create_table(
        "job_runs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("ran_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_runs")),
    )
    op.create_table(
        "upkeep",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.CheckConstraint("kind IN ('backup', 'restore_test')", name=op.f("ck_upkeep_upkeepkind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep")),
    )
    op.create_index("ix_upkeep_kind", "upkeep", ["kind", "at"])
    op.create_table(
        "deletions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.CheckConstraint("rule IN ('sessions', 'tries', 'unsent', 'orphans')", name=op.f("ck_deletions_retentionrule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
    )
    op.create_index(op.f("ix_deletions_at"), "deletions", ["at"])


def set_by_people() -> None:
    op.create_table(
        "hotlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=80), nullable=False) for name in ("name_km", "name_en", "text_km", "text_en")),
        sa.Column("tel", sa.String(length=20), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["saved_by"], ["people.id"], name=op.f("fk_hotlines_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotlines")),
        sa.UniqueConstraint("position", name=op.f("uq_hotlines_position")),
    )
    op.create_table(
        "signatories",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(length=80), nullable=False) for name in ("office_km", "office_en", "name_km", "name_en")),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_signatories_four_eyes")),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_signatories_confirmed")),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_signatories_closed_once")),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_signatories_proposed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_signatories_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
    )


def downgrade() -> None:
    for table in ("signatories", "hotlines", "deletions", "upkeep", "job_runs"):
        op.drop_table(table)
    op.drop_column("notices", "cancel_reason")
    op.drop_column("notices", "cancelled_by")
