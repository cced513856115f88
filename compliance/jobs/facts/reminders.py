"""Reminders: what is left of an award today, and how far its company has come with the renewal."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_MANAGE
from compliance.domain.standing import AwardAct, Standing
from compliance.jobs.facts.awards import STANDING, award_facts
from compliance.jobs.facts.clarifications import newest_round
from compliance.jobs.facts.companies import colleague
from compliance.store.assessments import Assessment, open_assessment
from compliance.store.awards import Award
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.reminders import HANDED_IN

BEFORE_END = (Standing.CURRENT, Standing.EXPIRING)
Known = dict[str, Any] | None


def _before(session: Session, notice: Notice, person: Person | None) -> Known:
    return _reminder(session, notice, person, BEFORE_END)


def _after(session: Session, notice: Notice, person: Person | None) -> Known:
    return _reminder(session, notice, person, (Standing.IN_GRACE,))


def _reminder(session: Session, notice: Notice, person: Person | None, standings: tuple[Standing, ...]) -> Known:
    """For an owner, while the award stands so and nothing has been handed in to follow it."""
    award, today = session.get_one(Award, notice.values["award"]), clock.today()
    if award.last_act not in STANDING or award.standing(today) not in standings:
        return None
    if _followed(session, award) or not colleague(person, award.company_id, MAY_MANAGE):
        return None
    renewal = open_assessment(session, award.company_id)
    if renewal is not None and renewal.state in HANDED_IN:
        return None
    return {
        **award_facts(session, award),
        "today": today,
        "days": (award.ends - today).days,
        "grace_days": award.grace_days,
        "grace_ends": award.term.grace_ends,
        **_renewal(session, renewal),
    }


def _followed(session: Session, award: Award) -> bool:
    later = (Award.company_id == award.company_id) & (Award.starts > award.starts)
    query = sa.select(Award.id).where(later, Award.last_act != AwardAct.REVOKED)
    return session.scalar(query.limit(1)) is not None


def _renewal(session: Session, renewal: Assessment | None) -> dict[str, Any]:
    """`renewal` is none, begun (a draft) or asked (it waits for the company's reply); the last has a due date."""
    if renewal is None:
        return {"renewal": "none"}
    if renewal.state is State.DRAFT:
        return {"renewal": "begun", "assessment": renewal.id}
    asked = newest_round(session, renewal.id)
    return {"renewal": "asked", "assessment": renewal.id, "due_on": asked.due_on if asked else None}


FACTS = {
    "reminder_before": _before,
    "reminder_after": _after,
}
