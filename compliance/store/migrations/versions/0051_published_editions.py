"""An edition is published from a draft, from a day on, by two administrators; what was published never changes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
EDITIONS, PROPOSALS = "published_editions", "edition_proposals"
ACTS = "act IN ('publish', 'call_back')"
OUTCOMES = "outcome IN ('confirmed', 'withdrawn', 'lapsed', 'overtaken')"
FOUR_EYES = "outcome IS NULL OR outcome <> 'confirmed' OR (closed_by IS NOT NULL AND closed_by <> proposed_by)"
KEPT = ("id", "name", "title", "files", "sha256", "begins", "grace_days", "draft_id", "published_by", "published_at")
DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}
MESSAGE = "append-only: what was published stays as it was"


def upgrade() -> None:
    op.create_table(
        EDITIONS,
        *numbers("id", "grace_days", "draft_id", "published_by"),
        *numbers("called_back_by", null=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("called_back_at", MOMENT, nullable=True),
        *rules(EDITIONS, called_back="(called_back_at IS NULL) = (called_back_by IS NULL)"),
        *keys(EDITIONS, draft_id="edition_drafts", published_by="people", called_back_by="people"),
    )
    op.create_table(
        PROPOSALS,
        *numbers("id", "draft_id", "grace_days", "proposed_by"),
        *numbers("closed_by", null=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        *rules(
            PROPOSALS,
            editionact=ACTS,
            outcome=OUTCOMES,
            four_eyes=FOUR_EYES,
            closed="(closed_at IS NULL) = (outcome IS NULL)",
        ),
        *keys(PROPOSALS, draft_id="edition_drafts", proposed_by="people", closed_by="people"),
    )
    op.create_index(op.f("ix_published_editions_draft_id"), EDITIONS, ["draft_id"])
    only_one("uq_published_editions_name", EDITIONS, "name", "called_back_at IS NULL")
    only_one("uq_published_editions_begins", EDITIONS, "begins", "called_back_at IS NULL")
    only_one("uq_edition_proposals_draft", PROPOSALS, "draft_id", "closed_at IS NULL")
    guard(op.get_bind().dialect.name)


def numbers(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def rules(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in said.items()]


def keys(table: str, **to: str) -> list[sa.Constraint]:
    foreign = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in to.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def only_one(name: str, table: str, column: str, where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, [column], unique=True, sqlite_where=only, postgresql_where=only)


def guard(dialect: str) -> None:
    """An edition's row is never deleted, and changed only by being called back, once; whoever writes."""
    changed = " OR ".join(DIFFERS[dialect].format(column) for column in KEPT)
    refused = f"OLD.called_back_at IS NOT NULL OR {changed}"
    if dialect == "sqlite":
        told = f"SELECT RAISE(ABORT, '{MESSAGE}')"
        op.execute(f"CREATE TRIGGER edition_kept BEFORE DELETE ON {EDITIONS} BEGIN {told}; END")
        op.execute(f"CREATE TRIGGER edition_stays BEFORE UPDATE ON {EDITIONS} WHEN {refused} BEGIN {told}; END")
        return
    told = f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'"
    for name, body in (("edition_kept", f"{told};"), ("edition_stays", f"IF ({refused}) THEN {told}; END IF; RETURN NEW;")):
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(
        f"CREATE TRIGGER edition_kept BEFORE DELETE OR TRUNCATE ON {EDITIONS} FOR EACH STATEMENT "
        "EXECUTE FUNCTION edition_kept()"
    )
    op.execute(
        f"CREATE TRIGGER edition_stays BEFORE UPDATE ON {EDITIONS} FOR EACH ROW EXECUTE FUNCTION edition_stays()"
    )


def downgrade() -> None:
    op.drop_table(PROPOSALS)
    op.drop_table(EDITIONS)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("edition_kept", "edition_stays"):
            op.execute(f"DROP FUNCTION {name}()")
