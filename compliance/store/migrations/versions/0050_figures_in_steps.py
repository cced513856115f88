"""National figures are told in steps also where companies miss a criterion, and no figure says how many it is made of"""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
FIGURES = sa.table(
    "published_figures", sa.column("id", sa.Integer), sa.column("figure", sa.String), sa.column("told", JSON),
    sa.column("parts", JSON),
)  # fmt: skip
WIDTH = 5


def upgrade() -> None:
    for row in _rows("missed:%", "total:%", "points:%"):
        amount, companies = Decimal(str(row.told["sum"])), int(row.told["companies"])
        if row.figure.startswith("missed:"):
            told = _step(int(amount))
        elif row.figure.startswith("total:"):
            told = {"sum": str(amount)}
        else:
            told = {"average": str(round(amount / companies, 1)), **_step(companies)}
        _tell(row.id, told)


def downgrade() -> None:
    for new in ("province:%", "size:%", "gap:%"):
        op.get_bind().execute(sa.delete(FIGURES).where(FIGURES.c.figure.like(new)))
    for row in _rows("missed:%", "total:%", "points:%"):
        amount = sum((Decimal(part[0]) for part in row.parts.values()), Decimal(0))
        _tell(row.id, {"sum": str(amount), "companies": len(row.parts)})


def _rows(*names: str) -> list[Any]:
    query = sa.select(FIGURES).where(sa.or_(*(FIGURES.c.figure.like(name) for name in names)))
    return list(op.get_bind().execute(query).all())


def _step(number: int) -> dict[str, int]:
    first = number - number % WIDTH
    return {"first": first, "last": first + WIDTH - 1}


def _tell(row: int, told: dict[str, Any]) -> None:
    op.get_bind().execute(sa.update(FIGURES).where(FIGURES.c.id == row).values(told=told))
