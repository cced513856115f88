"""How a person wants the mails that can wait, and of which company a kept letter tells"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

CHOICES = "'at_once', 'daily', 'none'"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE people ADD COLUMN optional_mail VARCHAR(40) DEFAULT 'at_once' NOT NULL"
        f" CONSTRAINT optionalmail CHECK (optional_mail IN ({CHOICES}))"
    )
    op.add_column("letters", sa.Column("company_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("letters", "company_id")
    op.execute("ALTER TABLE people DROP COLUMN optional_mail")
