"""The history of an answer tells how each version came, and keeps what met a colleague's; people choose their page"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLE = "rejected_answers"


def upgrade() -> None:
    op.add_column("answer_revisions", sa.Column("how", sa.String(length=20), nullable=True))
    op.add_column("people", sa.Column("all_questions", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("met_version", sa.Integer(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name=op.f("fk_rejected_answers_assessment_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_rejected_answers_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_answers")),
    )
    op.create_index("ix_rejected_answers_answer", TABLE, ["assessment_id", "question"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("people", "all_questions")
    op.drop_column("answer_revisions", "how")
