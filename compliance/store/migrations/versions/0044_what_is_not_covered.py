"""What an award does not cover is said beside what it covers; earlier scopes say what is covered, and nothing else"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLES = ("recommendations", "awards", "register_entries")
COLUMNS = ("not_covered_km", "not_covered_en")


def upgrade() -> None:
    for table in TABLES:
        for column in COLUMNS:
            op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.execute("UPDATE register_entries SET json = ''")  # the stored lines say it too: `rebuild` writes them


def downgrade() -> None:
    for table in TABLES:
        for column in COLUMNS:
            op.drop_column(table, column)
    op.execute("UPDATE register_entries SET json = ''")
