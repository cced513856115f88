"""Standing: computed on a date from an award's dates and decisions, never stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Standing(StrEnum):
    """What the register says of an award today."""

    WAITING = "waiting"
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
HELD = IN_FORCE | {Standing.SUSPENDED}
"""What a company has, counting or not: it owes check-ins, and its days go on."""
LIVE = HELD | {Standing.WAITING}
"""What the ministry can still suspend or revoke."""
ENDED_BY = {AwardAct.REVOKED: Standing.REVOKED, AwardAct.SUPERSEDED: Standing.SUPERSEDED}
EXPIRING_DAYS = 90
PROPOSAL_DAYS = 30
"""A proposal about an award that nobody confirms lapses after so many days."""


@dataclass(frozen=True)
class Term:
    """The days an award covers: `starts` and `ends` both included, then `grace_days` more."""

    starts: date
    ends: date
    grace_days: int

    @property
    def grace_ends(self) -> date:
        return self.ends + timedelta(days=self.grace_days)


def standing(term: Term, last_act: AwardAct, on: date, replaced_from: date | None = None) -> Standing:
    """Decisions of the ministry come before the calendar: a revoked award stays revoked after its end.

    `replaced_from` is the first day of the company's next award: on that day this one gives way, unless it had
    expired before.
    """
    if last_act in ENDED_BY:
        return ENDED_BY[last_act]
    if on < term.starts:
        return Standing.SUSPENDED if last_act is AwardAct.SUSPENDED else Standing.WAITING
    if replaced_from is not None and replaced_from <= min(on, term.grace_ends):
        return Standing.SUPERSEDED
    if last_act is AwardAct.SUSPENDED and on <= term.grace_ends:
        return Standing.SUSPENDED
    return _by_calendar(term, on)


def _by_calendar(term: Term, on: date) -> Standing:
    if on > term.grace_ends:
        return Standing.EXPIRED
    if on > term.ends:
        return Standing.IN_GRACE
    return Standing.EXPIRING if on > term.ends - timedelta(days=EXPIRING_DAYS) else Standing.CURRENT
