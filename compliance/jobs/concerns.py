"""Concerns: reviewers are reminded of what nobody acknowledged; addresses of who raised one are forgotten in time."""

from compliance import clock
from compliance.actions.concerns import forget_who_raised
from compliance.actions.notifying import notify
from compliance.domain.roles import Role
from compliance.domain.working_days import working_days_until
from compliance.store.base import abandon, db, transaction
from compliance.store.concerns import open_concerns
from compliance.store.holidays import public_holidays
from compliance.store.people import people_with_role

REMIND_AT = 1
"""Working days before the last day, from which on reviewers are reminded once; once more when it has passed."""


def chase_concerns() -> int:
    """One round, each reminder once; returns how many wait to be acknowledged."""
    waiting = [one.id for one in open_concerns(db.session()) if one.acknowledged_at is None]
    abandon()
    with transaction() as session:
        forget_who_raised(session)
        off, reviewers = public_holidays(session), people_with_role(session, Role.REVIEWER)
        for one in open_concerns(session) if waiting else ():
            if one.acknowledged_at is None and working_days_until(clock.today(), one.acknowledge_by, off) <= REMIND_AT:
                stage = "late" if clock.today() > one.acknowledge_by else "due"
                notify(session, reviewers, "concern_due", f"{one.id}:{stage}", {"concern": one.id})
    return len(waiting)
