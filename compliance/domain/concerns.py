"""Concerns: what the public may say of an awarded company, what becomes of it, and the edition's days for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compliance.domain.working_days import add_working_days


class About(StrEnum):
    """What a concern is about. Anything else has another door."""

    CHANNEL = "channel"
    COMMITMENT = "commitment"
    MISUSE = "misuse"
    UNTRUE = "untrue"


class ConcernOutcome(StrEnum):
    """What became of it. `case`: its text held details of a case and was locked away."""

    UNFOUNDED = "unfounded"
    RESOLVED = "resolved"
    PROPOSAL = "proposal"
    SPOT_CHECK = "spot_check"
    CASE = "case"


HEARD_BEFORE = frozenset({ConcernOutcome.RESOLVED, ConcernOutcome.PROPOSAL})
"""Outcomes that the company may answer before: it was asked, and has replied or let its day pass."""


@dataclass(frozen=True)
class ConcernDays:
    """Of the edition: working days to acknowledge, working days for the company's reply, days until the outcome."""

    acknowledge_working_days: int
    reply_working_days: int
    answer_within_days: int

    def acknowledge_by(self, raised_on: date, holidays: Collection[date]) -> date:
        """The last day to say that it arrived."""
        return add_working_days(raised_on, self.acknowledge_working_days, holidays)

    def reply_by(self, asked_on: date, holidays: Collection[date]) -> date:
        """The last day for the company's reply."""
        return add_working_days(asked_on, self.reply_working_days, holidays)

    def answer_by(self, raised_on: date) -> date:
        """The last day for the outcome."""
        return raised_on + timedelta(days=self.answer_within_days)
