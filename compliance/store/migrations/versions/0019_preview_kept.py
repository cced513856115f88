"""Whoever makes an account to go on with a preview finds its answers again after confirming the address"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("preview", sa.String(length=2000), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("people", "preview")
