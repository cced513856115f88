"""A decision as its company reads it: each kind of outcome true, in short first, then point by point."""

from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions import reviewing
from compliance.actions.judging import Judgement
from compliance.cli.demonstration import acts
from compliance.domain.standing import AwardAct
from compliance.settings import Settings
from compliance.store.base import transaction
from compliance.store.reviews import Verdict
from tests import helpers
from tests.actions.cases import CAFE, Case, case, to_review
from tests.helpers import why

OWNER = "owner@cafe.example"
DRAFT = Judgement(Verdict.NOT_SUPPORTED, reason="not_in_force", note="The copy has no signature.")
PARTLY = Judgement(Verdict.ADJUST, adjusted="partial", evidence_accepted=True, reason="not_complete", note="No plan.")


def judged(judgements: Mapping[str, Judgement], *, refuse: bool = False) -> Callable[[Case], None]:
    """Leads a case to its decision, with these answers ruled otherwise than confirmed."""

    def act(one: Case) -> None:
        to_review(one)
        acts.rule(one.hands, one.assessment_id, 0)
        with transaction() as session:
            for question, judgement in judgements.items():
                reviewing.rule(session, one.hands.reviewer, one.assessment_id, question, judgement)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0, refuse=refuse)

    return act


@pytest.fixture
def browse(app: Flask, client: FlaskClient, settings: Settings, moment: datetime) -> Callable[..., str]:
    """The page of the decision on a café whose answers were judged so."""

    def read(judgements: Mapping[str, Judgement], *then: Callable[[Case], object], refuse: bool = False) -> str:
        with app.app_context():
            one = case(settings, judged(judgements, refuse=refuse), *then)
        helpers.sign_in(client, OWNER)
        page = client.get(f"/en/company/assessment/{one.assessment_id}/decision")
        assert page.status_code == 200
        return page.text

    return read


def test_a_higher_level_than_claimed_is_said_and_what_comes_next_has_its_day(browse: Callable[..., str]) -> None:
    page = browse({})
    assert "The level is higher than you claimed." in page
    assert "Claimed: Silver level, 100 points. Verified: 100 points." in page
    assert "Every answer stands as you gave it." in page
    assert '<details class="cp-decided" open' not in page
    for day in ("2027-11-23", "2028-05-26", "2028-11-22"):
        assert f'datetime="{day}"' in page, "check-in, renewal, last day"
    assert "One café" in page


def test_a_lower_level_says_what_the_claimed_one_lacks_and_opens_what_changed(browse: Callable[..., str]) -> None:
    page = browse({"gov_conduct": DRAFT, "gov_risk_assessment": DRAFT, "csam_terms": PARTLY})
    assert "The level is lower than you claimed." in page
    assert "Bronze award" in page
    assert "What Silver level lacks" in page
    assert "3 answers came out otherwise than you claimed." in page
    assert page.count("The copy has no signature.") == 2
    assert "<s>Yes, fully</s>" in page
    assert page.count('<details class="cp-decided" open') == 2
    short, points = page.index("In short"), page.index('id="points"')
    assert short < page.index("What to do next") < points < page.index("The copy has no signature.")


def test_a_refusal_for_an_essential_names_it_and_promises_no_certificate(browse: Callable[..., str]) -> None:
    page = browse({"gov_policy": DRAFT}, refuse=True)
    assert "No award was given." in page
    assert "What decided it" in page
    assert "Child protection policy" in page.partition("What decided it")[2].partition("</ul>")[0]
    assert "Some essential points are not met yet." in page
    assert "/certificates/" not in page
    assert "By the points and conditions alone" not in page


def test_a_refusal_against_the_points_says_that_the_reason_decided(browse: Callable[..., str]) -> None:
    page = browse({}, refuse=True)
    assert "By the points and conditions alone it would be Gold level" in page
    assert "What decided it" not in page
    assert "Every answer stands as you gave it." in page


def test_a_suspended_award_is_not_told_as_in_force(browse: Callable[..., str]) -> None:
    page = browse(
        {},
        lambda one: acts.act_on_award(
            one.hands, one.company_id, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "A finding."), 0
        ),
    )
    assert "The award is granted" in page
    assert "Suspended" in page
    assert "What holds for this award today stands on the company" in page
    assert "/certificates/" not in page
    assert "Renewal opens" not in page
