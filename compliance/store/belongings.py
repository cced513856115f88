"""What is a company's own of all that is stored: the tables and columns that it takes home, and why the others stay.

Every column of every table stands here, so that a new one is decided on before it is shipped: a test holds the list.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.lifecycle import FINAL
from compliance.store.base import Base
from compliance.store.reviews import Deciding

COMPANIES, PEOPLE, EVIDENCE, CONCERNS = "companies", "people", "evidence_files", "concerns"
BATCH = 200

TAKEN: Mapping[str, str] = {
    "companies": "id slug name_km name_latin registration_number licence_number kinds brands services workers places "
    "province website registered_at registered_by",
    "people": "id full_name email language registered_at",
    "memberships": "id company_id person_id role since ended_at",
    "invitations": "id company_id email company_role invited_by invited_at expires_at accepted_at cancelled_at",
    "colleague_acts": "id company_id act membership_id role_before actor_membership_id acted_by acted_at undone_by "
    "undone_at",
    "assessments": "id company_id edition state earlier_id opened_at submitted_at review_due_on decided_at",
    "answers": "assessment_id question value not_applicable na_reason comment carried_over carried_from version "
    "saved_by saved_at",
    "answer_revisions": "id assessment_id question version content saved_by saved_at how",
    "rejected_answers": "id assessment_id question content met_version written_by met_at",
    "evidence_files": "id company_id sha256 received_sha256 name media_type size address "
    "seen_on dated valid_until replaces_id uploaded_by uploaded_at quarantined_at",
    "evidence_links": "id assessment_id question file_id linked_by linked_at removed_at carried_over",
    "plan_steps": "id assessment_id question action responsible due_on aim done_on done_by saved_by saved_at",
    "submissions": "id assessment_id round content digest scorecard scorecard_sha256 submitted_by submitted_at",
    "clarifications": "id assessment_id round questions asked_at due_on lapses_on lapsed_at draft draft_version "
    "drafted_by reply replied_by replied_at",
    "rulings": "id assessment_id submission_id question verdict adjusted evidence_accepted na_accepted reason note "
    "essential factors excuse ruled_at",
    "recommendations": "id assessment_id submission_id level scorecard scorecard_sha256 scope_km scope_en "
    "not_covered_km not_covered_en brands",
    "decisions": "id assessment_id recommendation_id act reason decided_at",
    "decision_letters": "id decision_id text_km text_en pdf_sha256 made_at",
    "awards": "id company_id assessment_id edition level number code scope_km scope_en "
    "not_covered_km not_covered_en brands starts ends grace_days granted_at last_act acted_at replaced_from",
    "award_decisions": "id award_id act ground public_km public_en decided_at",
    "award_hearings": "id award_id first until statement stated_by stated_at",
    "certificates": "id award_id number code facts replaced_at pdf_sha256 credential issued_at",
    "change_declarations": "id company_id award_id kind since what done reported_to declared_by declared_at digest "
    "seen_at",
    "check_ins": "id award_id due_on figures contacts_right all_declared changed channels draft_version drafted_by "
    "drafted_at sent_by sent_at content digest",
    "reporting_channels": "id company_id service page telephone menu harms set_by set_at",
    "channel_checks": "id company_id channel_id ways checked_by checked_at",
    "appeals": "id company_id assessment_id kind decision_id award_decision_id grounds general draft_version "
    "drafted_by drafted_at signed_name signed_position lodged_by lodged_at digest take_up_by taken_up_at decide_by "
    "outcome closed_at findings reasons public_reason public_reason_en",
    "appeal_files": "id appeal_id question file_id added_by added_at removed_at",
    "spot_checks": "id company_id award_id opened_at questions asked due_on told_at reply replied_by replied_at "
    "findings outcome reasons mend_by found_at closed_at",
    "change_requests": "id company_id before after asked_by asked_at answered answered_at reason",
    "concerns": "id company_id award_id about text asked_at reply_by reply replied_at replied_by outcome reasons "
    "closed_at",
}
"""The columns by table, in the order they are written."""

INNER, STAFF, SECRET = "bookkeeping of the portal", "who of the Ministry acted", "opens an account or a mail"
WITHHELD: Mapping[str, Mapping[str, str]] = {
    "companies": {"website_domain": INNER, "version": INNER},
    "people": {
        **dict.fromkeys(
            ("password", "active", "confirmed_at", "fs_uniquifier", "fs_webauthn_user_handle", "mf_recovery_codes",
             "tf_primary_method", "tf_totp_secret", "totp_counter"), SECRET),
        "preview": "carried into the first assessment",
        "all_questions": INNER,
        "optional_mail": INNER,
    },
    "invitations": {"token_sha256": SECRET, "staff_role": STAFF, "person_id": INNER, "proposal_id": STAFF},
    "assessments": {"reviewer_id": STAFF, "review_facts": "working papers of the review",
                    "claimed": "stands in the submission's scorecard", "version": INNER},
    "evidence_files": {"quarantined_by": STAFF, "quarantine_note": STAFF},
    "clarifications": {"asked_by": STAFF},
    "rulings": {"ruled_by": STAFF, "withdrawn_at": INNER},
    "recommendations": {"note": "from the reviewer to the approver", "recommended_by": STAFF, "recommended_at": STAFF,
                        "withdrawn_at": INNER},
    "decisions": {"recommended_by": STAFF, "decided_by": STAFF},
    "decision_letters": {"claimed_until": INNER},
    "award_decisions": {"proposed_by": STAFF, "decided_by": STAFF,
                        "reason": "among the Ministry's people; what everybody reads is taken"},
    "award_hearings": {"proposal_id": "a wish of the Ministry's until it is decided on"},
    "certificates": {"claimed_until": INNER, "attempts": INNER},
    "change_declarations": {"key": INNER, "seen_by": STAFF},
    "appeals": {"shut_out": STAFF},
    "spot_checks": {
        **dict.fromkeys(("opened_by", "checker_id", "found_by", "closed_by", "taken_at"), STAFF),
        "draw_id": INNER,
        "because": "working papers of the check",
        "cause": "tells of a concern that the company may not have been asked about",
        "proposal_id": "a wish of the Ministry's until it is decided on",
    },
    "change_requests": {"answered_by": STAFF},
    "concerns": {
        **dict.fromkeys(("reference", "email", "language", "raised_at"), "who raised it, and when"),
        **dict.fromkeys(("acknowledge_by", "answer_by", "acknowledged_at"), "the Ministry's own clock"),
        **dict.fromkeys(("acknowledged_by", "asked_by", "closed_by", "quarantined_by"), STAFF),
        **dict.fromkeys(("text_sha256", "reply_sha256", "quarantined_at", "proposal_id", "spot_check_id"), INNER),
    },
}  # fmt: skip
"""The other columns of these tables, each with the reason that it stays."""

LEFT: Mapping[str, str] = {
    "access_proposals": "the Ministry's own accounts",
    "appeal_notes": "working papers of the panel",
    "appeal_seats": STAFF,
    "attempts": SECRET,
    "audit_entries": "the Ministry's record; what was done to answers and awards stands in their own histories",
    "award_proposals": "a wish of the Ministry's until it is decided on",
    "calendar_feeds": SECRET,
    "certificate_marks": "the Ministry's own; what a company's certificate shows stands in it",
    "declarations": "who of the Ministry has a tie",
    "deletions": INNER,
    "dossier_flags": STAFF,
    "draft_marks": "the Ministry's drafts",
    "edition_drafts": "the Ministry's drafts",
    "edition_proposals": "a wish of the Ministry's until it is decided on",
    "former_domains": INNER,
    "holidays": "everybody's",
    "hotlines": "everybody's",
    "identities": SECRET,
    "job_runs": INNER,
    "law_contacts": "sealed for authorities; in no export",
    "letters": "each person's own",
    "log_checkpoints": "everybody's",
    "log_cosignatures": "everybody's",
    "log_entries": "everybody's: what the register said, and public",
    "mail_domains": INNER,
    "notices": "letters, each made of what is taken",
    "numbering": INNER,
    "passkeys": SECRET,
    "published_editions": "everybody's: the questions of the Code",
    "published_figures": "everybody's",
    "register_changes": INNER,
    "register_entries": "made of the award, and public",
    "rehearsals": "the Ministry's drafts",
    "review_notes": "working papers of the review; what is asked stands in the clarifications",
    "roles": "the Ministry's own accounts",
    "roles_people": "the Ministry's own accounts",
    "rule_changes": "the Ministry's own; what was promised by them stands with what it was promised about",
    "second_rulings": "working papers of the review; what was decided stands in the rulings",
    "second_scorings": "working papers of the review",
    "sessions": SECRET,
    "signatories": "the Ministry's own",
    "signed_heads": "everybody's",
    "spot_check_draws": "everybody's",
    "unsent_posts": "kept for one person for an hour",
    "upkeep": INNER,
}
"""Tables of which a company takes nothing, each with the reason."""


def columns_of(name: str) -> list[sa.Column[Any]]:
    """What is taken of a table."""
    table = Base.metadata.tables[name]
    return [table.c[column] for column in TAKEN[name].split()]


def _given(name: str, company_id: int) -> list[sa.ColumnElement[Any]]:
    """As it is given away: who left the company keeps the address of today to themselves."""
    columns: list[sa.ColumnElement[Any]] = list(columns_of(name))
    if name == PEOPLE:
        people, memberships = (Base.metadata.tables[table] for table in (PEOPLE, "memberships"))
        still = sa.select(memberships.c.person_id).where(
            memberships.c.company_id == company_id, memberships.c.ended_at.is_(None)
        )
        shown = sa.case((people.c.id.in_(still), people.c.email), else_="").label("email")
        columns = [shown if column is people.c.email else column for column in columns]
    return columns


def records(session: Session, company_id: int, name: str) -> Iterator[dict[str, Any]]:
    """The company's rows of a table, by their keys; a few at a time are held in memory.

    What is locked away keeps its entry and its digest; where a link led is told to nobody.
    """
    table = Base.metadata.tables[name]
    query = sa.select(*_given(name, company_id)).where(_belongs(table, company_id), *_told(name))
    quiet = _untold(session, company_id) if name == CONCERNS else set()
    rows = session.execute(query.order_by(*table.primary_key.columns).execution_options(yield_per=BATCH))
    for row in rows:
        told = dict(row._mapping)
        if name == EVIDENCE and told["quarantined_at"] is not None:
            told["address"] = ""
        if name == CONCERNS and told["id"] in quiet:
            told |= {"outcome": None, "reasons": "", "closed_at": None}
        yield told


def _untold(session: Session, company_id: int) -> set[int]:
    """Concerns whose outcome would announce a spot check: `Concern.untold`, of all of a company's."""
    concerns, checks = (Base.metadata.tables[table] for table in (CONCERNS, "spot_checks"))
    query = sa.select(concerns.c.id).join(checks, checks.c.id == concerns.c.spot_check_id)
    quiet = checks.c.told_at.is_(None), checks.c.closed_at.is_(None)
    return set(session.scalars(query.where(concerns.c.company_id == company_id, *quiet)))


