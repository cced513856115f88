"""A plan's step knows what its answer has to become and when it was done; a company may add steps of its own"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
KEPT = "assessment_id, question, action, responsible, due_on, saved_by, saved_at"


def upgrade() -> None:
    op.create_table(
        "plan_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("aim", JSON, nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_plan_steps_assessment_id")),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name=op.f("fk_plan_steps_done_by")),
        sa.ForeignKeyConstraint(["saved_by"], ["people.id"], name=op.f("fk_plan_steps_saved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_steps")),
    )
    op.create_index(op.f("ix_plan_steps_assessment_id"), "plan_steps", ["assessment_id"])
    only = sa.text("question <> ''")
    op.create_index(
        "uq_plan_steps_question", "plan_steps", ["assessment_id", "question"], unique=True,
        sqlite_where=only, postgresql_where=only,
    )  # fmt: skip
    op.execute(f"INSERT INTO plan_steps ({KEPT}) SELECT {KEPT} FROM plan_items ORDER BY assessment_id, due_on, question")
    op.drop_table("plan_items")


def downgrade() -> None:
    op.create_table(
        "plan_items",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_plan_items_assessment_id")),
        sa.ForeignKeyConstraint(["saved_by"], ["people.id"], name=op.f("fk_plan_items_saved_by")),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_plan_items")),
    )
    op.execute(f"INSERT INTO plan_items ({KEPT}) SELECT {KEPT} FROM plan_steps WHERE question <> ''")
    op.drop_table("plan_steps")
