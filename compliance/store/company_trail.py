"""A company's own trail: what its people did, and what was decided about it, of all that the audit trail holds."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.store.assessments import AnswerRevision, Assessment
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award
from compliance.store.concerns import Concern
from compliance.store.evidence_files import EvidenceFile
from compliance.store.people import Invitation, Membership
from compliance.store.spot_checks import SpotCheck

ANSWERED = "officer:answers:saved"
"""No entry of the audit trail: each saved answer is its own record, told here as one line a person and day."""


@dataclass(frozen=True)
class Happening:
    """One thing that happened. `actor_id` is missing where nobody of the company acted."""

    at: datetime
    actor_id: int | None
    tag: str
    subject_id: int = 0
    content: Mapping[str, Any] = field(default_factory=dict)


def happenings(session: Session, company_id: int, tags: Collection[str]) -> list[Happening]:
    """All of a company with one of `tags`, the oldest first; a save of many answers in a day is one."""
    entries = session.execute(_entries(company_id).where(AuditEntry.tag.in_(tags)).order_by(AuditEntry.seq))
    found = [Happening(row.at, row.actor_id, row.tag, row.subject_id, json.loads(row.content)) for row in entries]
    found += _own_accounts(session, company_id, tags)
    if ANSWERED in tags:
        found += _answered(session, company_id)
    return sorted(found, key=lambda one: one.at)


def _entries(company_id: int) -> sa.Select[datetime, int | None, str, int, str]:
    """What is about the company, or about something of it."""
    things = {
        "assessment": sa.select(Assessment.id).where(Assessment.company_id == company_id),
        "award": sa.select(Award.id).where(Award.company_id == company_id),
        "evidence": sa.select(EvidenceFile.id).where(EvidenceFile.company_id == company_id),
        "spot_check": sa.select(SpotCheck.id).where(SpotCheck.company_id == company_id, SpotCheck.told_at.is_not(None)),
        "concern": sa.select(Concern.id).where(Concern.company_id == company_id, Concern.asked_at.is_not(None)),
        "invitation": sa.select(Invitation.id).where(Invitation.company_id == company_id),
    }
    about = [(AuditEntry.subject == name) & AuditEntry.subject_id.in_(ids) for name, ids in things.items()]
    own = (AuditEntry.subject == "company") & (AuditEntry.subject_id == company_id)
    columns = (AuditEntry.at, AuditEntry.actor_id, AuditEntry.tag, AuditEntry.subject_id, AuditEntry.content)
    return sa.select(*columns).where(sa.or_(own, *about))


def _own_accounts(session: Session, company_id: int, tags: Collection[str]) -> list[Happening]:
    """How colleagues sign in, changed by themselves while they work here: it opens the company's rooms."""
    query = (
        sa.select(AuditEntry.at, AuditEntry.actor_id, AuditEntry.tag)
        .join(Membership, Membership.person_id == AuditEntry.subject_id)
        .where(
            AuditEntry.subject == "person",
            AuditEntry.tag.in_(tags),
            Membership.company_id == company_id,
            AuditEntry.at >= Membership.since,
            sa.or_(Membership.ended_at.is_(None), AuditEntry.at <= Membership.ended_at),
            AuditEntry.actor_id == AuditEntry.subject_id,
        )
    )
    return [Happening(row.at, row.actor_id, row.tag) for row in session.execute(query.distinct())]


def _answered(session: Session, company_id: int) -> Iterator[Happening]:
    """A line for each assessment, person and day of Phnom Penh, at the moment of the last save."""
    query = (
        sa.select(
            AnswerRevision.assessment_id, AnswerRevision.saved_by, AnswerRevision.saved_at, AnswerRevision.question
        )
        .join(Assessment, Assessment.id == AnswerRevision.assessment_id)
        .where(Assessment.company_id == company_id)
    )
    last: dict[tuple[int, int, date], datetime] = {}
    questions: dict[tuple[int, int, date], set[str]] = {}
    for row in session.execute(query):
        key = (row.assessment_id, row.saved_by, clock.day_of(row.saved_at))
        last[key] = max(last.get(key, row.saved_at), row.saved_at)
        questions.setdefault(key, set()).add(row.question)
    for key, at in last.items():
        yield Happening(at, key[1], ANSWERED, key[0], {"count": len(questions[key])})
