"""What a notice says of an assessment, an award or a proposal goes out only while it is so."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from compliance import clock
from compliance.actions import deciding, proposing, submitting
from compliance.actions.scorecards import seen_digest
from compliance.cli.demonstration import acts
from compliance.domain.notices import KINDS
from compliance.domain.roles import CompanyRole
from compliance.domain.standing import AwardAct
from compliance.jobs.facts.now import FACTS
from compliance.settings import Settings
from compliance.store.awards import awards_of, open_proposals
from compliance.store.base import db, transaction
from compliance.store.people import Membership
from tests.actions.cases import CAFE, Case, case
from tests.helpers import why
from tests.jobs.world import notices, told

# The steps of one café, and the notices of it that are true after each; all that were queued before wait.
SIGNED = submitting.Attestation("Sok Dara", "Owner")
WALK = {
    "submit": {"assessment_submitted", "review_waiting"},
    "claim": {"assessment_submitted", "assessment_in_review"},
    "ask": {"assessment_submitted", "clarification_asked"},
    "reply": {"assessment_submitted", "assessment_in_review", "clarification_replied", "clarification_received"},
    "rule": {"assessment_submitted", "assessment_in_review", "clarification_received"},
    "recommend": {"assessment_submitted", "assessment_in_review", "decision_waiting", "clarification_received"},
    "return": {"assessment_submitted", "assessment_in_review", "review_returned", "clarification_received"},
    "recommend again": {"assessment_submitted", "assessment_in_review", "decision_waiting", "clarification_received"},
    "approve": {"award_granted"},
    "propose": {"award_granted", "proposal_waiting"},
    "suspend": {"award_suspended"},
    "reinstate": {"award_granted", "award_reinstated"},
    "revoke": {"award_revoked"},
}


@pytest.fixture
def cafe(in_app: Flask, moment: datetime, settings: Settings) -> Case:
    return case(settings)


def steps(one: Case) -> dict[str, Callable[[], object]]:
    hands, number = one.hands, one.assessment_id

    def end(act: AwardAct) -> None:
        _propose(one, act)
        with transaction() as session:
            proposal = open_proposals(session, one.company_id)[0]
            proposing.confirm(session, hands.second, proposal.id)

    def reply() -> None:
        with transaction() as session:
            submitting.reply(session, hands.owner, number, "Here it is.", SIGNED, one.assessment.version)

    def send_back() -> None:
        with transaction() as session:
            seen = seen_digest(session, one.assessment)
            acts.reviewing.declare(session, hands.approver, number, has_tie=False)
            deciding.send_back(session, hands.approver, number, seen=seen, reason="Look again.")

    return {
        "submit": lambda: acts.submit(hands, number, 0),
        "claim": lambda: acts.claim(hands, number, 0),
        "ask": lambda: acts.ask(hands, number, 0),
        "reply": reply,
        "rule": lambda: acts.rule(hands, number, 0),
        "recommend": lambda: acts.recommend(CAFE, hands, number, 0),
        "return": send_back,
        "recommend again": lambda: acts.recommend(CAFE, hands, number, 0),
        "approve": lambda: acts.decide(hands, number, 0),
        "propose": lambda: _propose(one, AwardAct.SUSPENDED),
        "suspend": lambda: end(AwardAct.SUSPENDED),
        "reinstate": lambda: end(AwardAct.REINSTATED),
        "revoke": lambda: end(AwardAct.REVOKED),
    }


def _propose(one: Case, act: AwardAct) -> None:
    session = db.session()
    award = awards_of(session, one.company_id)[0]
    if open_proposals(session, award.company_id):
        return
    with transaction() as writing:
        proposing.propose(writing, one.hands.reviewer, award.id, act, why(act, "It must be so."))


def true_now() -> set[str]:
    return {notice.kind for notice in notices() if told(notice) is not None}


def test_each_notice_is_true_exactly_while_it_is_so(cafe: Case) -> None:
    for name, step in steps(cafe).items():
        step()
        assert true_now() == WALK[name], f"after {name}"
    assert {notice.kind for notice in notices()} == set().union(*WALK.values())


def test_a_proposal_that_lapsed_asks_for_nobody(cafe: Case) -> None:
    walk = steps(cafe)
    for name in ("submit", "claim", "rule", "recommend", "approve", "propose"):
        walk[name]()
    assert "proposal_waiting" in true_now()
    with clock.held(clock.now() + timedelta(days=30)):
        assert "proposal_waiting" not in true_now()


def test_who_left_the_company_hears_no_more_of_it(cafe: Case) -> None:
    steps(cafe)["submit"]()
    with transaction() as session:
        tie = session.query(Membership).one()
        tie.role = CompanyRole.VIEWER
    assert true_now() == {"review_waiting"}


def test_of_two_that_say_the_same_the_newer_goes(cafe: Case) -> None:
    walk = steps(cafe)
    for name in ("submit", "claim", "rule", "recommend", "return", "recommend again"):
        walk[name]()
    waiting = notices("decision_waiting")
    assert [told(notice) is not None for notice in waiting if notice.person_id == cafe.hands.approver.user_id] == [
        False,
        True,
    ]


def test_every_kind_says_what_is_true_of_it() -> None:
    assert set(FACTS) == set(KINDS)
