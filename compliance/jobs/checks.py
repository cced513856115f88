"""Reminds the ministry of what stands still: spot checks, and suspensions that last longer than the edition allows."""

from compliance.actions.after_acts import remind_of_rests
from compliance.actions.spots_late import remind_of_late
from compliance.store.base import transaction


def chase_checks() -> int:
    """One round, each reminder once; returns how many spot checks are late."""
    with transaction() as session:
        remind_of_rests(session)
        return remind_of_late(session)
