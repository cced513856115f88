"""Names of the register in dictionary order, and what they sound like

The worker or the next start writes every entry again: an entry without its JSON is one that nobody has finished.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

READ_BY_A_LIST = ["award_id", "shown_from", "shown_to", "level"]


def upgrade() -> None:
    for script in ("km", "latin"):
        op.drop_index(f"ix_register_entries_{script}", "register_entries")
        op.drop_column("register_entries", f"sort_{script}")
        key = sa.Column(f"key_{script}", sa.LargeBinary(), nullable=False, server_default="")
        op.add_column("register_entries", key)
        op.create_index(f"ix_register_entries_{script}", "register_entries", [f"key_{script}", *READ_BY_A_LIST])
    op.add_column("register_entries", sa.Column("sounds", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE register_entries SET json = ''")


def downgrade() -> None:
    op.drop_column("register_entries", "sounds")
    for script in ("km", "latin"):
        op.drop_index(f"ix_register_entries_{script}", "register_entries")
        op.drop_column("register_entries", f"key_{script}")
        name = sa.Column(f"sort_{script}", sa.String(200), nullable=False, server_default="")
        op.add_column("register_entries", name)
        op.create_index(f"ix_register_entries_{script}", "register_entries", [f"sort_{script}", *READ_BY_A_LIST])
    op.execute("UPDATE register_entries SET json = ''")
