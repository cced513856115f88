"""Staff roles, staff accounts and owners of companies that lost theirs are two administrators' word"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
OPEN = sa.text("closed_at IS NULL")
RULES = {
    "accessact": "act IN ('invite', 'roles', 'enable', 'owner')",
    "outcome": "outcome IN ('confirmed', 'withdrawn', 'lapsed', 'overtaken')",
    "four_eyes": (
        "outcome IS NULL OR outcome <> 'confirmed' OR (closed_by IS NOT NULL AND closed_by <> proposed_by "
        "AND (person_id IS NULL OR closed_by <> person_id))"
    ),
    "not_oneself": "person_id IS NULL OR person_id <> proposed_by",
    "closed": "(closed_at IS NULL) = (outcome IS NULL)",
    "company": "(act = 'owner') = (company_id IS NOT NULL)",
}
PEOPLE = ("person_id", "proposed_by", "closed_by")
TIED = (
    "NEW.company_id IS NOT NULL AND EXISTS (SELECT 1 FROM ties WHERE ties.person_id = NEW.{who} "
    "AND ties.company_id = NEW.company_id AND ties.until > NEW.{at})"
)
GUARDS = {
    "untied_owner_proposal": ("INSERT", TIED.format(who="proposed_by", at="proposed_at")),
    "untied_owner_confirmation": (
        "UPDATE OF outcome",
        f"NEW.outcome = 'confirmed' AND {TIED.format(who='closed_by', at='closed_at')}",
    ),
}
MESSAGE = "tie: whoever is tied to the company takes no act on it"


def upgrade() -> None:
    op.create_table(
        "access_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("before", JSON, nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_access_proposals_{name}")) for name, rule in RULES.items()),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_access_proposals_{name}"))
            for name in PEOPLE
        ),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_access_proposals_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_proposals")),
    )
    for name in ("email", "company"):
        column = [name if name == "email" else "company_id"]
        index = f"uq_access_proposals_{name}"
        op.create_index(index, "access_proposals", column, unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
    op.add_column("invitations", sa.Column("person_id", sa.Integer(), nullable=True))
    op.add_column("invitations", sa.Column("proposal_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("invitations") as batch:
        batch.create_foreign_key(op.f("fk_invitations_person_id"), "people", ["person_id"], ["id"])
        batch.create_foreign_key(op.f("fk_invitations_proposal_id"), "access_proposals", ["proposal_id"], ["id"])
    # Of invitations under way: whom the address belongs to today.
    op.execute("UPDATE invitations SET person_id = (SELECT people.id FROM people WHERE people.email = invitations.email)")
    for trigger, (when, refused) in GUARDS.items():
        guard(trigger, when, refused)


def guard(trigger: str, when: str, refused: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON access_proposals WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF ({refused}) THEN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {trigger} BEFORE {when} ON access_proposals FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    )


def downgrade() -> None:
    with op.batch_alter_table("invitations") as batch:
        batch.drop_constraint(op.f("fk_invitations_proposal_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_invitations_person_id"), type_="foreignkey")
        batch.drop_column("proposal_id")
        batch.drop_column("person_id")
    op.drop_table("access_proposals")
    if op.get_bind().dialect.name == "postgresql":
        for trigger in GUARDS:
            op.execute(f"DROP FUNCTION {trigger}()")
