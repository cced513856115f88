"""What a submission claims stands beside its assessment; a review passes from hand to hand, never into tied ones"""

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
ASSESSMENTS = sa.table("assessments", sa.column("id", sa.Integer), sa.column("claimed", JSON))
SUBMISSIONS = sa.table(
    "submissions",
    *(sa.column(name, sa.Integer) for name in ("id", "assessment_id", "round")),
    *(sa.column(name, sa.Text) for name in ("content", "scorecard")),
)
DECLARED = (
    "EXISTS (SELECT 1 FROM declarations WHERE declarations.assessment_id = NEW.id "
    "AND declarations.person_id = NEW.reviewer_id AND {tie})"
)
CLAIMED = f"NOT {DECLARED.format(tie='NOT declarations.has_tie')}"
"""Whoever takes it has declared before that there is no tie."""
HANDED = DECLARED.format(tie="declarations.has_tie")
"""Whoever is given it declares before reading; who has declared a tie is given nothing."""
GUARD = {
    "before": f"NEW.reviewer_id IS NOT NULL AND {CLAIMED}",
    "after": "NEW.reviewer_id IS NOT NULL AND "
    f"((OLD.reviewer_id IS NULL AND {CLAIMED}) OR (OLD.reviewer_id IS NOT NULL AND {HANDED}))",
}
TIE = "tie: whoever is tied to the company takes no act on it"


def upgrade() -> None:
    guard("after")
    op.add_column("assessments", sa.Column("claimed", JSON, nullable=True))
    connection = op.get_bind()
    newest = sa.select(sa.func.max(SUBMISSIONS.c.id)).group_by(SUBMISSIONS.c.assessment_id)
    query = sa.select(SUBMISSIONS.c.assessment_id, SUBMISSIONS.c.content, SUBMISSIONS.c.scorecard)
    for row in connection.execute(query.where(SUBMISSIONS.c.id.in_(newest))).all():
        claimed = read(row.content, row.scorecard)
        if claimed is not None:
            connection.execute(
                sa.update(ASSESSMENTS).where(ASSESSMENTS.c.id == row.assessment_id).values(claimed=claimed)
            )


def read(content: str, scorecard: str) -> dict[str, Any] | None:
    """Of a submission from before: the signs of risk that were seen at its time are not known. None for what is no
    scorecard."""
    try:
        card, given = json.loads(scorecard), json.loads(content)
        value = Fraction(str(card["nodes"]["overall"]["value"] or 0))
        tenths = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        level = card["levels"]["award"]["reached"]
        return {"level": level, "points": str(tenths), "asked": len(given["answers"]), "signs": []}
    except (ValueError, KeyError, TypeError):
        return None


def guard(when: str) -> None:
    """The trigger of before or after."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER untied_claim")
        op.execute(
            f"CREATE TRIGGER untied_claim BEFORE UPDATE OF reviewer_id ON assessments WHEN {GUARD[when]} "
            f"BEGIN SELECT RAISE(ABORT, '{TIE}'); END"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION untied_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF ({GUARD[when]}) THEN RAISE EXCEPTION '{TIE}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )


def downgrade() -> None:
    guard("before")
    op.drop_column("assessments", "claimed")
