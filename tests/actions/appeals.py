"""A café that was refused or whose award was acted on, its appeal, and panels that judge it."""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa

from compliance.actions import appeal_panel, appealing, reviewing
from compliance.actions.appeal_panel import Ballot, Finding
from compliance.actions.appealing import Grounds
from compliance.actions.judging import Judgement
from compliance.actions.submitting import Attestation
from compliance.cli.demonstration import acts
from compliance.domain.appeals import Right, Vote
from compliance.domain.roles import Actor, Role
from compliance.domain.standing import AwardAct
from compliance.store.appeals import Appeal
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.reviews import Verdict
from tests.actions.cases import CAFE, Case, person, to_award, to_review
from tests.helpers import why

SIGNED = Attestation("Sok Dara", "Director")
LOST = "gov_policy"


def to_refused(one: Case) -> None:
    """An essential is found to be missing."""
    to_review(one)
    acts.rule(one.hands, one.assessment_id, 0)
    with transaction() as session:
        judgement = Judgement(Verdict.NOT_SUPPORTED, reason="not_found", note="no such policy")
        reviewing.rule(session, one.hands.reviewer, one.assessment_id, LOST, judgement)
    acts.recommend(CAFE, one.hands, one.assessment_id, 0)
    acts.decide(one.hands, one.assessment_id, 0, refuse=True)


def to_ended(one: Case, act: AwardAct = AwardAct.SUSPENDED) -> None:
    to_award(one)
    acts.act_on_award(one.hands, one.company_id, act, why(act, "The check-in is late."), 0)


to_suspended = partial(to_ended, act=AwardAct.SUSPENDED)
to_revoked = partial(to_ended, act=AwardAct.REVOKED)


def award_of(one: Case) -> Award:
    query = sa.select(Award).where(Award.assessment_id == one.assessment_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def write(one: Case, *, act: bool = False, general: str = "It is there.", **grounds: str) -> int:
    """A draft against the decision, or against the act on the award."""
    award = award_of(one).id if act else None
    with transaction() as session:
        said = Grounds(grounds, general)
        return appealing.write(session, one.hands.owner, one.assessment_id, award, said, 0).id


def lodge(one: Case, appeal_id: int, who: Actor | None = None) -> None:
    with transaction() as session:
        appealing.lodge(session, who or one.hands.owner, appeal_id, SIGNED, 1)


def lodged(one: Case, *, act: bool = False, **grounds: str) -> int:
    number = write(one, act=act, **grounds)
    lodge(one, number)
    return number


def panel(count: int = 3) -> list[Actor]:
    return [person(f"panel{number}@ministry.example", Role.PANEL_MEMBER) for number in range(count)]


def sit(appeal_id: int, *members: Actor) -> None:
    for who in members:
        with transaction() as session:
            case = appeal(appeal_id).assessment_id
            reviewing.declare(session, who, case, has_tie=False)
            appeal_panel.sit(session, who, appeal_id)


def ballot(appeal_id: int, vote: Vote, right: Right = Right.COMPANY) -> Ballot:
    findings = {question: Finding(right, "The page is there.") for question in appeal(appeal_id).grounds}
    return Ballot(vote, "The policy is in force.", findings, "រកឃើញថាត្រឹមត្រូវ។", "It was found to be in order.")


def vote(appeal_id: int, who: Actor, said: Vote, right: Right = Right.COMPANY) -> None:
    with transaction() as session:
        seen = appeal_panel.seen_of(session, appeal(appeal_id))
        appeal_panel.vote(session, who, appeal_id, ballot(appeal_id, said, right), seen)


def decided(appeal_id: int, members: Sequence[Actor], *votes: Vote) -> Appeal:
    """The panel sits down and votes."""
    sit(appeal_id, *members)
    for who, said in zip(members, votes, strict=True):
        vote(appeal_id, who, said)
    return appeal(appeal_id)


def appeal(appeal_id: int) -> Appeal:
    return db.session.get_one(Appeal, appeal_id, populate_existing=True)
