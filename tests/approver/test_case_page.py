"""The approver's page: what was not simply confirmed is open, what decides the level is named, the rest is counted."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.actions import reviewing
from compliance.actions.judging import Judgement
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.decision_letters import letters_on
from compliance.store.people import Person
from compliance.store.reviews import Verdict
from tests import helpers
from tests.actions.cases import CAFE, Case, case, reload, to_review
from tests.approver.test_decision_letters import Desk
from tests.officer.test_decision import DRAFT

ROW = re.compile(r'<details class="cp-open"( open)?><summary><b>(.*?)</b>')
KHMER = Judgement(Verdict.NOT_SUPPORTED, reason="not_in_force", note="ច្បាប់ចម្លងគ្មានហត្ថលេខា។")


NEW_YEARS_NIGHT = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
"""It is 2027 in Phnom Penh."""


def recommended(one: Case) -> None:
    """Every answer confirmed, nobody visited."""
    to_review(one)
    acts.rule(one.hands, one.assessment_id, 0)
    acts.recommend(replace(CAFE, manner="middle"), one.hands, one.assessment_id, 0)


def sat_down(app: Flask, one: Case) -> Desk:
    with app.app_context():
        with transaction() as session:
            reviewing.declare(session, reload(one.hands.approver), one.assessment_id, has_tie=False)
        email = db.session.get_one(Person, one.hands.approver.user_id).email
    client = app.test_client()
    helpers.sign_in(client, email)
    return Desk(one, client)


def rows(client: FlaskClient, address: str) -> dict[str, bool]:
    """The titles of the answers that have a line of their own, and whether each is open."""
    return {title: bool(opened) for opened, title in ROW.findall(client.get(address).text)}


def test_a_claim_that_holds_is_counted_and_decided_as_claimed(app: Flask, settings: Settings, moment: datetime) -> None:
    with app.app_context():
        one = case(settings, recommended)
    desk = sat_down(app, one)
    page = desk.client.get(desk.address).text
    assert "Every answer was confirmed as it was given, with its evidence." in page
    assert not any(rows(desk.client, desk.address).values())
    assert page.count("Never write data about a child here.") == 1
    assert "Changed since" not in page
    draft = desk.form(page)
    for lang, words in (("en", "Every answer stands as you gave it."), ("km", "គ្រប់ចម្លើយនៅដដែល")):
        assert words in draft[f"letter_{lang}"]
    look = desk.client.post(desk.address, data={**draft, "letter_en": "Well <done>.", "look": "1"}).text
    assert "Well &lt;done&gt;." in look.split('id="sheet"')[1]
    with app.app_context():
        assert one.assessment.state is State.RECOMMENDED, "to look is not to decide"
    assert desk.client.post(desk.address, data={**draft, "act": "approve", "reason": ""}).status_code == 302
    owner = app.test_client()
    helpers.sign_in(owner, "owner@cafe.example")
    told = owner.get(f"/en/company/assessment/{one.assessment_id}/decision").text
    assert "The level you claimed is confirmed." in told
    assert "Every answer stands as you gave it." in told
    with app.app_context(), clock.held(clock.now() + timedelta(hours=2)):
        assert letters_on(db.session(), [one.assessment_id])[0].pdf_sha256 is None
        late = sat_down(app, one)
        assert "1 letter has no PDF after more than an hour" in late.client.get("/en/decide/queue").text


def test_what_differs_is_open_and_a_renewal_is_read_beside_its_last_cycle(
    app: Flask, settings: Settings, moment: datetime
) -> None:
    with app.app_context():
        one = case(settings, recommended)
        with clock.held(NEW_YEARS_NIGHT):
            acts.decide(one.hands, one.assessment_id, 0)
        with clock.held(moment + timedelta(days=600)):
            hands = acts.Hands(**{**vars(one.hands), "owner": reload(one.hands.owner)})
            again = Case(hands, one.company_id, acts.fill(CAFE, hands, one.company_id, 0))
            to_review(again)
            acts.rule(hands, again.assessment_id, 0)
            with transaction() as session:
                for question, judgement in (("gov_conduct", DRAFT), ("gov_risk_assessment", DRAFT),
                                            ("gov_policy_public", KHMER)):  # fmt: skip
                    reviewing.rule(session, hands.reviewer, again.assessment_id, question, judgement)
            acts.recommend(CAFE, hands, again.assessment_id, 0)
    with clock.held(moment + timedelta(days=600)):
        desk = sat_down(app, again)
        page = desk.client.get(desk.address).text
        shown = rows(desk.client, desk.address)
        opened = [title for title, is_open in shown.items() if is_open]
        assert len(opened) == 3
        assert "Rules for staff and partners" in opened
        assert "0 up, 3 down, 0 new, 0 gone" in page
        assert "Changed since 2027" in page
        assert "The copy has no signature." in page
        draft = desk.form(page)
        assert "The reviewer wrote in Khmer: “ច្បាប់ចម្លងគ្មានហត្ថលេខា។”" in draft["letter_en"]
        assert "អ្នកពិនិត្យបានសរសេរជាភាសាអង់គ្លេស៖ «The copy has no signature.»" in draft["letter_km"]
        assert "3 notes are in one language only" in page


@pytest.mark.parametrize("lang", ["km", "en"])
def test_the_decision_stands_beside_the_reading(app: Flask, settings: Settings, moment: datetime, lang: str) -> None:
    with app.app_context():
        one = case(settings, recommended)
    desk = sat_down(app, one)
    page = desk.client.get(f"/{lang}/decide/{one.assessment_id}").text
    assert page.index('id="differing"') < page.index('id="letter"') < page.index('id="decide"')
    assert 'href="#decide"' in page
    assert "checked" not in page.split('id="decide"')[1], "nothing that decides is chosen beforehand"
