"""The acts of the log since a day are found without walking through all of them"""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_log_entries_written_at", "log_entries", ["written_at", "position"])


def downgrade() -> None:
    op.drop_index("ix_log_entries_written_at", "log_entries")
