"""A register entry's JSON is kept beside its lines"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("register_entries", sa.Column("json", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("register_entries", "json")
