"""Concerns of the public; dossiers opened to observers; contacts for authorities, sealed"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DIFFERS = {"sqlite": "NEW.{0} IS NOT OLD.{0}", "postgresql": "NEW.{0} IS DISTINCT FROM OLD.{0}"}
SAID = ("company_id", "award_id", "about", "reference", "raised_at", "acknowledge_by", "answer_by")
ENDED = ("outcome", "reasons", "closed_at", "closed_by", "proposal_id", "spot_check_id")
TIED = "EXISTS (SELECT 1 FROM ties WHERE company_id = NEW.company_id AND person_id = NEW.{who} AND until > NEW.{at})"
TIE, ONCE = (
    "tie: whoever is tied to the company takes no act on it",
    "append-only: what was said, replied or decided stays as it was",
)


def upgrade() -> None:
    concerns()
    dossier_flags()
    law_contacts()
    for trigger, table, when, refused, message in guards(op.get_bind().dialect.name):
        guard(op.get_bind().dialect.name, trigger, table, when, refused, message)


def concerns() -> None:
    op.create_table(
        "concerns",
        *numbers("id", "company_id", "award_id"),
        *numbers("acknowledged_by", "asked_by", "replied_by", "proposal_id", "spot_check_id", "closed_by", "quarantined_by", null=True),
        sa.Column("about", sa.String(length=40), nullable=False),
        *texts("text", "reply", "reasons"),
        sa.Column("text_sha256", sa.String(length=64), nullable=True),
        sa.Column("reference", sa.String(length=24), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("acknowledge_by", "answer_by")),
        sa.Column("reply_by", sa.Date(), nullable=True),
        sa.Column("raised_at", MOMENT, nullable=False),
        *moments("acknowledged_at", "asked_at", "replied_at", "closed_at", "quarantined_at"),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        *rules(
            "concerns",
            about="about IN ('channel', 'commitment', 'misuse', 'untrue')",
            concernoutcome="outcome IN ('unfounded', 'resolved', 'proposal', 'spot_check', 'case')",
            closed="(closed_at IS NULL) = (outcome IS NULL)",
            acknowledged="(acknowledged_at IS NULL) = (acknowledged_by IS NULL)",
            asked="(asked_at IS NULL) = (reply_by IS NULL)",
        ),
        *keys(
            "concerns", company_id="companies", award_id="awards", acknowledged_by="people", asked_by="people",
            replied_by="people", proposal_id="award_proposals", spot_check_id="spot_checks", closed_by="people", quarantined_by="people",
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_concerns_reference")),
    )  # fmt: skip
    op.create_index(op.f("ix_concerns_company_id"), "concerns", ["company_id"])
    op.create_index("ix_concerns_open", "concerns", ["closed_at", "raised_at"])


def dossier_flags() -> None:
    op.create_table(
        "dossier_flags",
        *numbers("id", "company_id", "observer_id", "flagged_by"),
        *numbers("ended_by", null=True),
        *texts("reason"),
        sa.Column("flagged_at", MOMENT, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        *moments("ended_at"),
        *rules("dossier_flags", ended="(ended_at IS NULL) = (ended_by IS NULL)"),
        *keys("dossier_flags", company_id="companies", observer_id="people", flagged_by="people", ended_by="people"),
    )
    for column in ("company_id", "observer_id"):
        op.create_index(op.f(f"ix_dossier_flags_{column}"), "dossier_flags", [column])


def law_contacts() -> None:
    op.create_table(
        "law_contacts",
        *numbers("id", "company_id", "saved_by"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        *keys("law_contacts", company_id="companies", saved_by="people"),
        sa.UniqueConstraint("company_id", name=op.f("uq_law_contacts_company_id")),
    )


def numbers(*names: str, null: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=null) for name in names]


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def moments(*names: str) -> list[sa.Column[sa.DateTime]]:
    return [sa.Column(name, MOMENT, nullable=True) for name in names]  # type: ignore[misc]


def rules(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in said.items()]


def keys(table: str, **to: str) -> list[sa.Constraint]:
    foreign = [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in to.items()
    ]
    return [*foreign, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))]


def guards(name: str) -> list[tuple[str, str, str, str, str]]:
    """Trigger, table, when, what is refused, message."""
    said = " OR ".join(DIFFERS[name].format(column) for column in SAID)
    text = f"{DIFFERS[name].format('text')} AND (NEW.text <> '' OR NEW.text_sha256 IS NULL)"
    ended = " OR ".join(DIFFERS[name].format(column) for column in ENDED)
    replied = DIFFERS[name].format("reply")
    by_tied = " OR ".join(
        f"(NEW.{at} IS NOT NULL AND OLD.{at} IS NULL AND {TIED.format(who=who, at=at)})"
        for who, at in (("acknowledged_by", "acknowledged_at"), ("asked_by", "asked_at"), ("closed_by", "closed_at"))
    )
    return [
        ("concern_said_once", "concerns", "UPDATE", f"{said} OR ({text})", ONCE),
        ("concern_replied_once", "concerns", "UPDATE", f"OLD.replied_at IS NOT NULL AND ({replied})", ONCE),
        ("concern_closed_once", "concerns", "UPDATE", f"OLD.closed_at IS NOT NULL AND ({ended})", ONCE),
        ("concern_untied", "concerns", "UPDATE", f"NEW.quarantined_at IS NULL AND ({by_tied})", TIE),
        ("dossier_untied", "dossier_flags", "INSERT", TIED.format(who="flagged_by", at="flagged_at"), TIE),
        ("dossier_to_untied", "dossier_flags", "INSERT", TIED.format(who="observer_id", at="flagged_at"), TIE),
    ]  # fmt: skip


def guard(dialect: str, trigger: str, table: str, when: str, refused: str, message: str) -> None:
    """A row that is refused, whoever writes it."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({refused}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in ("law_contacts", "dossier_flags", "concerns"):
        op.drop_table(table)
    if dialect == "postgresql":
        for trigger, *_rest in guards(dialect):
            op.execute(f"DROP FUNCTION {trigger}()")
