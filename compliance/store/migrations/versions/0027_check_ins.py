"""Check-ins in the middle of an award's term: drafted together, sent once"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SENT = "(sent_at IS NULL) = (sent_by IS NULL) AND (sent_at IS NULL) = (digest IS NULL)"
MESSAGE = "append-only: a check-in that was sent stays as it was"


def upgrade() -> None:
    op.create_table(
        "check_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("contacts_right", sa.Boolean(), nullable=False),
        sa.Column("all_declared", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("draft_version", sa.Integer(), nullable=False),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.CheckConstraint(SENT, name=op.f("ck_check_ins_sent")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_check_ins_award_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["people.id"], name=op.f("fk_check_ins_drafted_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["people.id"], name=op.f("fk_check_ins_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sa.UniqueConstraint("award_id", "due_on", name=op.f("uq_check_ins_award_id_due_on")),
    )
    op.create_index(op.f("ix_check_ins_sent_at"), "check_ins", ["sent_at"])
    guard(op.get_bind().dialect.name, "sent_once", "UPDATE", "OLD.sent_at IS NOT NULL")


def guard(dialect: str, trigger: str, when: str, refused: str) -> None:
    """A row that is refused, whoever writes it."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON check_ins WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {when} ON check_ins FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def downgrade() -> None:
    op.drop_table("check_ins")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sent_once()")
