"""Texts of a draft edition are marked to be checked"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

TABLE = "draft_marks"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("passage", sa.String(length=250), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["edition_drafts.id"], name=op.f("fk_draft_marks_draft_id")),
        sa.ForeignKeyConstraint(["marked_by"], ["people.id"], name=op.f("fk_draft_marks_marked_by")),
        sa.PrimaryKeyConstraint("draft_id", "passage", name=op.f("pk_draft_marks")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
