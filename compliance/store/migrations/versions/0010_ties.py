"""Ties are found and kept by the database: whoever is tied to a company takes no act on it, whoever writes the row"""

import contextlib
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FAMILY = (
    "COALESCE((SELECT known.family FROM mail_domains AS known WHERE {domain} = known.domain "
    "OR {domain} LIKE '%.' || known.domain ORDER BY LENGTH(known.domain) DESC LIMIT 1), {domain})"
)
MAILED = {"sqlite": "SUBSTR(email, INSTR(email, '@') + 1)", "postgresql": "SPLIT_PART(email, '@', 2)"}
FOREVER = {"sqlite": "'9999-12-31 00:00:00'", "postgresql": "CAST('9999-12-31 00:00:00+00' AS timestamptz)"}
TWO_YEARS = {
    "sqlite": "DATETIME(worked.ended_at, '+24 months')",
    "postgresql": "worked.ended_at + INTERVAL '24 months'",
}
WORKED = "CASE WHEN worked.ended_at IS NULL THEN {forever} ELSE {two_years} END"
VIEWS = {
    "person_domains": f"SELECT people.id AS person_id, {FAMILY.format(domain='{mailed}')} AS family FROM people",
    "company_domains": (
        f"SELECT worked.company_id, 'mail' AS kind, whose.family, {WORKED} AS until FROM memberships AS worked "
        "JOIN person_domains AS whose ON whose.person_id = worked.person_id "
        f"UNION ALL SELECT companies.id, 'website', {FAMILY.format(domain='companies.website_domain')}, {{forever}} "
        "FROM companies WHERE companies.website_domain <> ''"
    ),
    "ties": (
        "SELECT worked.person_id, worked.company_id, "
        f"CASE WHEN worked.ended_at IS NULL THEN 'colleague' ELSE 'former' END AS kind, {WORKED} AS until "
        "FROM memberships AS worked "
        "UNION ALL SELECT told.person_id, assessments.company_id, 'declared', {forever} FROM declarations AS told "
        "JOIN assessments ON assessments.id = told.assessment_id WHERE told.has_tie "
        "UNION ALL SELECT mine.person_id, theirs.company_id, theirs.kind, theirs.until FROM person_domains AS mine "
        "JOIN company_domains AS theirs ON mine.family <> '' AND theirs.family <> '' AND (mine.family = theirs.family "
        "OR mine.family LIKE '%.' || theirs.family OR theirs.family LIKE '%.' || mine.family)"
    ),
}

OF_ASSESSMENT = "(SELECT company_id FROM assessments WHERE id = NEW.{id})"
OF_AWARD = "(SELECT company_id FROM awards WHERE id = NEW.{id})"
TIED = "EXISTS (SELECT 1 FROM ties WHERE ties.person_id = {who} AND ties.company_id = {company} AND ties.until > {at})"
CASE, AWARD = OF_ASSESSMENT.format(id="assessment_id"), OF_AWARD.format(id="award_id")


def tied(who: str, company: str, moment: str) -> str:
    return TIED.format(who=f"NEW.{who}", company=company, at=f"NEW.{moment}")


