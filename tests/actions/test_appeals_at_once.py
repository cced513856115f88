"""Two people at once at one appeal: one draft, one lodging, one holder of a seat, one decision."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import appeal_panel, appealing, proposing, renewing, reviewing
from compliance.actions.appealing import Grounds
from compliance.domain.appeals import AppealOutcome, Vote
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, CompanyRole
from compliance.domain.standing import AwardAct, Standing
from compliance.settings import Settings
from compliance.store.appeals import appeals_of, open_appeals, seats_of
from compliance.store.assessments import open_assessment
from compliance.store.audit import verify
from compliance.store.awards import open_proposals
from compliance.store.base import db, transaction
from tests.account.test_two_owners import Act, at_once
from tests.actions.appeals import (
    SIGNED,
    appeal,
    award_of,
    ballot,
    lodged,
    panel,
    sit,
    to_refused,
    to_suspended,
    vote,
    write,
)
from tests.actions.cases import Case, case
from tests.actions.test_appealing import colleague
from tests.helpers import why

pytestmark = [pytest.mark.usefixtures("in_app", "moment"), pytest.mark.both_databases]


def voting(number: int, said: Vote) -> Act:
    """A vote on the page as it is now."""
    seen, filled = appeal_panel.seen_of(db.session(), appeal(number)), ballot(number, said)
    return lambda session, actor: appeal_panel.vote(session, actor, number, filled, seen)


def lodging(number: int) -> Act:
    return lambda session, actor: appealing.lodge(session, actor, number, SIGNED, 1)


def withdrawing(number: int) -> Act:
    return lambda session, actor: appealing.withdraw(session, actor, number)


def seated(one: Case, *votes: Vote, act: bool = False) -> tuple[int, list[Actor]]:
    """A lodged appeal with a whole panel, of which the first have voted."""
    number, members = lodged(one, act=act), panel()
    sit(number, *members)
    for who, said in zip(members, votes, strict=False):
        vote(number, who, said)
    return number, members


def test_one_draft_and_one_lodging(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_refused)
    signatory: Actor = colleague(one, CompanyRole.SIGNATORY)  # type: ignore[assignment]

    def writing(text: str) -> Act:
        said = Grounds({}, text)
        return lambda session, actor: appealing.write(session, actor, one.assessment_id, None, said, 0)

    outcomes = at_once(in_app, (writing("One text."), one.hands.owner), (writing("Another."), signatory))
    assert sorted(outcomes) == ["StaleError", "done"]
    number = appealing.begun(db.session(), appealing.target(db.session(), one.hands.owner, one.assessment_id))
    assert number is not None
    outcomes = at_once(in_app, (lodging(number.id), one.hands.owner), (lodging(number.id), signatory))
    assert sorted(outcomes) == ["WrongStateError", "done"]
    assert len(appeals_of(db.session(), one.company_id)) == 1


def test_an_appeal_or_another_assessment(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_refused)
    number = write(one)
    outcomes = at_once(
        in_app,
        (lodging(number), one.hands.owner),
        (lambda session, actor: renewing.start(session, actor, one.company_id), one.hands.owner),
    )
    assert sorted(outcomes) in (["InvalidError", "done"], ["WrongStateError", "done"])
    begun = open_assessment(db.session(), one.company_id) is not None
    assert begun != bool(open_appeals(db.session(), one.company_id))


def test_the_last_seat_is_taken_once(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = lodged(one), panel(4)
    sit(number, *members[:2])
    for who in members[2:]:
        with transaction() as session:
            reviewing.declare(session, who, one.assessment_id, has_tie=False)
    taking: Act = lambda session, actor: appeal_panel.sit(session, actor, number)  # noqa: E731
    assert sorted(at_once(in_app, (taking, members[2]), (taking, members[3]))) == ["WrongStateError", "done"]
    assert len(seats_of(db.session(), [number])) == 3


def test_the_last_votes_decide_once(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = seated(one, Vote.UPHOLD)
    outcomes = at_once(in_app, (voting(number, Vote.UPHOLD), members[1]), (voting(number, Vote.DISMISS), members[2]))
    assert outcomes == ["done", "done"]
    assert appeal(number).outcome is AppealOutcome.UPHELD
    assert (one.assessment.state, one.assessment.reviewer_id) == (State.IN_REVIEW, None)
    assert list(verify(db.session())) == []


def test_the_last_vote_or_the_withdrawal(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = seated(one, Vote.UPHOLD, Vote.UPHOLD)
    outcomes = at_once(in_app, (voting(number, Vote.UPHOLD), members[2]), (withdrawing(number), one.hands.owner))
    assert sorted(outcomes) == ["WrongStateError", "done"]
    voted = outcomes[0] == "done"
    assert appeal(number).outcome is (AppealOutcome.UPHELD if voted else AppealOutcome.WITHDRAWN)
    assert one.assessment.state is (State.IN_REVIEW if voted else State.REFUSED)


def test_a_vote_knows_of_every_note(in_app: Flask, settings: Settings) -> None:
    one = case(settings, to_refused)
    number, members = seated(one)

    def noting(session: Session, actor: Actor) -> None:
        appeal_panel.note(session, actor, number, clock.today(), "They showed the letter.")

    outcomes = at_once(in_app, (voting(number, Vote.UPHOLD), members[0]), (noting, members[1]))
    assert outcomes in (["done", "done"], ["StaleError", "done"])
    assert (seats_of(db.session(), [number])[0].vote is None) == (outcomes[0] == "StaleError")


def test_the_panel_and_two_of_the_ministry_give_an_award_back(in_app: Flask, settings: Settings) -> None:
    """Whoever comes first: it holds again, no proposal is left open, and nothing is done twice."""
    one = case(settings, to_suspended)
    number, members = seated(one, Vote.UPHOLD, Vote.UPHOLD, act=True)
    with transaction() as session:
        reinstating = AwardAct.REINSTATED
        proposal = proposing.propose(session, one.hands.reviewer, award_of(one).id, reinstating, why(reinstating)).id
    confirming: Act = partial(lambda made, session, actor: proposing.confirm(session, actor, made), proposal)
    outcomes = at_once(in_app, (voting(number, Vote.UPHOLD), members[2]), (confirming, one.hands.second))
    assert outcomes[0] == "done"
    assert outcomes[1] in {"done", "WrongStateError"}
    assert appeal(number).outcome is AppealOutcome.UPHELD
    award = award_of(one)
    assert award.standing(clock.today()) is Standing.CURRENT
    assert [act.act for act in award.acts].count(AwardAct.REINSTATED) == 1
    assert open_proposals(db.session(), one.company_id) == []
    assert list(verify(db.session())) == []
