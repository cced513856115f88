"""Random histories of one company's awards, led by the real acts, day by day."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import cast

import sqlalchemy as sa

from compliance import clock
from compliance.actions import awarding, proposing
from compliance.domain.errors import WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct
from compliance.settings import UNNAMED
from compliance.store.assessments import Assessment, Submission
from compliance.store.awards import Award, awards_of
from compliance.store.base import db, transaction
from compliance.store.people import Membership, Person
from compliance.store.reviews import Recommendation
from questionnaires import current
from tests.actions.cases import person
from tests.helpers import why
from tests.public.world import Made, make_company

OWNER = "owner@pond.example"
START = date(2026, 1, 1)
YEARS = 3 * 365
ACTS = ("grant", "grant", "grant", AwardAct.SUSPENDED, AwardAct.REINSTATED, AwardAct.REVOKED)


@dataclass
class History:
    """One company, its awards, and the two people who act on them."""

    reviewer: Actor
    approver: Actor
    company_id: int
    slug: str
    done: list[tuple[date, str]] = field(default_factory=list)

    @property
    def awards(self) -> list[Award]:
        db.session.expire_all()
        return awards_of(db.session(), self.company_id)

    def grant(self) -> Award:
        """A year's award, as an approver grants it; what stands against it is answered with a reason."""
        with transaction() as session:
            assessment, recommendation = recommended(self)
            session.add(assessment)
            session.flush()
            submission = Submission(
                assessment_id=assessment.id, round=1, content="{}", digest="d", scorecard="{}", scorecard_sha256="s",
                submitted_by=self.reviewer.user_id, submitted_at=clock.now(),
            )  # fmt: skip
            session.add(submission)
            session.flush()
            recommendation.assessment_id, recommendation.submission_id = assessment.id, submission.id
            session.add(recommendation)
            session.flush()
            why = "All is well again." if awarding.objections(session, self.company_id) else ""
            made = awarding.grant(session, self.approver, assessment, recommendation, "http://localhost", UNNAMED, why)
            self.done.append((clock.today(), "grant"))
            return made

    def act(self, award: Award, act: AwardAct) -> None:
        """Both people; raises WrongStateError when the award does not allow it."""
        award_id = award.id
        with transaction() as session:
            proposal = proposing.propose(session, self.reviewer, award_id, act, why(act, "A reason."))
            proposing.confirm(session, self.approver, proposal.id)
        self.done.append((clock.today(), act))


def recommended(history: History) -> tuple[Assessment, Recommendation]:
    assessment = Assessment(
        company_id=history.company_id, edition=current().id, state=State.APPROVED, opened_at=clock.now(),
        review_facts={},
    )  # fmt: skip
    recommendation = Recommendation(
        level="committed", scorecard="{}", scorecard_sha256="s", scope_km="ក", scope_en="a",
        recommended_by=history.reviewer.user_id, recommended_at=clock.now(),
    )  # fmt: skip
    return assessment, recommendation


def begin() -> History:
    """A company without an award; inside an application context."""
    reviewer, approver = person("one@ministry.example", Role.REVIEWER), person("two@ministry.example", Role.APPROVER)
    with transaction() as session:
        company = make_company(session, Made("pond", "ស្រះ", "Pond", "isp", "kep", "committed", START))
        return History(reviewer, approver, company.id, company.slug)


def begin_with_owner() -> History:
    """A company that has an owner."""
    made, made_owner = begin(), person(OWNER)
    with transaction() as session:
        found = session.get_one(Person, made_owner.user_id)
        session.add(Membership(company_id=made.company_id, role="owner", since=clock.now(), person=found))
    return made


def owner() -> Person:
    """Of a company with one, as the store has them now."""
    return db.session.scalars(sa.select(Person).where(Person.email == OWNER)).one()


def on(day: date) -> datetime:
    return datetime.combine(day, time(10), clock.PHNOM_PENH)


def play(history: History, seed: int, acts: int = 14) -> Iterator[date]:
    """Walks three years; gives each day, with its acts done and the clock held."""
    chance = random.Random(seed)
    planned = {0: ["grant"]}
    for _n in range(acts):
        planned.setdefault(chance.randrange(YEARS), []).append(chance.choice(ACTS))
    for day in range(YEARS):
        with clock.held(on(START + timedelta(days=day))):
            for act in planned.get(day, []):
                with suppress(WrongStateError):
                    if act == "grant":
                        history.grant()
                    else:
                        history.act(chance.choice(history.awards[:2]), cast("AwardAct", act))
            yield START + timedelta(days=day)
