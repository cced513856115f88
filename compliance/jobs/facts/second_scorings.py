"""Second scorings: every letter goes to one side only, and says nothing of the other."""

import json
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.ties import untied
from compliance.domain.lifecycle import State
from compliance.domain.roles import Role
from compliance.domain.working_days import working_days_until
from compliance.jobs.facts.assessments import about
from compliance.jobs.facts.companies import holds
from compliance.store.appeals import shut_out
from compliance.store.audit import AuditEntry
from compliance.store.holidays import public_holidays
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.second_scorings import SecondScoring, first_people, scorers_of, second_people

Known = dict[str, Any] | None


def _found(session: Session, notice: Notice) -> SecondScoring:
    return session.get_one(SecondScoring, notice.values["scoring"])


def _outside(session: Session, one: SecondScoring, person: Person, part: set[int]) -> bool:
    """Whether somebody has no tie and no part in what is scored twice."""
    barred = part | shut_out(session, one.assessment)
    return person.id not in barred and untied(session, person.id, one.assessment.company_id)


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    one = _found(session, notice)
    free = one.closed_at is None and one.scorer_id is None
    if not free or person is None or not holds(person, Role.REVIEWER):
        return None
    if not _outside(session, one, person, first_people(session, one.assessment_id)):
        return None
    return {**about(session, one.assessment), "due_on": one.due_on}


def _due(session: Session, notice: Notice, person: Person | None) -> Known:
    one, today = _found(session, notice), clock.today()
    mine = person is not None and one.scorer_id == person.id and holds(person, Role.REVIEWER)
    if not mine or one.closed_at is not None or one.second_done_at is not None:
        return None
    days = working_days_until(today, one.due_on, public_holidays(session))
    told = {"due_on": one.due_on, "days": days, "today": today, "late": today > one.due_on}
    return {**about(session, one.assessment), **told}


def _late(session: Session, notice: Notice, person: Person | None) -> Known:
    """For an approver outside both sides, who may set it free."""
    one = _found(session, notice)
    open_late = one.closed_at is None and one.second_done_at is None and clock.today() > one.due_on
    if not open_late or person is None or not holds(person, Role.APPROVER):
        return None
    part = first_people(session, one.assessment_id) | second_people(session, one.assessment_id)
    if not _outside(session, one, person, part):
        return None
    return {**about(session, one.assessment), "due_on": one.due_on, "taken": one.scorer_id is not None}


def _news(session: Session, notice: Notice, person: Person | None) -> Known:
    """What became of the second side, for whoever holds it or held it."""
    one, what = _found(session, notice), notice.values["what"]
    if person is None or one.closed_at is not None or not holds(person, Role.REVIEWER):
        return None
    reason = one.note if what == "back" else ""
    if what == "freed":
        reason = str(json.loads(session.get_one(AuditEntry, notice.values["entry"]).content)["reason"])
    elif one.scorer_id != person.id:
        return None
    return {**about(session, one.assessment), "what": what, "reason": reason}


def _settled(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever holds the assessment, while it waits for them."""
    one = _found(session, notice)
    case = one.assessment
    mine = person is not None and case.reviewer_id == person.id and holds(person, Role.REVIEWER)
    if not mine or case.state is not State.IN_REVIEW or one.to_moderate:
        return None
    return {**about(session, case), "what": one.settled or "back", "reason": "" if one.settled else one.note}


def _to_moderate(session: Session, notice: Notice, person: Person | None) -> Known:
    one = _found(session, notice)
    judges = holds(person, Role.REVIEWER) or holds(person, Role.APPROVER)
    if person is None or not one.to_moderate or not judges:
        return None
    part = first_people(session, one.assessment_id) | scorers_of(session, one.assessment_id)
    return about(session, one.assessment) if _outside(session, one, person, part) else None


FACTS = {
    "second_waiting": _waiting,
    "second_due": _due,
    "second_late": _late,
    "second_news": _news,
    "scoring_settled": _settled,
    "moderation_waiting": _to_moderate,
}
