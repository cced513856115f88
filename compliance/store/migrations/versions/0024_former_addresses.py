"""An address that an account had before is known again when somebody is invited at it"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEX = "ix_former_domains_address_sha256"


def upgrade() -> None:
    op.add_column("former_domains", sa.Column("address_sha256", sa.String(length=64), nullable=True))
    op.create_index(op.f(INDEX), "former_domains", ["address_sha256"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), table_name="former_domains")
    op.drop_column("former_domains", "address_sha256")
