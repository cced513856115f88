"""Reminds of appeals: a company of its last day to lodge one, a panel of its votes, and those who fill its seats when
days have passed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.contested import Contested, contested_act, contested_decision, figures_of, last_day
from compliance.actions.notifying import company_people, notify
from compliance.domain.appeals import CONTESTABLE
from compliance.domain.roles import CompanyRole, Role
from compliance.domain.working_days import working_days_until
from compliance.store.appeals import Appeal, open_appeals, seats_of
from compliance.store.assessments import Assessment
from compliance.store.awards import Award, AwardDecision
from compliance.store.base import abandon, db, transaction
from compliance.store.holidays import public_holidays
from compliance.store.people import Person, people_with_role
from compliance.store.reviews import Deciding, Decision
from questionnaires import catalogue, editions

REMIND_AT = 5
"""Working days before the last day, from which on whoever has not voted is reminded once."""
TELL_AT = timedelta(days=7)
"""Before the last day to appeal, from which on a company that has not is reminded once."""


def chase_votes() -> int:
    """One round, each reminder once; returns how many appeals it looked at."""
    waiting = bool(open_appeals(db.session()))
    abandon()
    if not waiting:
        return 0
    with transaction() as session:
        appeals = open_appeals(session)
        for appeal in appeals:
            _chase_votes(session, appeal)
            _tell_late(session, appeal)
    return len(appeals)


def _chase_votes(session: Session, appeal: Appeal) -> None:
    last = appeal.decide_by or clock.today()
    if working_days_until(clock.today(), last, public_holidays(session)) > REMIND_AT:
        return
    stage = "late" if clock.today() > last else "due"
    seated = [seat.person_id for seat in seats_of(session, [appeal.id]) if seat.vote is None]
    people = [session.get_one(Person, person) for person in seated]
    notify(session, people, "appeal_due", f"{appeal.id}:{stage}", {"appeal": appeal.id})


def _tell_late(session: Session, appeal: Appeal) -> None:
    """Administrators hear once of each day that a panel let pass; of free seats also whoever may take one."""
    today, about = clock.today(), {"appeal": appeal.id}
    incomplete = len(seats_of(session, [appeal.id])) < figures_of(appeal.assessment.edition).panel
    stage = "decide" if appeal.decide_by and today > appeal.decide_by else ""
    if not stage and incomplete and appeal.take_up_by and today > appeal.take_up_by:
        stage = "take_up"
    if not stage:
        return
    notify(session, people_with_role(session, Role.ADMINISTRATOR), "appeal_late", f"{appeal.id}:{stage}", about)
    if incomplete:
        members = people_with_role(session, Role.PANEL_MEMBER)
        notify(session, members, "appeal_waiting", f"{appeal.id}:{stage}", about)


def remind_of_appeals() -> int:
    """Owners and signatories hear once that the last day to appeal comes near; returns how many decisions there are."""
    near = list(_near(db.session()))
    abandon()
    if not near:
        return 0
    with transaction() as session:
        for found in _near(session):
            about = {"assessment": found.assessment_id, "award": found.award_id}
            people = company_people(session, found.company_id, CompanyRole.OWNER, CompanyRole.SIGNATORY)
            key = f"{found.decision_id or ''}:{found.award_decision_id or ''}"
            notify(session, people, "appeal_ends", key, about)
    return len(near)


def _near(session: Session) -> Iterator[Contested]:
    """What can be contested for a few days more, and was not."""
    longest = max(catalogue.edition(name).lifecycle.appeal.within_days for name in editions())
    since = clock.now() - timedelta(days=longest + 1)
    for found in [*_decisions(session, since), *_acts(session, since)]:
        until = last_day(session, found)
        if found is not None and until is not None and until - clock.today() <= TELL_AT:
            yield found


def _decisions(session: Session, since: datetime) -> Iterator[Contested | None]:
    made = Decision.decided_at > since, Decision.act != Deciding.RETURN
    query = sa.select(Assessment).where(Assessment.id.in_(sa.select(Decision.assessment_id).where(*made)))
    return (contested_decision(session, one) for one in session.scalars(query.order_by(Assessment.id)))


def _acts(session: Session, since: datetime) -> Iterator[Contested | None]:
    made = AwardDecision.decided_at > since, AwardDecision.act.in_(CONTESTABLE)
    query = sa.select(Award).where(Award.id.in_(sa.select(AwardDecision.award_id).where(*made)))
    return (contested_act(session, award) for award in session.scalars(query.order_by(Award.id)).unique())
