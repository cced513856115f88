"""Companies name their brands; recommendations and awards say which of them they cover"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
COLUMNS = (
    ("companies", "brands"),
    ("recommendations", "brands"),
    ("awards", "brands"),
    ("register_entries", "brands"),
    ("register_entries", "covered"),
)


def upgrade() -> None:
    for table, name in COLUMNS:
        op.add_column(table, sa.Column(name, JSON, server_default=sa.text("'[]'"), nullable=False))
    # The JSON of the register is written anew: it tells the brands.
    op.execute("UPDATE register_entries SET json = ''")


def downgrade() -> None:
    for table, name in reversed(COLUMNS):
        op.drop_column(table, name)
