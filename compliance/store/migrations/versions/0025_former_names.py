"""Register entries say what the company was called before"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
# Lines and JSON are written anew: they tell the earlier names, and a line until when an award counts in its grace.
WRITE_ANEW = "UPDATE register_entries SET json = ''"


def upgrade() -> None:
    op.add_column("register_entries", sa.Column("former", JSON, server_default=sa.text("'[]'"), nullable=False))
    op.execute(WRITE_ANEW)


def downgrade() -> None:
    op.drop_column("register_entries", "former")
    op.execute(WRITE_ANEW)
