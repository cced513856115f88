"""Assessments: a letter says where one is, so it goes only while the assessment is still there."""

import json
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.contested import appeal_day, contested_decision
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, CompanyRole, Role
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.assessments import Answer, Assessment, open_assessment
from compliance.store.audit import AuditEntry
from compliance.store.decision_letters import letter_about
from compliance.store.outbox import Notice
from compliance.store.people import Person, names_of
from compliance.store.reviews import Deciding, decisions, standing_recommendation
from compliance.store.rule_changes import lifecycle_now

UNDER_WAY = (State.SUBMITTED, State.IN_REVIEW, State.CLARIFYING, State.RECOMMENDED)
READING = (State.IN_REVIEW, State.RECOMMENDED)
Known = dict[str, Any] | None


def about(session: Session, assessment: Assessment) -> dict[str, Any]:
    """The assessment and its company, as letters name them."""
    return {**named(session, assessment.company_id), "assessment": assessment.id}


def to_company(
    session: Session,
    notice: Notice,
    person: Person | None,
    states: Collection[State],
    roles: frozenset[CompanyRole] = MAY_EDIT,
) -> Known:
    """For a colleague with one of `roles`, while the assessment is in one of `states`."""
    assessment = session.get_one(Assessment, notice.values["assessment"])
    if assessment.state not in states or not colleague(person, assessment.company_id, roles):
        return None
    return about(session, assessment)


def _submitted(session: Session, notice: Notice, person: Person | None) -> Known:
    found = to_company(session, notice, person, UNDER_WAY, MAY_EDIT | MAY_SIGN)
    if found is None:
        return None
    assessment = session.get_one(Assessment, notice.values["assessment"])
    return {**found, "waits": assessment.state is State.SUBMITTED, "at": assessment.submitted_at or notice.queued_at}


def _withdrawn(session: Session, notice: Notice, person: Person | None) -> Known:
    found = to_company(session, notice, person, (State.WITHDRAWN,))
    return found and {**found, "begun": open_assessment(session, found["company_id"]) is not None}


def _in_review(session: Session, notice: Notice, person: Person | None) -> Known:
    return to_company(session, notice, person, READING)


def _refused(session: Session, notice: Notice, person: Person | None) -> Known:
    found = to_company(session, notice, person, (State.REFUSED,))
    if found is None:
        return None
    number = found["assessment"]
    until = appeal_day(session, contested_decision(session, session.get_one(Assessment, number)))
    reason = _last_reason(session, number, Deciding.REFUSE)
    return {**found, "reason": reason, **until, **letter_words(session, number)}


def letter_words(session: Session, assessment_id: int) -> dict[str, str]:
    """The letter about the last decision; empty without one."""
    made = [one for one in decisions(session, assessment_id) if one.act is not Deciding.RETURN]
    letter = letter_about(session, made[-1].id) if made else None
    return {"letter_km": letter.text_km if letter else "", "letter_en": letter.text_en if letter else ""}


def _last_reason(session: Session, assessment_id: int, act: Deciding) -> str:
    return next((one.reason for one in reversed(decisions(session, assessment_id)) if one.act is act), "")


def _idle(session: Session, notice: Notice, person: Person | None) -> Known:
    """Only while nobody has touched the draft."""
    found = to_company(session, notice, person, (State.DRAFT,))
    if found is None:
        return None
    assessment = session.get_one(Assessment, found["assessment"])
    touched = session.scalar(sa.select(sa.func.max(Answer.saved_at)).where(Answer.assessment_id == assessment.id))
    since = clock.day_of(touched or assessment.opened_at)
    days = (clock.today() - since).days
    enough = lifecycle_now(session, assessment.edition).review.idle_draft_reminder_after_days
    return {**found, "since": since, "days": days} if days >= enough else None


def to_reviewer(session: Session, notice: Notice, person: Person | None) -> Assessment | None:
    """The assessment, while the person holds it and it waits for their reading."""
    assessment = session.get_one(Assessment, notice.values["assessment"])
    mine = person is not None and assessment.reviewer_id == person.id and holds(person, Role.REVIEWER)
    return assessment if mine and assessment.state is State.IN_REVIEW else None


def _returned(session: Session, notice: Notice, person: Person | None) -> Known:
    assessment = to_reviewer(session, notice, person)
    if assessment is None:
        return None
    return {**about(session, assessment), "reason": _last_reason(session, assessment.id, Deciding.RETURN)}


def _handed_over(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever had it and whoever has it, while it is in the hands that it was given into."""
    assessment = session.get_one(Assessment, notice.values["assessment"])
    entry = session.get_one(AuditEntry, notice.values["entry"])
    said, names = json.loads(entry.content), names_of(session, _people(entry))
    if person is None or assessment.reviewer_id != said["after"] or not holds(person, Role.REVIEWER):
        return None
    if assessment.state not in {State.IN_REVIEW, State.CLARIFYING}:
        return None
    return {
        **about(session, assessment),
        "by": names.get(entry.actor_id or 0, ""),
        "before": names.get(said["before"], ""),
        "after": names.get(said["after"], ""),
        "reason": said["reason"],
        "mine": person.id == said["after"],
    }


def _people(entry: AuditEntry) -> set[int]:
    said = json.loads(entry.content)
    return {said["before"], said["after"], entry.actor_id or said["after"]}


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    assessment = session.get_one(Assessment, notice.values["assessment"])
    loose = assessment.state is State.IN_REVIEW and assessment.reviewer_id is None
    waits = assessment.state is State.SUBMITTED or loose
    return about(session, assessment) if waits and holds(person, Role.REVIEWER) else None


def _to_decide(session: Session, notice: Notice, person: Person | None) -> Known:
    assessment = session.get_one(Assessment, notice.values["assessment"])
    recommended = standing_recommendation(session, assessment.id)
    if assessment.state is not State.RECOMMENDED or recommended is None or not holds(person, Role.APPROVER):
        return None
    return {**about(session, assessment), "level": recommended.level, "edition": assessment.edition}


FACTS = {
    "assessment_submitted": _submitted,
    "assessment_withdrawn": _withdrawn,
    "assessment_in_review": _in_review,
    "assessment_refused": _refused,
    "assessment_idle": _idle,
    "review_waiting": _waiting,
    "review_returned": _returned,
    "review_handed_over": _handed_over,
    "decision_waiting": _to_decide,
}
