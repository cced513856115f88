"""An answer that was carried over knows the edition it was given in, an assessment the one before, evidence its way"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

EARLIER = (
    "UPDATE assessments SET earlier_id = (SELECT before.id FROM assessments AS before "
    "WHERE before.company_id = assessments.company_id AND (before.opened_at < assessments.opened_at "
    "OR (before.opened_at = assessments.opened_at AND before.id < assessments.id)) "
    "ORDER BY before.opened_at DESC, before.id DESC LIMIT 1)"
)
CARRIED_FROM = (
    "UPDATE answers SET carried_from = (SELECT before.edition FROM assessments AS mine "
    "JOIN assessments AS before ON before.id = mine.earlier_id WHERE mine.id = answers.assessment_id) "
    "WHERE carried_over"
)


def upgrade() -> None:
    op.add_column("assessments", sa.Column("earlier_id", sa.Integer(), nullable=True))
    op.add_column("answers", sa.Column("carried_from", sa.String(length=40), nullable=True))
    op.add_column(
        "evidence_links", sa.Column("carried_over", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(EARLIER)
    op.execute(CARRIED_FROM)


def downgrade() -> None:
    op.drop_column("evidence_links", "carried_over")
    op.drop_column("answers", "carried_from")
    op.drop_column("assessments", "earlier_id")
