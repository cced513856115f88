"""A round of questions: the named answers open again, each with what the reviewer wants to know, until a due date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import advance, locked, require_reviewer
from compliance.actions.blind import require_may_change
from compliance.actions.noting import LONGEST_NOTE
from compliance.actions.scorecards import snapshot_of
from compliance.domain.errors import ForbiddenError, InvalidError
from compliance.domain.roles import Actor
from compliance.domain.working_days import add_working_days
from compliance.store.assessments import Assessment
from compliance.store.holidays import public_holidays
from compliance.store.review_notes import to_ask
from compliance.store.reviews import Clarification, clarifications
from compliance.store.rule_changes import lifecycle_now

LONGEST_TIMES = 2
"""A reply may be given so many times the working days of the edition at most."""


@dataclass(frozen=True)
class Terms:
    """Of the round that would be asked today: its number, how many the edition allows, the days between which it may be
    due. `days` are the working days up to `first`, which is proposed; `most_days` those up to `last`."""

    round: int
    rounds: int
    days: int
    first: date
    most_days: int
    last: date
    closed: frozenset[date]

    @property
    def used(self) -> bool:
        """No round is left."""
        return self.round > self.rounds

    def refuse(self, due_on: date) -> None:
        """Raises InvalidError for a day on which a reply cannot be due."""
        if due_on < self.first:
            raise InvalidError("due_on", "too_early")
        if due_on > self.last:
            raise InvalidError("due_on", "too_late")
        if due_on.weekday() > 4 or due_on in self.closed:
            raise InvalidError("due_on", "no_working_day")


def terms(session: Session, assessment: Assessment) -> Terms:
    """Counted from today by the table of holidays."""
    review, off = lifecycle_now(session, assessment.edition).review, public_holidays(session)
    days = review.more_information_reply_working_days
    first, last = (add_working_days(clock.today(), days * times, off) for times in (1, LONGEST_TIMES))
    asked = len(clarifications(session, assessment.id))
    return Terms(asked + 1, review.more_information_rounds, days, first, days * LONGEST_TIMES, last, off)


def ask(
    session: Session, actor: Actor, assessment_id: int, questions: Mapping[str, str], due_on: date | None = None
) -> Clarification:
    """Reopens the named answers, each with what the reviewer wants to know. What waited to be asked of them is asked.

    `due_on` is the day that is proposed unless another is given. Raises InvalidError, ForbiddenError past the rounds.
    """
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    require_may_change(session, assessment, "ask")
    wanted = {question: text.strip() for question, text in questions.items() if text.strip()}
    _check(session, assessment, wanted)
    found = terms(session, assessment)
    if found.used:
        raise ForbiddenError("rounds_used")
    due_on = due_on or found.first
    found.refuse(due_on)
    grace = lifecycle_now(session, assessment.edition).review.more_information_grace_working_days
    clarification = Clarification(
        assessment_id=assessment.id,
        round=found.round,
        questions=wanted,
        asked_by=actor.user_id or 0,
        asked_at=clock.now(),
        due_on=due_on,
        lapses_on=add_working_days(due_on, grace, found.closed),
    )
    session.add(clarification)
    for question, waiting in to_ask(session, assessment.id).items():
        if question in wanted:
            waiting.withdrawn_at = clock.now()
    session.flush()
    due = due_on.isoformat()
    advance(session, actor, assessment, "ask", questions=sorted(wanted), due_on=due, clarification=clarification.id)
    return clarification


def _check(session: Session, assessment: Assessment, wanted: Mapping[str, str]) -> None:
    if not wanted:
        raise InvalidError("questions", "required")
    if not wanted.keys() <= set(snapshot_of(session, assessment).asked):
        raise InvalidError("questions", "not_asked")
    for question, text in wanted.items():
        if len(text) > LONGEST_NOTE:
            raise InvalidError(question, "too_long", most=LONGEST_NOTE)
