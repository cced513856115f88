"""The ministry's logo and seal on certificates, proposed by one administrator and put in use by another"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WAITING = sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "certificate_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('logo', 'seal')", name=op.f("ck_certificate_marks_markkind")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> proposed_by", name=op.f("ck_certificate_marks_four_eyes")
        ),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_certificate_marks_confirmed")),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_certificate_marks_closed_once")),
        sa.ForeignKeyConstraint(["proposed_by"], ["people.id"], name=op.f("fk_certificate_marks_proposed_by")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_certificate_marks_confirmed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_marks")),
    )
    op.create_index(op.f("ix_certificate_marks_sha256"), "certificate_marks", ["sha256"])
    op.create_index(
        "uq_certificate_marks_open", "certificate_marks", ["kind"], unique=True,
        sqlite_where=WAITING, postgresql_where=WAITING,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("certificate_marks")
