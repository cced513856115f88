"""A clarification has a day after which it lapses; its reply is drafted before a signatory attests it"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NEW = ("lapses_on", "lapsed_at", "draft", "draft_version", "drafted_by")
# Five working days fill a week, whatever the day.
A_WEEK_LATER = {
    "sqlite": "UPDATE clarifications SET lapses_on = date(due_on, '+7 days')",
    "postgresql": "UPDATE clarifications SET lapses_on = due_on + 7",
}


def upgrade() -> None:
    op.add_column("clarifications", sa.Column("lapses_on", sa.Date(), nullable=False, server_default="2000-01-01"))
    op.add_column("clarifications", sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("clarifications", sa.Column("draft", sa.Text(), nullable=False, server_default=""))
    op.add_column("clarifications", sa.Column("draft_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("clarifications", sa.Column("drafted_by", sa.Integer(), nullable=True))
    op.execute(A_WEEK_LATER[op.get_bind().dialect.name])


def downgrade() -> None:
    for name in reversed(NEW):
        op.drop_column("clarifications", name)
