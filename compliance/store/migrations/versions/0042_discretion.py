"""A person decides, with the edition's factors and a reason, on an essential point that is left to discretion"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("rulings", sa.Column("essential", sa.String(length=10), server_default="", nullable=False))
    op.add_column("rulings", sa.Column("factors", JSON, server_default="[]", nullable=False))
    op.add_column("rulings", sa.Column("excuse", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for column in ("essential", "factors", "excuse"):
        op.drop_column("rulings", column)