def count(session: Session, company_id: int, name: str) -> int:
    """How many rows `records` gives."""
    table = Base.metadata.tables[name]
    query = sa.select(sa.func.count()).select_from(table).where(_belongs(table, company_id), *_told(name))
    return session.scalar(query) or 0


def _belongs(table: sa.Table, company_id: int) -> sa.ColumnElement[bool]:
    """By its own `company_id`, else by the record of the company's that it is a part of."""
    if table.name == COMPANIES:
        return table.c.id == company_id
    if table.name == PEOPLE:
        memberships = Base.metadata.tables["memberships"]
        return table.c.id.in_(sa.select(memberships.c.person_id).where(memberships.c.company_id == company_id))
    if "company_id" in table.c:
        return table.c.company_id == company_id
    key, whole = _part_of(table)
    return key.in_(sa.select(whole.primary_key.columns[0]).where(_belongs(whole, company_id)))


def _part_of(table: sa.Table) -> tuple[sa.Column[Any], sa.Table]:
    """The column that leads to the record which a row is a part of. LookupError when none does."""
    for column in table.c:
        for key in column.foreign_keys:
            if key.column.table.name in TAKEN and key.column.table.name != PEOPLE:
                return column, key.column.table
    raise LookupError(table.name)


def _told(name: str) -> list[sa.ColumnElement[bool]]:
    """What the Ministry finds is the company's once it is decided; a concern, once the company was asked about it; a
    spot check, once it was told of it."""
    tables = Base.metadata.tables
    if name == "concerns":
        return [tables[name].c.asked_at.is_not(None)]
    if name == "spot_checks":
        return [tables[name].c.told_at.is_not(None)]
    if name not in {"rulings", "recommendations", "decisions"}:
        return []
    table, assessments = tables[name], tables["assessments"]
    ended = sa.select(assessments.c.id).where(assessments.c.state.in_(FINAL))
    told: list[sa.ColumnElement[bool]] = [table.c.assessment_id.in_(ended)]
    if "withdrawn_at" in table.c:
        told.append(table.c.withdrawn_at.is_(None))
    if name == "decisions":
        told.append(table.c.act != Deciding.RETURN)
    return told
