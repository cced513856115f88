"""Who changes their address stays tied by the mail domain they had, for 24 months"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FAMILY = (
    "COALESCE((SELECT known.family FROM mail_domains AS known WHERE {domain} = known.domain "
    "OR {domain} LIKE '%.' || known.domain ORDER BY LENGTH(known.domain) DESC LIMIT 1), {domain})"
)
SAME = "(mine.family = theirs.family OR mine.family LIKE '%.' || theirs.family OR theirs.family LIKE '%.' || mine.family)"
WORKED = "CASE WHEN worked.ended_at IS NULL THEN {forever} ELSE {worked_until} END"
WORDS = {
    "sqlite": {
        "mailed": "SUBSTR(email, INSTR(email, '@') + 1)",
        "forever": "'9999-12-31 00:00:00'",
        "worked_until": "DATETIME(worked.ended_at, '+24 months')",
        "left_until": "DATETIME(had.left_at, '+24 months')",
        "least": "MIN",
    },
    "postgresql": {
        "mailed": "SPLIT_PART(email, '@', 2)",
        "forever": "CAST('9999-12-31 00:00:00+00' AS timestamptz)",
        "worked_until": "worked.ended_at + INTERVAL '24 months'",
        "left_until": "had.left_at + INTERVAL '24 months'",
        "least": "LEAST",
    },
}
TIES = (
    "SELECT worked.person_id, worked.company_id, "
    f"CASE WHEN worked.ended_at IS NULL THEN 'colleague' ELSE 'former' END AS kind, {WORKED} AS until "
    "FROM memberships AS worked "
    "UNION ALL SELECT told.person_id, assessments.company_id, 'declared', {forever} FROM declarations AS told "
    "JOIN assessments ON assessments.id = told.assessment_id WHERE told.has_tie "
    "UNION ALL SELECT mine.person_id, theirs.company_id, theirs.kind, {until} FROM person_domains AS mine "
    f"JOIN company_domains AS theirs ON mine.family <> '' AND theirs.family <> '' AND {SAME}"
)
COMPANIES = (
    "SELECT worked.company_id, 'mail' AS kind, whose.family, {until} AS until FROM memberships AS worked "
    "JOIN person_domains AS whose ON whose.person_id = worked.person_id "
    f"UNION ALL SELECT companies.id, 'website', {FAMILY.format(domain='companies.website_domain')}, {{forever}} "
    "FROM companies WHERE companies.website_domain <> ''"
)
PEOPLE = f"SELECT people.id AS person_id, {FAMILY.format(domain='{mailed}')} AS family{{now}} FROM people"
HAD = (
    f" UNION ALL SELECT had.person_id, {FAMILY.format(domain='had.domain')}, {{left_until}} FROM former_domains AS had"
)
VIEWS = ("person_domains", "company_domains", "ties")


def views(dialect: str, *, former: bool) -> dict[str, str]:
    """The queries of the views, with or without the domains that people had before."""
    words = WORDS[dialect]
    worked = WORKED.format(**words)
    both = "{least}({one}, {other})"
    mine = both.format(**words, one="mine.until", other="theirs.until") if former else "theirs.until"
    whose = both.format(**words, one=worked, other="whose.until") if former else worked
    people = PEOPLE.format(**words, now=f", {words['forever']} AS until" if former else "")
    return {
        "person_domains": people + (HAD.format(**words) if former else ""),
        "company_domains": COMPANIES.format(**words, until=whose),
        "ties": TIES.format(**words, until=mine),
    }


def replace(*, former: bool) -> None:
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
    for view, query in views(op.get_bind().dialect.name, former=former).items():
        op.execute(f"CREATE VIEW {view} AS {query}")


def upgrade() -> None:
    op.create_table(
        "former_domains",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_former_domains_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_domains")),
    )
    op.create_index(op.f("ix_former_domains_person_id"), "former_domains", ["person_id"])
    replace(former=True)


def downgrade() -> None:
    replace(former=False)
    op.drop_table("former_domains")
