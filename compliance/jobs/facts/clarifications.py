"""Clarifications: what is left of the time while a reply is awaited; what came of it, while that is the last word."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN
from compliance.domain.working_days import working_days_until
from compliance.jobs.facts.assessments import READING, UNDER_WAY, about, to_company, to_reviewer
from compliance.store.assessments import Assessment
from compliance.store.holidays import public_holidays
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.reviews import Clarification, standing_rulings
from questionnaires import Text, catalogue

Known = dict[str, Any] | None


def newest_round(session: Session, assessment_id: int) -> Clarification | None:
    """The clarification asked last."""
    query = sa.select(Clarification).where(Clarification.assessment_id == assessment_id)
    return session.scalar(query.order_by(Clarification.round.desc()).limit(1))


def _round(session: Session, notice: Notice) -> Clarification | None:
    """The one that the notice is about, while none was asked after it."""
    newest = newest_round(session, notice.values["assessment"])
    return newest if newest and newest.id == notice.values.get("clarification", newest.id) else None


def _awaited(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever may write or sign the reply, until the day on which it lapses."""
    found = to_company(session, notice, person, (State.CLARIFYING,), MAY_EDIT | MAY_SIGN)
    asked, today = _round(session, notice), clock.today()
    if found is None or asked is None or today > asked.lapses_on:
        return None
    days = working_days_until(today, asked.due_on, public_holidays(session))
    late = today > asked.due_on
    told = {"due_on": asked.due_on, "lapses_on": asked.lapses_on, "today": today, "days": days, "late": late}
    return {**found, **told, "questions": _titles(session, asked)}


def _titles(session: Session, asked: Clarification) -> list[Text]:
    """Of the answers that are asked about, in the order of the edition; what is asked is read in the portal."""
    edition = catalogue.edition(session.get_one(Assessment, asked.assessment_id).edition)
    return [question.title for question in edition.questions if question.id in asked.questions]


def _due(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _awaited(session, notice, person)
    return None if found is None or found["late"] else found


def _late(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _awaited(session, notice, person)
    return found if found and found["late"] else None


def _lapse(asked: Clarification | None) -> Known:
    if asked is None or asked.lapsed_at is None:
        return None
    return {"due_on": asked.due_on, "on": clock.day_of(asked.lapsed_at)}


def _lapsed(session: Session, notice: Notice, person: Person | None) -> Known:
    found, lapse = to_company(session, notice, person, READING), _lapse(_round(session, notice))
    return {**found, **lapse} if found and lapse else None


def _to_read_on(session: Session, notice: Notice, person: Person | None) -> Known:
    assessment, lapse = to_reviewer(session, notice, person), _lapse(_round(session, notice))
    return {**about(session, assessment), **lapse} if assessment and lapse else None


def _replied(session: Session, notice: Notice, person: Person | None) -> Known:
    """While a reopened answer is without a ruling."""
    assessment, asked = to_reviewer(session, notice, person), _round(session, notice)
    if assessment is None or asked is None or asked.replied_at is None:
        return None
    unruled = set(asked.questions) - set(standing_rulings(session, assessment.id))
    return about(session, assessment) if unruled else None


def _received(session: Session, notice: Notice, person: Person | None) -> Known:
    """The receipt of a reply, while it is the newest."""
    found = to_company(session, notice, person, UNDER_WAY, MAY_EDIT | MAY_SIGN)
    asked = _round(session, notice)
    return {**found, "at": asked.replied_at} if found and asked and asked.replied_at else None


FACTS = {
    "clarification_asked": _awaited,
    "clarification_due": _due,
    "clarification_late": _late,
    "clarification_lapsed": _lapsed,
    "clarification_replied": _replied,
    "clarification_received": _received,
    "review_lapsed": _to_read_on,
}
