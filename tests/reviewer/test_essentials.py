"""The page where a reviewer decides on an essential point left to discretion, and where the decision is read."""

from datetime import datetime

from flask import Flask

from compliance.actions import reviewing
from compliance.cli.demonstration import acts
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import Person
from tests import helpers
from tests.actions.cases import CAFE, case, reload
from tests.actions.test_excusing import partly

REASON = "The board meets on <12> December."


def test_the_decision_is_taken_on_its_page_and_read_by_all_who_follow(
    app: Flask, settings: Settings, moment: datetime
) -> None:
    with app.app_context():
        one = case(settings, partly)
        email = db.session.get_one(Person, one.hands.reviewer.user_id).email
        approver = db.session.get_one(Person, one.hands.approver.user_id).email
    client = app.test_client()
    helpers.sign_in(client, email)
    overview = client.get(f"/en/review/{one.assessment_id}").text
    page = f"/en/review/{one.assessment_id}/essential/gov_policy"
    assert page in overview
    assert "To be decided" in overview
    assert page in client.get(f"/en/review/{one.assessment_id}/recommend").text
    form = client.get(page).text
    assert "Partly" in form, "what the evidence does support stands beside the claim"
    assert "choose at least 1." in form
    assert "ឆន្ទានុសិទ្ធិ" in client.get(page.replace("/en/", "/km/")).text
    asked = helpers.post(client, page, {"passes": "yes", "reason": REASON}, page)
    assert asked.status_code == 422
    assert "Choose at least 1 of the mitigating factors." in asked.text
    assert "The board meets on &lt;12&gt; December." in asked.text
    assert helpers.post(client, page, {"passes": "maybe", "factors": "x", "reason": ""}, page).status_code == 422
    filled = {"passes": "yes", "factors": "very_small", "reason": REASON}
    assert helpers.post(client, page, filled, page).status_code == 302
    assert "Excused" in client.get(f"/en/review/{one.assessment_id}").text
    assert client.get(page.replace("gov_policy", "gov_pledge")).status_code == 404
    with app.app_context():
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        with transaction() as session:
            reviewing.declare(session, reload(one.hands.approver), one.assessment_id, has_tie=False)
    assert client.get(page).status_code == 404, "nobody decides on it once it is recommended"
    decider = app.test_client()
    helpers.sign_in(decider, approver)
    shown = decider.get(f"/en/decide/{one.assessment_id}").text
    for words in ("Excused at discretion", "The company has fewer than 10 workers", "on &lt;12&gt; December"):
        assert words in shown
    with app.app_context():
        acts.decide(one.hands, one.assessment_id, 0)
    owner = app.test_client()
    helpers.sign_in(owner, "owner@cafe.example")
    told = owner.get(f"/en/company/assessment/{one.assessment_id}/decision").text
    assert "was excused by the Ministry" in told
    assert "the Ministry excused it: The company has fewer than 10 workers" in told
