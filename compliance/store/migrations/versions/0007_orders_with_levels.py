"""The register's orders tell the level too, so that a list and its counts are one look at an index"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = ["award_id", "shown_from", "shown_to"]


def upgrade() -> None:
    _index([*BEFORE, "level"])


def downgrade() -> None:
    _index(BEFORE)


def _index(behind: list[str]) -> None:
    for name in ("km", "latin"):
        op.drop_index(f"ix_register_entries_{name}", "register_entries")
        op.create_index(f"ix_register_entries_{name}", "register_entries", [f"sort_{name}", *behind])
