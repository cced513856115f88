"""Evidence is a file or a link, bears its days, and says what it took the place of"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PLACE = "fk_evidence_files_replaces_id"


def upgrade() -> None:
    with op.batch_alter_table("evidence_files") as table:
        table.add_column(sa.Column("received_sha256", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("address", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("seen_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(PLACE), "evidence_files", ["replaces_id"], ["id"])
    op.create_index(op.f("ix_evidence_files_replaces_id"), "evidence_files", ["replaces_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_evidence_files_replaces_id"), table_name="evidence_files")
    with op.batch_alter_table("evidence_files") as table:
        table.drop_constraint(op.f(PLACE), type_="foreignkey")
        for name in ("replaces_id", "valid_until", "seen_on", "address", "received_sha256"):
            table.drop_column(name)
