"""A panel tells everybody why in both languages"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

TRIGGER, MESSAGE = "appeal_voted_once", "append-only: what was lodged, voted or noted stays as it was"
DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}
VOTED = ("appeal_id", "person_id", "vote", "findings", "reasons", "public_reason", "voted_at")
ADDED = "public_reason_en"


def _guard(*columns: str) -> None:
    """What was voted stays as it was."""
    dialect = op.get_bind().dialect.name
    refused = " OR ".join(DIFFERS[dialect].format(one) for one in columns)
    refused = f"OLD.vote IS NOT NULL AND ({refused})"
    if dialect == "sqlite":
        op.execute(f"DROP TRIGGER IF EXISTS {TRIGGER}")
        raised = f"SELECT RAISE(ABORT, '{MESSAGE}')"
        op.execute(f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON appeal_seats WHEN {refused} BEGIN {raised}; END")
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )


def upgrade() -> None:
    for table in ("appeals", "appeal_seats"):
        op.add_column(table, sa.Column(ADDED, sa.Text(), server_default="", nullable=False))
    _guard(*VOTED, ADDED)


def downgrade() -> None:
    _guard(*VOTED)
    for table in ("appeal_seats", "appeals"):
        op.drop_column(table, ADDED)
