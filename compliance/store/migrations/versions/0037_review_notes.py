"""Notes of reviewers beside an answer: what stays in the Ministry, and what the next round of questions will ask"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

WAITS = sa.text("kind = 'to_ask' AND withdrawn_at IS NULL")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "review_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('internal', 'to_ask')", name=op.f("ck_review_notes_notekind")),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_review_notes_assessment_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_review_notes_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_notes")),
    )
    op.create_index(op.f("ix_review_notes_assessment_id"), "review_notes", ["assessment_id"])
    op.create_index(
        "uq_review_notes_to_ask",
        "review_notes",
        ["assessment_id", "question"],
        unique=True,
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )


def downgrade() -> None:
    op.drop_table("review_notes")
