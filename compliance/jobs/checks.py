"""Reminds of spot checks that stand still."""

from compliance.actions.spots_late import remind_of_late
from compliance.store.base import transaction


def chase_checks() -> int:
    """One round, each reminder once; returns how many are late."""
    with transaction() as session:
        return remind_of_late(session)
