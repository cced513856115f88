"""An act on an award has a ground and a reason for everybody, and the company is heard before it"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE, TRIGGER = "award_hearings", "award_hearing_stated_once"
DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}
ASKED = ("proposal_id", "award_id", "first", "until")
SAID = ("statement", "stated_by", "stated_at")
MESSAGE = "append-only: what a company stated stays as it was"


def upgrade() -> None:
    for table in ("award_proposals", "award_decisions"):
        op.add_column(table, sa.Column("ground", sa.String(length=40), server_default="", nullable=False))
        for column in ("public_km", "public_en"):
            op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("stated_by", sa.Integer(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["award_proposals.id"], name=op.f("fk_award_hearings_proposal_id")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_award_hearings_award_id")),
        sa.ForeignKeyConstraint(["stated_by"], ["people.id"], name=op.f("fk_award_hearings_stated_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_hearings")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_award_hearings_proposal_id")),
    )
    op.create_index(op.f("ix_award_hearings_award_id"), TABLE, ["award_id"])
    name = op.get_bind().dialect.name
    asked, said = (" OR ".join(DIFFERS[name].format(column) for column in of) for of in (ASKED, SAID))
    guard(name, f"{asked} OR (OLD.stated_at IS NOT NULL AND ({said}))")


def guard(dialect: str, refused: str) -> None:
    """What was asked and said stays, whoever writes."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()")


def downgrade() -> None:
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {TRIGGER}()")
    for table in ("award_proposals", "award_decisions"):
        for column in ("ground", "public_km", "public_en"):
            op.drop_column(table, column)
