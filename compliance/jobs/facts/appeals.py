"""Appeals: while they wait for a panel or a vote; what came of them, for the company's owners and signatories."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.contested import appeal_day, contested_act, contested_decision, figures_of
from compliance.domain.appeals import AppealKind, AppealOutcome
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_SIGN, Role
from compliance.domain.standing import IN_FORCE
from compliance.domain.working_days import working_days_until
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.appeal_parts import parts_in
from compliance.store.appeals import Appeal, act_contested, seats_of, shut_out
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.holidays import public_holidays
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.ties import ties_of

Known = dict[str, Any] | None


def _about(session: Session, appeal: Appeal) -> dict[str, Any]:
    return {**named(session, appeal.company_id), "appeal": appeal.id, "contested": appeal.kind.value}


def _found(session: Session, notice: Notice) -> Appeal:
    return session.get_one(Appeal, notice.values["appeal"])


def _lodged(session: Session, notice: Notice, person: Person | None) -> Known:
    """The receipt, until the panel has decided."""
    appeal = _found(session, notice)
    if not appeal.open or not colleague(person, appeal.company_id, MAY_SIGN):
        return None
    days = {"at": appeal.lodged_at, "take_up_by": appeal.take_up_by, "decide_by": appeal.decide_by}
    return {**_about(session, appeal), **days}


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    """For a panel member who may sit and does not, while a seat is free."""
    appeal = _found(session, notice)
    seats = seats_of(session, [appeal.id])
    full = len(seats) >= figures_of(appeal.assessment.edition).panel
    if not appeal.open or full or not _may_sit(session, appeal, person):
        return None
    if person is not None and person.id in {seat.person_id for seat in seats}:
        return None
    return {**_about(session, appeal), "take_up_by": appeal.take_up_by, "decide_by": appeal.decide_by}


def _may_sit(session: Session, appeal: Appeal, person: Person | None) -> bool:
    if person is None or not holds(person, Role.PANEL_MEMBER) or person.id in parts_in(session, appeal):
        return False
    return not ties_of(session, person.id, [appeal.company_id], clock.now())


def _due(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever sits there and has not voted."""
    appeal, today = _found(session, notice), clock.today()
    seats = [seat for seat in seats_of(session, [appeal.id]) if person is not None and seat.person_id == person.id]
    if not appeal.open or appeal.decide_by is None or not seats or seats[0].vote is not None:
        return None
    if not holds(person, Role.PANEL_MEMBER):
        return None
    days = working_days_until(today, appeal.decide_by, public_holidays(session))
    late = today > appeal.decide_by
    return {**_about(session, appeal), "decide_by": appeal.decide_by, "days": days, "today": today, "late": late}


def _late(session: Session, notice: Notice, person: Person | None) -> Known:
    """For an administrator: a day has passed, seats are free or votes are missing."""
    appeal, today = _found(session, notice), clock.today()
    seats = seats_of(session, [appeal.id])
    size = figures_of(appeal.assessment.edition).panel
    overdue = bool(appeal.decide_by and today > appeal.decide_by)
    if not appeal.open or not (overdue or len(seats) < size) or not holds(person, Role.ADMINISTRATOR):
        return None
    return {
        **_about(session, appeal),
        "take_up_by": appeal.take_up_by,
        "decide_by": appeal.decide_by,
        "overdue": overdue,
        "seats": size,
        "taken": len(seats),
        "voted": sum(seat.vote is not None for seat in seats),
    }


def _ends(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever may sign, while the decision can be contested and was not."""
    assessment = session.get_one(Assessment, notice.values["assessment"])
    award = session.get(Award, notice.values["award"]) if notice.values["award"] else None
    found = contested_act(session, award) if award else contested_decision(session, assessment)
    until = appeal_day(session, found)
    if found is None or until["appeal_until"] is None or not colleague(person, assessment.company_id, MAY_SIGN):
        return None
    known = named(session, assessment.company_id)
    link = {"assessment": assessment.id, **({"award": award.id} if award else {})}
    return {**known, **link, "contested": found.kind.value, **until, "today": clock.today()}


def _withdrawn(session: Session, notice: Notice, person: Person | None) -> Known:
    appeal = _found(session, notice)
    gone = appeal.outcome is AppealOutcome.WITHDRAWN and holds(person, Role.PANEL_MEMBER)
    return _about(session, appeal) if gone else None


def _decided(session: Session, notice: Notice, person: Person | None) -> Known:
    appeal = _found(session, notice)
    if not colleague(person, appeal.company_id, MAY_SIGN):
        return None
    made = act_contested(session, appeal)
    award = session.get(Award, made.award_id) if made else None
    return {
        **_about(session, appeal),
        "reasons": appeal.reasons,
        "public_reason": appeal.told(notice.language),
        "number": award.number if award else "",
        "in_force": award is not None and award.standing(clock.today()) in IN_FORCE,
    }


def _reopened(session: Session, notice: Notice, person: Person | None) -> Known:
    """For a reviewer who may take it, until somebody has."""
    appeal = _found(session, notice)
    case = appeal.assessment
    waits = appeal.kind is AppealKind.REFUSAL and case.state is State.IN_REVIEW and case.reviewer_id is None
    if not waits or person is None or not holds(person, Role.REVIEWER) or person.id in shut_out(session, case):
        return None
    return {**named(session, appeal.company_id), "assessment": case.id, "due_on": case.review_due_on}


FACTS = {
    "appeal_lodged": _lodged,
    "appeal_waiting": _waiting,
    "appeal_due": _due,
    "appeal_ends": _ends,
    "appeal_late": _late,
    "appeal_withdrawn": _withdrawn,
    "appeal_upheld": _decided,
    "appeal_dismissed": _decided,
    "appeal_reopened": _reopened,
}
