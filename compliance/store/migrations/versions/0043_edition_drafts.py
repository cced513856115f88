"""A draft edition lives in the portal: its files, and what is wrong with them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLE = "edition_drafts"
PEOPLE = {"uploaded_by": False, "changed_by": False, "let_go_by": True}
MOMENTS = {"uploaded_at": False, "changed_at": False, "let_go_at": True}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", JSON, nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("mistakes", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("wrong", "doubtful", "version")),
        *(sa.Column(name, sa.Integer(), nullable=null) for name, null in PEOPLE.items()),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=null) for name, null in MOMENTS.items()),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_edition_drafts_{name}"))
            for name in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_drafts")),
    )


def downgrade() -> None:
    op.drop_table(TABLE)
