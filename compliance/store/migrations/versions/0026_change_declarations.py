"""Awarded companies declare incidents and changes; whoever is tied to the company does not mark one as seen"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
KINDS = "kind IN ('incident', 'ownership', 'new_service')"
SEEN = "(seen_at IS NULL) = (seen_by IS NULL)"
TIED = (
    "NEW.seen_by IS NOT NULL AND EXISTS (SELECT 1 FROM ties WHERE ties.person_id = NEW.seen_by "
    "AND ties.company_id = NEW.company_id AND ties.until > NEW.seen_at)"
)
SAID = ("company_id", "award_id", "kind", "since", "what", "done", "declared_by", "declared_at", "digest")
DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}
TIE = "tie: whoever is tied to the company takes no act on it"
SAID_ONCE = "append-only: what a company declared stays as it was"


def upgrade() -> None:
    op.create_table(
        "change_declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("reported_to", JSON, nullable=False),
        sa.Column("declared_by", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("seen_by", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_change_declarations_changekind")),
        sa.CheckConstraint(SEEN, name=op.f("ck_change_declarations_seen")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_change_declarations_company_id")),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_change_declarations_award_id")),
        sa.ForeignKeyConstraint(["declared_by"], ["people.id"], name=op.f("fk_change_declarations_declared_by")),
        sa.ForeignKeyConstraint(["seen_by"], ["people.id"], name=op.f("fk_change_declarations_seen_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_declarations")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_change_declarations_company_id_key")),
    )
    op.create_index(op.f("ix_change_declarations_seen_at"), "change_declarations", ["seen_at"])
    name = op.get_bind().dialect.name
    differs = " OR ".join(DIFFERS[name].format(column) for column in SAID)
    guard(name, "untied_seen", "UPDATE OF seen_by", TIED, TIE)
    guard(name, "declared_once", "UPDATE", differs, SAID_ONCE)


def guard(dialect: str, trigger: str, when: str, refused: str, message: str) -> None:
    """A row that is refused, whoever writes it."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON change_declarations WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {trigger} BEFORE {when} ON change_declarations FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    )


def downgrade() -> None:
    op.drop_table("change_declarations")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION untied_seen()")
        op.execute("DROP FUNCTION declared_once()")
