"""Reminds second scorers of their last day, and tells approvers of those who let it pass."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.roles import Role
from compliance.domain.working_days import working_days_until
from compliance.store.base import abandon, db, transaction
from compliance.store.holidays import public_holidays
from compliance.store.people import Person, people_with_role
from compliance.store.second_scorings import SecondScoring, open_scorings
from questionnaires import edition


def chase_scorings() -> int:
    """One round, each reminder once; returns how many wait for their second side."""
    waiting = [one.id for one in open_scorings(db.session()) if one.second_done_at is None]
    abandon()
    if not waiting:
        return 0
    with transaction() as session:
        for one in open_scorings(session):
            if one.second_done_at is None:
                _chase(session, one)
    return len(waiting)


def _chase(session: Session, one: SecondScoring) -> None:
    rule, today = edition(one.assessment.edition).lifecycle.second_scoring, clock.today()
    if working_days_until(today, one.due_on, public_holidays(session)) > rule.reminder_working_days_before:
        return
    late, about = today > one.due_on, {"scoring": one.id}
    if one.scorer_id is not None:
        scorer, stage = session.get_one(Person, one.scorer_id), "late" if late else "due"
        notify(session, [scorer], "second_due", f"{one.id}:{stage}", about)
    if late:
        notify(session, people_with_role(session, Role.APPROVER), "second_late", str(one.id), about)
