"""Reminds the ministry of what stands still: spot checks, and suspensions that last longer than the edition allows."""

from compliance.actions.after_acts import remind_of_rests, resting_too_long
from compliance.actions.spots_late import late_checks, remind_of_late
from compliance.store.base import abandon, db, transaction


def chase_checks() -> int:
    """One round, each reminder once; returns how many spot checks are late. Nothing is locked while nothing is."""
    late, rests = len(late_checks(db.session())), bool(resting_too_long(db.session()))
    abandon()
    if late or rests:
        with transaction() as session:
            remind_of_rests(session)
            remind_of_late(session)
    return late
