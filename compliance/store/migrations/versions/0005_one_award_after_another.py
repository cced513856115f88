"""Awards know what takes their place; a proposal about an award ends in one way, and only one is open"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RULES = {
    "outcome": "outcome IN ('confirmed', 'withdrawn', 'lapsed', 'overtaken')",
    "four_eyes": "outcome IS NULL OR outcome <> 'confirmed' OR (closed_by IS NOT NULL AND closed_by <> proposed_by)",
    "closed": "(closed_at IS NULL) = (outcome IS NULL)",
}
EPOCH = "1970-01-01 00:00:00"

LAST_DECISION = (
    "UPDATE awards SET acted_at = COALESCE("
    "(SELECT MAX(decided_at) FROM award_decisions WHERE award_decisions.award_id = awards.id), granted_at)"
)
# The next award of the company that was not ended before its first day.
NEXT_START = (
    "UPDATE awards SET replaced_from = (SELECT MIN(later.starts) FROM awards AS later "
    "WHERE later.company_id = awards.company_id "
    "AND (later.starts > awards.starts OR (later.starts = awards.starts AND later.id > awards.id)) "
    "AND NOT (later.last_act IN ('revoked', 'superseded') AND {acted_on} < later.starts))"
)
ACTED_ON = {
    "sqlite": "date(later.acted_at, '+7 hours')",
    "postgresql": "CAST(later.acted_at AT TIME ZONE 'Asia/Phnom_Penh' AS date)",
}
WHO_DECIDED = (
    "SELECT {what} FROM award_decisions AS made WHERE made.award_id = award_proposals.award_id "
    "AND made.act = award_proposals.act AND made.proposed_by = award_proposals.proposed_by "
    "AND made.decided_at >= award_proposals.proposed_at"
)
CLOSED = (
    f"UPDATE award_proposals SET closed_by = ({WHO_DECIDED.format(what='MIN(made.decided_by)')}) "
    "WHERE closed_at IS NOT NULL",
    "UPDATE award_proposals SET outcome = CASE WHEN closed_by IS NULL THEN 'overtaken' ELSE 'confirmed' END "
    "WHERE closed_at IS NOT NULL",
    "UPDATE award_proposals SET outcome = 'overtaken', closed_at = CURRENT_TIMESTAMP WHERE closed_at IS NULL "
    "AND id > (SELECT MIN(older.id) FROM award_proposals AS older "
    "WHERE older.award_id = award_proposals.award_id AND older.closed_at IS NULL)",
)


def upgrade() -> None:
    op.add_column("awards", sa.Column("acted_at", sa.DateTime(timezone=True), server_default=EPOCH, nullable=False))
    op.add_column("awards", sa.Column("replaced_from", sa.Date(), nullable=True))
    op.execute(LAST_DECISION)
    op.execute(NEXT_START.format(acted_on=ACTED_ON[op.get_bind().dialect.name]))
    op.add_column("award_proposals", sa.Column("closed_by", sa.Integer(), nullable=True))
    op.add_column("award_proposals", sa.Column("outcome", sa.String(length=40), nullable=True))
    for statement in CLOSED:
        op.execute(statement)
    with op.batch_alter_table("award_proposals") as batch:
        batch.create_foreign_key(op.f("fk_award_proposals_closed_by"), "people", ["closed_by"], ["id"])
        for name, rule in RULES.items():
            batch.create_check_constraint(op.f(f"ck_award_proposals_{name}"), rule)
        batch.create_index(
            "uq_award_proposals_open",
            ["award_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
    # Lines and JSON of the register are written anew: they name the badge of the company.
    op.execute("UPDATE register_entries SET json = ''")


def downgrade() -> None:
    with op.batch_alter_table("award_proposals") as batch:
        batch.drop_index("uq_award_proposals_open")
        for name in RULES:
            batch.drop_constraint(op.f(f"ck_award_proposals_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_award_proposals_closed_by"), type_="foreignkey")
        batch.drop_column("outcome")
        batch.drop_column("closed_by")
    op.drop_column("awards", "replaced_from")
    op.drop_column("awards", "acted_at")
