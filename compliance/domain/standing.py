"""Standing: computed on a date from an award's dates and decisions, never stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What the register says of an award today."""

    CURRENT = "current"
    EXPIRING = "expiring"
    IN_GRACE = "in_grace"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class AwardAct(StrEnum):
    """Dated decisions on an award."""

    GRANTED = "granted"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


IN_FORCE = frozenset({Standing.CURRENT, Standing.EXPIRING, Standing.IN_GRACE})
ENDED_BY = {AwardAct.REVOKED: Standing.REVOKED, AwardAct.SUPERSEDED: Standing.SUPERSEDED}
EXPIRING_DAYS = 90


@dataclass(frozen=True)
class Term:
    """The days an award covers: `starts` and `ends` both included, then `grace_days` more."""

    starts: date
    ends: date
    grace_days: int

    @property
    def grace_ends(self) -> date:
        return self.ends + timedelta(days=self.grace_days)


def standing(term: Term, last_act: AwardAct, on: date) -> Standing:
    """Decisions of the ministry come before the calendar: a revoked award stays revoked after its end."""
    if last_act in ENDED_BY:
        return ENDED_BY[last_act]
    if on > term.grace_ends:
        return Standing.EXPIRED
    if last_act is AwardAct.SUSPENDED:
        return Standing.SUSPENDED
    if on > term.ends:
        return Standing.IN_GRACE
    return Standing.EXPIRING if on > term.ends - timedelta(days=EXPIRING_DAYS) else Standing.CURRENT
