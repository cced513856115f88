"""The days that matter to a company, read from what is stored: for its home page and for calendars."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from compliance.actions.checking_in import due_check_in
from compliance.actions.improving import reached
from compliance.actions.renewing import renewal_opens
from compliance.domain.lifecycle import State
from compliance.domain.standing import IN_FORCE, Standing
from compliance.store.assessments import Assessment, assessments_of, open_assessment
from compliance.store.awards import Award, awards_of
from compliance.store.plans import plan_of
from compliance.store.reviews import open_clarification


class Kind(StrEnum):
    """What a day is about."""

    REPLY = "reply"
    LAPSE = "lapse"
    REVIEW = "review"
    PLAN = "plan"
    CHECK_IN = "check_in"
    RENEWAL = "renewal"
    END = "end"
    GRACE = "grace"


OWED = frozenset({Kind.REPLY, Kind.PLAN, Kind.CHECK_IN})
"""What the company itself has to do: late once the day has passed."""


@dataclass(frozen=True)
class Entry:
    """One day. `subject` is the assessment's, award's or step's own name: with `kind` it names the entry for good.

    Of a step of the plan: `question` (none for the company's own), what the company wrote, and whom it named.
    """

    kind: Kind
    day: date
    subject: str
    assessment_id: int | None = None
    level: str = ""
    edition: str = ""
    question: str = ""
    note: str = ""
    who: str = ""

    def late(self, today: date) -> bool:
        return self.kind in OWED and self.day < today


def agenda(session: Session, company_id: int, today: date) -> list[Entry]:
    """Every day to come, and what is late, the earliest first."""
    found = open_assessment(session, company_id)
    days = [*_assessment(session, found), *_plan(session, company_id), *_awards(session, company_id, today)]
    days += _check_in(session, company_id)
    kept = (one for one in days if one.day >= today or one.kind in OWED)
    return sorted(kept, key=lambda one: (one.day, list(Kind).index(one.kind), one.subject))


def _assessment(session: Session, found: Assessment | None) -> Iterator[Entry]:
    if found is None:
        return
    number = found.id
    asked = open_clarification(session, number) if found.state is State.CLARIFYING else None
    if asked is not None:
        yield Entry(Kind.REPLY, asked.due_on, str(asked.id), number)
        yield Entry(Kind.LAPSE, asked.lapses_on, str(asked.id), number)
    if found.review_due_on is not None and found.state in {State.SUBMITTED, State.IN_REVIEW}:
        yield Entry(Kind.REVIEW, found.review_due_on, str(number), number)


def _plan(session: Session, company_id: int) -> Iterator[Entry]:
    """What is still open of the plan that the company works on: the newest assessment's, also after its decision."""
    newest = next(iter(assessments_of(session, company_id)), None)
    if newest is None or newest.state is State.WITHDRAWN:
        return
    steps = [step for step in plan_of(session, newest.id) if step.done_on is None]
    done = reached(session, newest, steps)
    for step in steps:
        if not step.question or step.question not in done:
            about = Entry(Kind.PLAN, step.due_on, str(step.id), newest.id, edition=newest.edition)
            yield replace(about, question=step.question, note=step.action, who=step.responsible)


def _check_in(session: Session, company_id: int) -> Iterator[Entry]:
    due = due_check_in(session, company_id)
    if due is not None:
        yield _about(Kind.CHECK_IN, due.due_on, due.award)


def _awards(session: Session, company_id: int, today: date) -> Iterator[Entry]:
    """The award in force: its end, and while no award follows it, when its renewal opens and its grace ends."""
    awards = awards_of(session, company_id)
    held = next((award for award in awards if award.standing(today) in IN_FORCE), None)
    if held is None:
        return
    if not _followed(held, awards, today):
        yield _about(Kind.RENEWAL, renewal_opens(held), held)
        yield _about(Kind.GRACE, held.term.grace_ends, held)
    yield _about(Kind.END, held.ends, held)


def _followed(held: Award, awards: list[Award], today: date) -> bool:
    return any(award.starts > held.starts and award.standing(today) is Standing.WAITING for award in awards)


def _about(kind: Kind, day: date, award: Award) -> Entry:
    return Entry(kind, day, award.code, level=award.level, edition=award.edition)
