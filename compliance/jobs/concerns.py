"""Concerns: reviewers are reminded of what nobody acknowledged; addresses of who raised one are forgotten in time."""

from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.concerns import forget_who_raised, has_addresses_to_forget
from compliance.actions.notifying import notify, repliers
from compliance.domain.roles import Role
from compliance.domain.working_days import working_days_until
from compliance.store.base import abandon, db, transaction
from compliance.store.concerns import Concern, open_concerns
from compliance.store.holidays import public_holidays
from compliance.store.people import people_with_role

REMIND_AT = 1
"""Working days before the last day, from which on reviewers are reminded once; once more when it has passed."""


REPLY_AT = 3
"""Working days before the last day of its reply, from which on the company is reminded once."""


def chase_concerns() -> int:
    """One round, each reminder once; returns how many wait to be acknowledged."""
    waiting = list(open_concerns(db.session()))
    unread = sum(one.acknowledged_at is None for one in waiting)
    over = has_addresses_to_forget(db.session())
    abandon()
    if not waiting and not over:
        return 0
    with transaction() as session:
        forget_who_raised(session)
        for one in open_concerns(session):
            _remind(session, one, public_holidays(session))
    return unread


def _remind(session: Session, one: Concern, off: frozenset[date]) -> None:
    about, today = {"concern": one.id}, clock.today()
    if one.acknowledged_at is None and working_days_until(today, one.acknowledge_by, off) <= REMIND_AT:
        stage = "late" if today > one.acknowledge_by else "due"
        notify(session, people_with_role(session, Role.REVIEWER), "concern_due", f"{one.id}:{stage}", about)
    due = one.reply_by if one.replied_at is None else None
    if due is not None and today <= due and working_days_until(today, due, off) <= REPLY_AT:
        notify(session, repliers(session, one.company_id), "concern_reply_due", str(one.id), about)