ASIDE = "'staff:assessment:tie_declared', 'reviewer:assessment:released', 'staff:award:proposal_withdrawn'"
"""Acts that take one's hands off."""
MINISTRY = " OR ".join(f"NEW.tag LIKE '{side}:%'" for side in ("reviewer", "approver", "panel", "staff", "admin"))
SUBJECT = (
    "CASE NEW.subject WHEN 'company' THEN NEW.subject_id "
    f"WHEN 'assessment' THEN {OF_ASSESSMENT.format(id='subject_id')} "
    f"WHEN 'award' THEN {OF_AWARD.format(id='subject_id')} END"
)
TIE, EYES, APART = (
    "tie: whoever is tied to the company takes no act on it",
    "four_eyes: who recommended or ruled does not decide",
    "apart: an administrator is neither reviewer nor approver",
)
TWO_ROLES = (
    "EXISTS (SELECT 1 FROM roles_people AS held JOIN roles AS had ON had.id = held.role_id "
    "JOIN roles AS fresh ON fresh.id = NEW.role_id WHERE held.person_id = NEW.person_id{but} AND "
    "((had.name = 'administrator' AND fresh.name IN ('reviewer', 'approver')) "
    "OR (fresh.name = 'administrator' AND had.name IN ('reviewer', 'approver'))))"
)
# Trigger: table, when, what is refused, message.
GUARDS = {
    "untied_ruling": ("rulings", "INSERT", tied("ruled_by", CASE, "ruled_at"), TIE),
    "untied_asking": ("clarifications", "INSERT", tied("asked_by", CASE, "asked_at"), TIE),
    "untied_recommendation": ("recommendations", "INSERT", tied("recommended_by", CASE, "recommended_at"), TIE),
    "untied_decision": (
        "decisions",
        "INSERT",
        f"{tied('decided_by', CASE, 'decided_at')} "
        f"OR (NEW.act <> 'return' AND {tied('recommended_by', CASE, 'decided_at')})",
        TIE,
    ),
    "untied_award_decision": (
        "award_decisions",
        "INSERT",
        f"{tied('decided_by', AWARD, 'decided_at')} OR {tied('proposed_by', AWARD, 'decided_at')}",
        TIE,
    ),
    "untied_proposal": ("award_proposals", "INSERT", tied("proposed_by", AWARD, "proposed_at"), TIE),
    "untied_confirmation": (
        "award_proposals",
        "UPDATE OF outcome",
        f"NEW.outcome = 'confirmed' AND {tied('closed_by', AWARD, 'closed_at')}",
        TIE,
    ),
    "untied_change": (
        "change_requests",
        "UPDATE OF answered",
        f"NEW.answered IN ('confirmed', 'declined') AND {tied('answered_by', 'NEW.company_id', 'answered_at')}",
        TIE,
    ),
    "untied_declaration": ("declarations", "INSERT", f"NOT NEW.has_tie AND {tied('person_id', CASE, 'declared_at')}", TIE),
    "untied_claim": (
        "assessments",
        "UPDATE OF reviewer_id",
        "NEW.reviewer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM declarations WHERE declarations.assessment_id = NEW.id "
        "AND declarations.person_id = NEW.reviewer_id AND NOT declarations.has_tie)",
        TIE,
    ),
    "untied_act": (
        "audit_entries",
        "INSERT",
        f"({MINISTRY}) AND NEW.tag NOT IN ({ASIDE}) AND {tied('actor_id', SUBJECT, 'at')}",
        TIE,
    ),
    "two_people_decide": (
        "decisions",
        "INSERT",
        "EXISTS (SELECT 1 FROM rulings WHERE rulings.assessment_id = NEW.assessment_id AND ruled_by = NEW.decided_by) "
        "OR NOT EXISTS (SELECT 1 FROM recommendations WHERE recommendations.id = NEW.recommendation_id "
        "AND recommendations.assessment_id = NEW.assessment_id AND recommendations.recommended_by = NEW.recommended_by "
        "AND recommendations.recommended_by <> NEW.decided_by)",
        EYES,
    ),
    "two_people_act": (
        "award_decisions",
        "INSERT",
        "NEW.decided_by = CASE WHEN NEW.act = 'granted' THEN "
        "(SELECT recommended_by FROM recommendations JOIN awards ON awards.assessment_id = recommendations.assessment_id "
        "WHERE awards.id = NEW.award_id ORDER BY recommendations.id DESC LIMIT 1) ELSE "
        "(SELECT proposed_by FROM award_proposals WHERE award_proposals.award_id = NEW.award_id "
        "AND award_proposals.act = NEW.act ORDER BY award_proposals.id DESC LIMIT 1) END",
        EYES,
    ),
    "roles_apart_given": ("roles_people", "INSERT", TWO_ROLES.format(but=""), APART),
    "roles_apart_changed": ("roles_people", "UPDATE", TWO_ROLES.format(but=" AND held.role_id <> OLD.role_id"), APART),
}
# Two transactions that each give one of two roles must not both pass: the person is held.
HOLD = {"roles_people": "PERFORM 1 FROM people WHERE id = NEW.person_id FOR UPDATE; "}


def upgrade() -> None:
    name = op.get_bind().dialect.name
    op.create_table(
        "mail_domains",
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("family", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("domain", name=op.f("pk_mail_domains")),
    )
    op.add_column("companies", sa.Column("website_domain", sa.String(300), server_default="", nullable=False))
    fill_website_domains()
    words = {"mailed": MAILED[name], "forever": FOREVER[name], "two_years": TWO_YEARS[name]}
    for view, query in VIEWS.items():
        op.execute(f"CREATE VIEW {view} AS {query.format(**words)}")
    for trigger, (table, when, refused, message) in GUARDS.items():
        guard(name, trigger, table, when, refused, message)


def guard(dialect: str, trigger: str, table: str, when: str, refused: str, message: str) -> None:
    """A row that is refused, whoever writes it."""
    if dialect == "sqlite":
        op.execute(
            f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {HOLD.get(table, '')}"
        f"IF ({refused}) THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {trigger} BEFORE {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()")


def fill_website_domains() -> None:
    """Of the companies there are; what is no organisation's own domain stays empty until the company edits it."""
    companies = sa.table("companies", sa.column("id"), sa.column("website"), sa.column("website_domain"))
    bind = op.get_bind()
    for row in bind.execute(sa.select(companies.c.id, companies.c.website).where(companies.c.website != "")).all():
        host = ""
        with contextlib.suppress(ValueError):
            host = (urlsplit(row.website).hostname or "").removeprefix("www.")
        if host.isascii() and not host.replace(".", "").isdigit() and ":" not in host:
            bind.execute(sa.update(companies).where(companies.c.id == row.id).values(website_domain=host))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger, (table, *_rest) in GUARDS.items():
        op.execute(f"DROP TRIGGER {trigger}" if sqlite else f"DROP TRIGGER {trigger} ON {table}")
        if not sqlite:
            op.execute(f"DROP FUNCTION {trigger}()")
    for view in reversed(VIEWS):
        op.execute(f"DROP VIEW {view}")
    op.drop_column("companies", "website_domain")
    op.drop_table("mail_domains")
