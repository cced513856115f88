"""What was done to a colleague's place in a company, so that leaving, removing and handing over can be undone for a day"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ACTS = "act IN ('left', 'removed', 'handed_over', 'role_changed', 'made_owner')"
ROLE = "{0} IN ('owner', 'editor', 'signatory', 'viewer')"
TABLE = "colleague_acts"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("role_before", sa.String(length=40), nullable=False),
        sa.Column("actor_membership_id", sa.Integer(), nullable=True),
        sa.Column("acted_by", sa.Integer(), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(ACTS, name=op.f("ck_colleague_acts_colleagueact")),
        sa.CheckConstraint(ROLE.format("role_before"), name=op.f("ck_colleague_acts_companyrole")),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name=op.f("ck_colleague_acts_undone")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_colleague_acts_company_id")),
        sa.ForeignKeyConstraint(["membership_id"], ["memberships.id"], name=op.f("fk_colleague_acts_membership_id")),
        sa.ForeignKeyConstraint(
            ["actor_membership_id"], ["memberships.id"], name=op.f("fk_colleague_acts_actor_membership_id")
        ),
        sa.ForeignKeyConstraint(["acted_by"], ["people.id"], name=op.f("fk_colleague_acts_acted_by")),
        sa.ForeignKeyConstraint(["undone_by"], ["people.id"], name=op.f("fk_colleague_acts_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_acts")),
    )
    op.create_index(op.f("ix_colleague_acts_company_id"), TABLE, ["company_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
