"""National figures as they were published: what is told later must not give away what was hidden"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "published_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(length=80), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_figures")),
        sa.UniqueConstraint("figure", "published_on", name=op.f("uq_published_figures_figure_published_on")),
    )


def downgrade() -> None:
    op.drop_table("published_figures")
