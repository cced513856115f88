"""Spot checks and their draws: whoever is tied to the company opens, takes, tells and closes none of it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
CAUSES = "cause IN ('drawn', 'concern', 'chosen')"
OUTCOMES = "outcome IN ('in_order', 'to_mend', 'suspend', 'dropped')"
TIED = (
    "EXISTS (SELECT 1 FROM ties WHERE ties.company_id = NEW.company_id AND ties.person_id = NEW.{who} "
    "AND ties.until > NEW.{at})"
)
TIE, ONCE = (
    "tie: whoever is tied to the company takes no act on it",
    "append-only: what was drawn or closed stays as it was",
)
GUARDS = (
    ("spot_check_drawn_once", "spot_check_draws", "UPDATE", "1 = 1", ONCE),
    ("spot_check_kept_draw", "spot_check_draws", "DELETE", "1 = 1", ONCE),
    ("spot_check_closed_once", "spot_checks", "UPDATE", "OLD.closed_at IS NOT NULL", ONCE),
    ("spot_check_untied_open", "spot_checks", "INSERT",
     f"NEW.cause <> 'drawn' AND {TIED.format(who='opened_by', at='opened_at')}", TIE),
    ("spot_check_untied_taken", "spot_checks", "UPDATE OF checker_id",
     f"NEW.checker_id IS NOT NULL AND {TIED.format(who='checker_id', at='taken_at')}", TIE),
    ("spot_check_untied_told", "spot_checks", "UPDATE OF told_at",
     f"NEW.told_at IS NOT NULL AND {TIED.format(who='checker_id', at='told_at')}", TIE),
    ("spot_check_untied_found", "spot_checks", "UPDATE OF found_at",
     f"NEW.found_at IS NOT NULL AND {TIED.format(who='found_by', at='found_at')}", TIE),
    ("spot_check_untied_closed", "spot_checks", "UPDATE OF closed_at",
     f"NEW.closed_at IS NOT NULL AND {TIED.format(who='closed_by', at='closed_at')}", TIE),
)  # fmt: skip


def upgrade() -> None:
    tables()
    dialect = op.get_bind().dialect.name
    for trigger, table, when, refused, message in GUARDS:
        guard(dialect, trigger, table, when, refused, message)


def tables() -> None:
    op.create_table(
        "spot_check_draws",
        *numbers("id", "count", "drawn_by"),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("numbers", JSON, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.UniqueConstraint("drawn_on", name=op.f("uq_spot_check_draws_drawn_on")),
        *keys("spot_check_draws", drawn_by="people"),
    )
    op.create_table(
        "spot_checks",
        *numbers("id", "company_id", "award_id", "opened_by"),
        *numbers("draw_id", "checker_id", "replied_by", "found_by", "proposal_id", "closed_by", null=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("because", "asked", "reply", "reasons")),
        sa.Column("questions", JSON, server_default="[]", nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        *(
            sa.Column(name, MOMENT, nullable=True)
            for name in ("taken_at", "told_at", "replied_at", "found_at", "closed_at")
        ),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("due_on", "mend_by")),
        *rules(
            "spot_checks",
            cause=CAUSES,
            finding=OUTCOMES,
            closed="(closed_at IS NULL) = (closed_by IS NULL)",
            found="(found_at IS NULL) = (outcome IS NULL)",
            taken="(checker_id IS NULL) = (taken_at IS NULL)",
            mend="outcome IS NULL OR outcome <> 'to_mend' OR mend_by IS NOT NULL",
        ),
        *keys(
            "spot_checks",
            company_id="companies",
            award_id="awards",
            draw_id="spot_check_draws",
            opened_by="people",
            checker_id="people",
            replied_by="people",
            found_by="people",
            proposal_id="award_proposals",
            closed_by="people",
        ),
    )
    for column in ("company_id", "award_id"):
        op.create_index(op.f(f"ix_spot_checks_{column}"), "spot_checks", [column])
    only = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_spot_checks_open", "spot_checks", ["award_id"], unique=True, sqlite_where=only, postgresql_where=only
    )


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


def guard(dialect: str, trigger: str, table: str, when: str, refused: str, message: str) -> None:
    """A row that is refused, whoever writes it."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def downgrade() -> None:
    for table in ("spot_checks", "spot_check_draws"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for trigger, *_rest in GUARDS:
            op.execute(f"DROP FUNCTION {trigger}()")
