"""Companies name their services; each says where it takes reports of harm, and what it said before stays on record"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLES = ("companies", "register_entries")
TABLE = "reporting_channels"


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("services", JSON, server_default=sa.text("'[]'"), nullable=False))
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=300), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("menu", sa.String(length=200), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_reporting_channels_company_id")),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_reporting_channels_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_channels")),
    )
    op.create_index(op.f("ix_reporting_channels_company_id"), TABLE, ["company_id"])
    # The JSON of the register is written anew: it tells the services.
    op.execute("UPDATE register_entries SET json = ''")
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    for table in reversed(TABLES):
        op.drop_column(table, "services")
