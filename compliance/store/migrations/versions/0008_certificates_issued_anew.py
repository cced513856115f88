"""An award's certificate may be issued anew: each has its own number, code and place in the status lists"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HOLDS = sa.text("replaced_at IS NULL")
SAME = "award_id, number, facts, pdf_sha256, credential, issued_at, claimed_until, attempts"
# Credentials given out so far say that their place is their award's id.
ANEW = (
    f"INSERT INTO certificates (id, code, {SAME}) SELECT before.award_id, awards.code, "
    + ", ".join(f"before.{name}" for name in SAME.split(", "))
    + " FROM certificates_before AS before JOIN awards ON awards.id = before.award_id"
)
BACK = f"INSERT INTO certificates ({SAME}) SELECT {SAME} FROM certificates_before WHERE replaced_at IS NULL"
NEXT = (
    "SELECT setval(pg_get_serial_sequence('certificates', 'id'), "
    "coalesce((SELECT max(id) FROM awards), 0) + 1, false)"
)


def upgrade() -> None:
    _put_aside()
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("award_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        *_columns(),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_certificates_award_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
    )
    op.create_index(op.f("ix_certificates_award_id"), "certificates", ["award_id"])
    op.create_index(
        "uq_certificates_holds",
        "certificates",
        ["award_id"],
        unique=True,
        sqlite_where=HOLDS,
        postgresql_where=HOLDS,
    )
    op.execute(ANEW)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NEXT)
    op.drop_table("certificates_before")


def downgrade() -> None:
    """Replaced certificates are forgotten: the schema before knows one an award."""
    _put_aside()
    op.create_table(
        "certificates",
        sa.Column("award_id", sa.Integer(), nullable=False),
        *_columns(),
        sa.ForeignKeyConstraint(["award_id"], ["awards.id"], name=op.f("fk_certificates_award_id")),
        sa.PrimaryKeyConstraint("award_id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    op.execute(BACK)
    op.drop_table("certificates_before")


def _put_aside() -> None:
    op.execute("CREATE TABLE certificates_before AS SELECT * FROM certificates")
    op.drop_table("certificates")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.Column("credential", sa.Text(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
    ]
