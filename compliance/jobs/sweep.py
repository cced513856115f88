"""Tidies up: sessions and counters nothing can use, files no row knows; bundles old heads; mentions idle drafts."""

import logging
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import company_people, notify
from compliance.domain.lifecycle import State
from compliance.domain.session_limits import COMPANY
from compliance.settings import Settings
from compliance.store import audit_heads, sessions, unsent
from compliance.store.assessments import Answer, Assessment
from compliance.store.audit_head_bundles import bundle
from compliance.store.awards import Certificate
from compliance.store.base import db, transaction
from compliance.store.decision_letters import DecisionLetter
from compliance.store.deletions import RetentionRule, note_deleted
from compliance.store.evidence_files import EvidenceFile
from compliance.store.files import file_store
from compliance.store.rule_changes import rule_history

log = logging.getLogger(__name__)

ORPHANS_AFTER = timedelta(days=1)


def sweep(settings: Settings) -> int:
    """One round; returns how many orphaned files went."""
    with transaction() as session:
        now = clock.now()
        browsers, tries = sessions.sweep(session, now, COMPANY.absolute)
        note_deleted(session, now, RetentionRule.SESSIONS, browsers)
        note_deleted(session, now, RetentionRule.TRIES, tries)
        note_deleted(session, now, RetentionRule.UNSENT, unsent.sweep(session, now))
        mention_idle_drafts(session)
    bundle(audit_heads.folder(settings), clock.now())
    deleted = file_store(settings).delete_orphans(known_files(db.session()), clock.now() - ORPHANS_AFTER)
    if deleted:
        log.info("%d orphaned files deleted", deleted)
        with transaction() as session:
            note_deleted(session, clock.now(), RetentionRule.ORPHANS, deleted)
    return deleted


def known_files(session: Session) -> frozenset[str]:
    """The digests that some row names."""
    certificates = sa.select(Certificate.pdf_sha256).where(Certificate.pdf_sha256.is_not(None))
    letters = sa.select(DecisionLetter.pdf_sha256).where(DecisionLetter.pdf_sha256.is_not(None))
    queries = (sa.select(EvidenceFile.sha256), certificates, letters)
    return frozenset(digest for query in queries for digest in session.scalars(query) if digest)


def mention_idle_drafts(session: Session) -> None:
    """A draft that nobody touched for long is mentioned once; the draft itself is never closed by the clock."""
    touched = sa.func.coalesce(sa.func.max(Answer.saved_at), Assessment.opened_at)
    query = (
        sa.select(
            Assessment.id,
            Assessment.company_id,
            Assessment.edition,
            sa.type_coerce(touched, Assessment.opened_at.type).label("touched"),
        )
        .join(Answer, Answer.assessment_id == Assessment.id, isouter=True)
        .where(Assessment.state == State.DRAFT)
        .group_by(Assessment.id, Assessment.company_id, Assessment.edition, Assessment.opened_at)
    )
    rules = rule_history(session)
    for row in session.execute(query).all():
        days = rules.at(row.edition, clock.now()).review.idle_draft_reminder_after_days
        if clock.now() - row.touched < timedelta(days=days):
            continue
        about = f"{row.id}:{row.touched.date()}"
        people = company_people(session, row.company_id)
        notify(session, people, "assessment_idle", about, {"assessment": row.id})
