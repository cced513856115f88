"""A way to report says which kinds of harm it takes; those of before take them all until their company says more"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("reporting_channels", sa.Column("harms", JSON, server_default=sa.text("'{}'"), nullable=False))
    # The JSON of the register is written anew: it tells the kinds.
    op.execute("UPDATE register_entries SET json = ''")


def downgrade() -> None:
    op.drop_column("reporting_channels", "harms")
