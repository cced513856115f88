"""Some assessments are ruled by two people who do not see each other; a third one settles what differs"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT, SIDES = sa.DateTime(timezone=True), ("first", "second")
TIE = "tie: whoever is tied to the company takes no act on it"
EYES = "four_eyes: who scored on one side has no part in the other, and neither decides"
TIED = (
    "EXISTS (SELECT 1 FROM ties WHERE ties.person_id = NEW.{who} AND ties.until > NEW.{at} "
    "AND ties.company_id = (SELECT company_id FROM assessments WHERE id = NEW.assessment_id))"
)
ON_BOTH = "EXISTS (SELECT 1 FROM {table} AS other WHERE other.assessment_id = NEW.assessment_id AND {who})"
SECOND = ON_BOTH.format(table="second_rulings", who="other.ruled_by = NEW.{mine}")
GUARDS = {
    "untied_second_ruling": ("second_rulings", TIED.format(who="ruled_by", at="ruled_at"), TIE),
    "second_side": (
        "second_rulings",
        ON_BOTH.format(table="rulings", who="other.ruled_by = NEW.ruled_by"),
        EYES,
    ),
    "first_side": ("rulings", SECOND.format(mine="ruled_by"), EYES),
    "second_decides_nothing": (
        "decisions",
        SECOND.format(mine="decided_by")
        + " OR "
        + ON_BOTH.format(table="second_scorings", who="other.moderator_id = NEW.decided_by"),
        EYES,
    ),
}
"""By trigger: the table, which rows are refused there, and what is said."""


def upgrade() -> None:
    _scorings()
    _rulings()
    for name, (table, refused, message) in GUARDS.items():
        _guard(op.get_bind().dialect.name, name, table, refused, message)


def _scorings() -> None:
    op.create_table(
        "second_scorings",
        *_numbers("id", "assessment_id", "share"),
        *_numbers("scorer_id", "moderator_id", null=True),
        sa.Column("times_back", sa.Integer(), server_default="0", nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("settled", sa.String(length=40), nullable=True),
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("seed", "digest")),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("drawn_on", "due_on")),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("taken_at", "first_done_at", "second_done_at", "closed_at")),
        *(sa.Column(name, sa.String(length=40), nullable=True) for name in ("first_level", "second_level")),
        *(sa.Column(f"{side}_points", sa.String(length=40), server_default="", nullable=False) for side in SIDES),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("scorers", JSON, server_default="[]", nullable=False),
        sa.Column("choices", JSON, server_default="{}", nullable=False),
        *_rules(
            "second_scorings",
            reason="because IN ('draw', 'first_at', 'reopened')",
            settled="settled IN ('spared', 'agreed', 'moderated', 'dropped')",
            closed="(closed_at IS NULL) = (settled IS NULL)",
            taken="(scorer_id IS NULL) = (taken_at IS NULL)",
            done="second_done_at IS NULL OR scorer_id IS NOT NULL",
            third="moderator_id IS NULL OR scorer_id IS NULL OR moderator_id <> scorer_id",
        ),
        *_keys("second_scorings", assessment_id="assessments", scorer_id="people", moderator_id="people"),
    )
    for column in ("assessment_id", "scorer_id"):
        op.create_index(op.f(f"ix_second_scorings_{column}"), "second_scorings", [column])
    _one("uq_second_scorings_open", "second_scorings", ["assessment_id"], "closed_at IS NULL")


def _rulings() -> None:
    op.create_table(
        "second_rulings",
        *_numbers("id", "assessment_id", "submission_id", "ruled_by"),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("adjusted", JSON, nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=True) for name in ("evidence_accepted", "na_accepted")),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("essential", sa.String(length=10), server_default="", nullable=False),
        sa.Column("factors", JSON, server_default="[]", nullable=False),
        sa.Column("excuse", sa.Text(), server_default="", nullable=False),
        sa.Column("ruled_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        *_rules("second_rulings", verdict="verdict IN ('confirm', 'adjust', 'not_supported')"),
        *_keys("second_rulings", assessment_id="assessments", submission_id="submissions", ruled_by="people"),
    )
    op.create_index(op.f("ix_second_rulings_assessment_id"), "second_rulings", ["assessment_id"])
    _one("uq_second_rulings_standing", "second_rulings", ["assessment_id", "question"], "withdrawn_at IS NULL")


def _numbers(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def _rules(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in said.items()]


def _keys(table: str, **others: str) -> list[sa.Constraint]:
    made: list[sa.Constraint] = [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]
    for column, other in others.items():
        name = op.f(f"fk_{table}_{column}_{other}")
        made.append(sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name))
    return made


def _one(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=only, postgresql_where=only)


def _guard(dialect: str, trigger: str, table: str, refused: str, message: str) -> None:
    """Rows that are refused, whoever writes them."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def downgrade() -> None:
    for name, (table, _refused, _message) in GUARDS.items():
        on = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER {name}{on}")
    for table in ("second_rulings", "second_scorings"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in GUARDS:
            op.execute(f"DROP FUNCTION {name}()")
