"""Appeals: what a company may contest, until when, and what a panel decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from compliance.domain.standing import AwardAct
from compliance.domain.working_days import add_working_days


class AppealKind(StrEnum):
    """What is contested. `level` is an award at a lower level than the company claimed."""

    REFUSAL = "refusal"
    LEVEL = "level"
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


class AppealOutcome(StrEnum):
    """What became of an appeal that was lodged."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Vote(StrEnum):
    """A panel member's word on the whole appeal."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"


class Right(StrEnum):
    """A panel member's finding on one ground: who is right."""

    COMPANY = "company"
    MINISTRY = "ministry"


ASSESSED = frozenset({AppealKind.REFUSAL, AppealKind.LEVEL})
"""What contests the decision on an assessment; the others contest an act on an award, which the public reads of."""
CONTESTABLE = {AwardAct.SUSPENDED: AppealKind.SUSPENSION, AwardAct.REVOKED: AppealKind.REVOCATION}
OUTCOMES = {Vote.UPHOLD: AppealOutcome.UPHELD, Vote.DISMISS: AppealOutcome.DISMISSED}


@dataclass(frozen=True)
class Figures:
    """Of the edition: days to lodge from the day of the decision, working days until the panel takes it up, days until
    it has decided, and how many sit on it (an odd number)."""

    within_days: int
    take_up_working_days: int
    decide_within_days: int
    panel: int

    def last_day(self, decided_on: date) -> date:
        """The last day on which the decision can be contested, itself included."""
        return decided_on + timedelta(days=self.within_days)

    def take_up_by(self, lodged_on: date, holidays: Collection[date]) -> date:
        """The last day for the panel to be complete."""
        return add_working_days(lodged_on, self.take_up_working_days, holidays)

    def decide_by(self, lodged_on: date) -> date:
        """The last day for the panel to decide."""
        return lodged_on + timedelta(days=self.decide_within_days)


def majority(votes: Collection[Vote]) -> Vote:
    """What more than half say; of an odd number there is always one such."""
    upholding = sum(vote is Vote.UPHOLD for vote in votes)
    return Vote.UPHOLD if 2 * upholding > len(votes) else Vote.DISMISS
