"""A company's answer to a concern can be locked away, as the text of the concern can"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

TRIGGER, MESSAGE = "concern_replied_once", "append-only: what was said stays as it was"
DIFFERS = {"sqlite": "OLD.reply IS NOT NEW.reply", "postgresql": "OLD.reply IS DISTINCT FROM NEW.reply"}
LOCKED = " AND (NEW.reply <> '' OR NEW.reply_sha256 IS NULL)"


def _guard(but: str) -> None:
    """A reply is never another one; with `but` it may be locked away."""
    dialect = op.get_bind().dialect.name
    refused = f"OLD.replied_at IS NOT NULL AND ({DIFFERS[dialect]}){but}"
    if dialect == "sqlite":
        op.execute(f"DROP TRIGGER {TRIGGER}")
        raised = f"SELECT RAISE(ABORT, '{MESSAGE}')"
        op.execute(f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON concerns WHEN {refused} BEGIN {raised}; END")
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )


def upgrade() -> None:
    op.add_column("concerns", sa.Column("reply_sha256", sa.String(length=64), nullable=True))
    _guard(LOCKED)


def downgrade() -> None:
    _guard("")
    op.drop_column("concerns", "reply_sha256")
