"""Evidence is a file or a link, bears its days, and says what it took the place of"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

PLACE = "fk_evidence_files_replaces_id"


def upgrade() -> None:
    """Column by column: a table that answers refer to cannot be made anew on SQLite."""
    for column in (
        sa.Column("received_sha256", sa.String(length=64), nullable=True),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
    ):
        op.add_column("evidence_files", column)
    replaces = sa.Column("replaces_id", sa.Integer(), sa.ForeignKey("evidence_files.id", name=PLACE), nullable=True)
    op.add_column("evidence_files", replaces, inline_references=True)
    op.create_index(op.f("ix_evidence_files_replaces_id"), "evidence_files", ["replaces_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_evidence_files_replaces_id"), table_name="evidence_files")
    for name in ("replaces_id", "valid_until", "seen_on", "address", "received_sha256"):
        op.drop_column("evidence_files", name)
