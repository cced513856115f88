"""A company's home says what comes next and by when, and holds award, letters and people in one place."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.cli.demonstration import acts
from compliance.jobs.issue import issue
from compliance.settings import Settings
from compliance.store.base import db
from compliance.store.reviews import open_clarification
from tests.actions.cases import CAFE, Case, case, to_review
from tests.helpers import sign_in
from tests.keys import lay_keys


@pytest.fixture
def one(app: Flask, settings: Settings, moment: datetime) -> Case:
    with app.app_context():
        return case(settings)


def home(client: FlaskClient, one: Case, lang: str = "en") -> str:
    answer = client.get(f"/{lang}/company/{one.company_id}")
    assert answer.status_code == 200
    return str(answer.text)


def test_each_state_says_its_next_step(app: Flask, client: FlaskClient, one: Case) -> None:
    sign_in(client, "owner@cafe.example")
    assert "Continue" in home(client, one)
    with app.app_context():
        to_review(one)
    assert "The review should be done by" in home(client, one)
    with app.app_context():
        acts.rule(one.hands, one.assessment_id, 0)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0)
    page = home(client, one)
    assert "Nothing is due now" in page
    assert "The certificate is being made" in page
    life = page[page.index("Award begins") :]
    assert life.index("Today") < life.index("Renewal opens") < life.index("Last day of the award")


def test_a_reply_comes_first_with_its_days(app: Flask, client: FlaskClient, one: Case) -> None:
    sign_in(client, "owner@cafe.example")
    with app.app_context():
        to_review(one)
        acts.ask(one.hands, one.assessment_id, 0)
        asked = open_clarification(db.session(), one.assessment_id)
        assert asked is not None
        due, lapses = asked.due_on, asked.lapses_on
    page = home(client, one)
    assert "Reply to the Ministry&#39;s questions" in page
    assert "within 15 working days" in page
    assert f"Please reply by {due.day} " in page
    assert "ក្នុងរយៈពេល ១៥ ថ្ងៃធ្វើការ" in home(client, one, "km")
    days = (due - clock.today()).days
    with clock.held(clock.now() + timedelta(days=days)):
        sign_in(client, "owner@cafe.example")
        assert "due today" in home(client, one)
    with clock.held(clock.now() + timedelta(days=days + 1)):
        sign_in(client, "owner@cafe.example")
        page = home(client, one)
        assert f"You can still reply until {lapses.day} " in page
        assert "working day late" in page or "working days late" in page


def test_what_can_be_taken_is_there_once_it_is_made(
    app: Flask, client: FlaskClient, settings: Settings, one: Case
) -> None:
    lay_keys(settings.keys_dir)
    with app.app_context():
        to_review(one)
        acts.rule(one.hands, one.assessment_id, 0)
        acts.recommend(CAFE, one.hands, one.assessment_id, 0)
        acts.decide(one.hands, one.assessment_id, 0)
    with app.app_context():
        issue(settings)
    sign_in(client, "owner@cafe.example")
    page = home(client, one)
    for offered in ("/certificates/COP-KH-", "/credentials/COP-KH-", "/badge/company/test-caf", "/calendar"):
        assert offered in page
    assert "Name a second owner" in page
