"""Reminds those who sit on a panel and have not voted: shortly before the last day, and once it has passed."""

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.working_days import working_days_until
from compliance.store.appeals import open_appeals, seats_of
from compliance.store.base import abandon, db, transaction
from compliance.store.holidays import public_holidays
from compliance.store.people import Person

REMIND_AT = 5
"""Working days before the last day, from which on whoever has not voted is reminded once."""


def chase_votes() -> int:
    """One round, each reminder once; returns how many appeals it looked at."""
    waiting = bool(open_appeals(db.session()))
    abandon()
    if not waiting:
        return 0
    with transaction() as session:
        off, appeals = public_holidays(session), open_appeals(session)
        for appeal in appeals:
            left = working_days_until(clock.today(), appeal.decide_by or clock.today(), off)
            if left > REMIND_AT:
                continue
            stage = "late" if appeal.decide_by and clock.today() > appeal.decide_by else "due"
            people = [
                session.get_one(Person, seat.person_id) for seat in seats_of(session, [appeal.id]) if seat.vote is None
            ]
            notify(session, people, "appeal_due", f"{appeal.id}:{stage}", {"appeal": appeal.id})
    return len(appeals)
