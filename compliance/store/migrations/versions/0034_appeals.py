"""Appeals and their panels: whoever took part in a decision, or is tied to its company, does not sit on it"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STANDS = "{0} IS NOT NULL AND (outcome IS NULL OR outcome <> 'withdrawn')"
DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}
SAID = ("company_id", "assessment_id", "kind", "decision_id", "award_decision_id", "grounds", "general", "lodged_by",
        "lodged_at", "digest", "signed_name", "signed_position")  # fmt: skip
VOTED = ("appeal_id", "person_id", "vote", "findings", "reasons", "public_reason", "voted_at")
TIED = (
    "EXISTS (SELECT 1 FROM ties JOIN appeals ON appeals.company_id = ties.company_id "
    "WHERE appeals.id = NEW.appeal_id AND ties.person_id = NEW.person_id AND ties.until > NEW.{at})"
)
DECIDED = "(SELECT assessment_id FROM appeals WHERE id = NEW.appeal_id)"
AWARDS = f"(SELECT id FROM awards WHERE assessment_id = {DECIDED})"
PART = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} AS part WHERE part.{key} IN {of} AND part.{who} = NEW.person_id)"
    for table, key, who, of in (
        ("rulings", "assessment_id", "ruled_by", DECIDED),
        ("recommendations", "assessment_id", "recommended_by", DECIDED),
        ("decisions", "assessment_id", "decided_by", DECIDED),
        ("award_proposals", "award_id", "proposed_by", AWARDS),
        ("award_proposals", "award_id", "closed_by", AWARDS),
        ("award_decisions", "award_id", "proposed_by", AWARDS),
        ("award_decisions", "award_id", "decided_by", AWARDS),
    )
)
TIE, EYES, ONCE, APART = (
    "tie: whoever is tied to the company takes no act on it",
    "four_eyes: who had a part in a decision does not judge the appeal against it",
    "append-only: what was lodged, voted or noted stays as it was",
    "apart: an administrator is neither reviewer nor approver nor panel member",
)
JUDGES = {"before": "('reviewer', 'approver')", "after": "('reviewer', 'approver', 'panel_member')"}
TWO_ROLES = (
    "EXISTS (SELECT 1 FROM roles_people AS held JOIN roles AS had ON had.id = held.role_id "
    "JOIN roles AS fresh ON fresh.id = NEW.role_id WHERE held.person_id = NEW.person_id{but} AND "
    "((had.name = 'administrator' AND fresh.name IN {judges}) "
    "OR (fresh.name = 'administrator' AND had.name IN {judges})))"
)
APART_GUARDS = {
    "roles_apart_given": ("INSERT", ""),
    "roles_apart_changed": ("UPDATE", " AND held.role_id <> OLD.role_id"),
}
HOLD = "PERFORM 1 FROM people WHERE id = NEW.person_id FOR UPDATE; "
ROLES = "'reviewer', 'approver', 'administrator', 'observer'"


def upgrade() -> None:
    tables()
    name = op.get_bind().dialect.name
    for trigger, table, when, refused, message in guards(name):
        guard(name, trigger, table, when, refused, message)
    panel_members(f"{ROLES}, 'panel_member'", "after")


def tables() -> None:
    op.create_table(
        "appeals",
        *numbers("id", "company_id", "assessment_id", "drafted_by", "draft_version"),
        *numbers("decision_id", "award_decision_id", "lodged_by", null=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("grounds", JSON, nullable=False),
        *texts("general", "signed_name", "signed_position", "reasons", "public_reason"),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("shut_out", JSON, nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("lodged_at", MOMENT, nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("take_up_by", sa.Date(), nullable=True),
        sa.Column("taken_up_at", MOMENT, nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        *rules(
            "appeals",
            appealkind="kind IN ('refusal', 'level', 'suspension', 'revocation')",
            appealoutcome="outcome IN ('upheld', 'dismissed', 'withdrawn')",
            contested="(decision_id IS NULL) <> (award_decision_id IS NULL)",
            lodged="(lodged_at IS NULL) = (digest IS NULL)",
            closed="(closed_at IS NULL) = (outcome IS NULL)",
        ),
        *keys("appeals", company_id="companies", assessment_id="assessments", decision_id="decisions",
              award_decision_id="award_decisions", drafted_by="people", lodged_by="people"),
    )  # fmt: skip
    for column in ("company_id", "assessment_id"):
        op.create_index(op.f(f"ix_appeals_{column}"), "appeals", [column])
    op.create_index("ix_appeals_open", "appeals", ["closed_at", "lodged_at"])
    for column in ("decision_id", "award_decision_id"):
        unique(f"uq_appeals_{column}", "appeals", [column], STANDS.format(column))
    op.create_table(
        "appeal_files",
        *numbers("id", "appeal_id", "file_id", "added_by"),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        *keys("appeal_files", appeal_id="appeals", file_id="evidence_files", added_by="people"),
    )
    op.create_index(op.f("ix_appeal_files_appeal_id"), "appeal_files", ["appeal_id"])
    unique("uq_appeal_files_live", "appeal_files", ["appeal_id", "question", "file_id"], "removed_at IS NULL")
    op.create_table(
        "appeal_seats",
        *numbers("id", "appeal_id", "person_id"),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("vote", sa.String(length=40), nullable=True),
        sa.Column("findings", JSON, nullable=False),
        *texts("reasons", "public_reason"),
        sa.Column("voted_at", MOMENT, nullable=True),
        *rules("appeal_seats", vote="vote IN ('uphold', 'dismiss')", voted="(voted_at IS NULL) = (vote IS NULL)"),
        *keys("appeal_seats", appeal_id="appeals", person_id="people"),
    )
    for column in ("appeal_id", "person_id"):
        op.create_index(op.f(f"ix_appeal_seats_{column}"), "appeal_seats", [column])
    unique("uq_appeal_seats_live", "appeal_seats", ["appeal_id", "person_id"], "left_at IS NULL")
    op.create_table(
        "appeal_notes",
        *numbers("id", "appeal_id", "person_id"),
        sa.Column("met_on", sa.Date(), nullable=False),
        *texts("text"),
        sa.Column("written_at", MOMENT, nullable=False),
        *keys("appeal_notes", appeal_id="appeals", person_id="people"),
    )
    op.create_index(op.f("ix_appeal_notes_appeal_id"), "appeal_notes", ["appeal_id"])


def numbers(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def rules(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in said.items()]


def keys(table: str, **to: str) -> list[sa.Constraint]:
    foreign = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in to.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def unique(index: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(index, table, columns, unique=True, sqlite_where=only, postgresql_where=only)


def guards(name: str) -> list[tuple[str, str, str, str, str]]:
    """Trigger, table, when, what is refused, message."""
    said = " OR ".join(DIFFERS[name].format(column) for column in SAID)
    voted = " OR ".join(DIFFERS[name].format(column) for column in VOTED)
    return [
        ("appeal_lodged_once", "appeals", "UPDATE", f"OLD.lodged_at IS NOT NULL AND ({said})", ONCE),
        ("appeal_closed_once", "appeals", "UPDATE", "OLD.closed_at IS NOT NULL", ONCE),
        ("appeal_untied_seat", "appeal_seats", "INSERT", TIED.format(at="taken_at"), TIE),
        ("appeal_untied_vote", "appeal_seats", "UPDATE OF vote",
         f"NEW.vote IS NOT NULL AND {TIED.format(at='voted_at')}", TIE),
        ("appeal_took_no_part", "appeal_seats", "INSERT", PART, EYES),
        ("appeal_took_no_part_yet", "appeal_seats", "UPDATE OF vote", f"NEW.vote IS NOT NULL AND ({PART})", EYES),
        ("appeal_voted_once", "appeal_seats", "UPDATE", f"OLD.vote IS NOT NULL AND ({voted})", ONCE),
        ("appeal_noted_once", "appeal_notes", "UPDATE", "1 = 1", ONCE),
        ("appeal_untied_note", "appeal_notes", "INSERT", TIED.format(at="written_at"), TIE),
    ]  # fmt: skip


def guard(dialect: str, trigger: str, table: str, when: str, refused: str, message: str, hold: str = "") -> None:
    """A row that is refused, whoever writes it."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {hold}"
        f"IF ({refused}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def panel_members(roles: str, when: str) -> None:
    """Who may be invited as what, and whom an administrator cannot be besides."""
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("invitations") as batch:
        batch.drop_constraint(op.f("ck_invitations_role"), type_="check")
        batch.create_check_constraint(op.f("ck_invitations_role"), f"staff_role IN ({roles})")
    for trigger, (at, but) in APART_GUARDS.items():
        op.execute(f"DROP TRIGGER {trigger}" if dialect == "sqlite" else f"DROP TRIGGER {trigger} ON roles_people")
        refused = TWO_ROLES.format(but=but, judges=JUDGES[when])
        guard(dialect, trigger, "roles_people", at, refused, APART, HOLD)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute("DELETE FROM roles_people WHERE role_id IN (SELECT id FROM roles WHERE name = 'panel_member')")
    op.execute(
        "UPDATE invitations SET staff_role = NULL, cancelled_at = invited_at WHERE staff_role = 'panel_member'"
    )
    panel_members(ROLES, "before")
    for table in ("appeal_notes", "appeal_seats", "appeal_files", "appeals"):
        op.drop_table(table)
    if dialect == "postgresql":
        for trigger, *_rest in guards(dialect):
            op.execute(f"DROP FUNCTION {trigger}()")
