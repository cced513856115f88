"""Whoever is tied to a company is told why, wherever the company stands in a list, and finds no way in."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions import changing, proposing, reviewing
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.domain.standing import AwardAct
from compliance.settings import Settings
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.companies import Company
from compliance.store.people import Person
from tests import helpers
from tests.actions.cases import CAFE, Case, case
from tests.actions.tying import address
from tests.helpers import why

MAIL = "people, so somebody else decides."


@pytest.fixture
def one(app: Flask, settings: Settings, moment: datetime) -> Case:
    """A café whose assessment waits; reviewer and second approver have its mail domain."""
    with app.app_context():
        made = case(settings)
        acts.submit(made.hands, made.assessment_id, 0)
        return made


def tie(app: Flask, *who: int | None) -> list[FlaskClient]:
    """Browsers of people who got an address of the café's."""
    with app.app_context(), transaction() as session:
        people = [session.get_one(Person, number) for number in who]
        for person in people:
            address(session, person.actor(), "cafe.example")
        emails = [person.email for person in people]
    clients = [app.test_client() for _email in emails]
    for client, email in zip(clients, emails, strict=True):
        helpers.sign_in(client, email)
    return clients


def test_in_the_queue_and_on_its_pages(app: Flask, one: Case) -> None:
    [client] = tie(app, one.hands.reviewer.user_id)
    queue, page = client.get("/en/review/").text, f"/en/review/{one.assessment_id}"
    assert MAIL in queue
    assert "for somebody else" in queue
    assert page not in queue
    for rest in ("", "/declare", "/ask", "/recommend", "/answer/gov_policy"):
        answer = client.get(page + rest)
        assert answer.status_code == 403, rest
        assert MAIL in answer.text


def test_a_case_in_the_hands_of_the_tied_is_handed_back(app: Flask, one: Case) -> None:
    with app.app_context():
        acts.claim(one.hands, one.assessment_id, 0)
        version = one.assessment.version
    [client] = tie(app, one.hands.reviewer.user_id)
    queue = client.get("/en/review/")
    assert MAIL in queue.text
    form = {"csrf_token": helpers.token(queue), "version": str(version)}
    assert client.post(f"/en/review/{one.assessment_id}/release", data=form).status_code == 302
    with app.app_context():
        assert one.assessment.state is State.SUBMITTED


def test_before_decisions_changes_and_acts_on_awards(app: Flask, one: Case) -> None:
    hands, number = one.hands, one.assessment_id
    with app.app_context():
        acts.claim(hands, number, 0)
        acts.rule(hands, number, 0)
        acts.recommend(CAFE, hands, number, 0)
    [client] = tie(app, hands.second.user_id)
    queue = client.get("/en/decide/").text
    assert MAIL in queue
    assert f"/en/decide/{number}" not in queue
    for rest in ("", "/declare"):
        assert MAIL in client.get(f"/en/decide/{number}{rest}").text
    with app.app_context():
        acts.decide(hands, number, 0)
        with transaction() as session:
            award = awards_of(session, one.company_id)[0].id
            proposing.propose(session, hands.reviewer, award, AwardAct.SUSPENDED, why(AwardAct.SUSPENDED, "late"))
            changing.ask(session, hands.owner, session.get_one(Company, one.company_id), {"name_latin": "Other Café"})
    for page in ("/en/decide/awards", f"/en/decide/awards/{award}"):
        text = client.get(page).text
        assert MAIL in text, page
        assert "/confirm" not in text
    [reviewer] = tie(app, hands.reviewer.user_id)
    changes = reviewer.get("/en/review/changes").text
    assert MAIL in changes
    assert "/en/review/changes/1" not in changes
    assert MAIL in reviewer.get("/en/review/changes/1").text


def test_a_tie_that_is_known_cannot_be_declared_away(app: Flask, one: Case) -> None:
    [client] = tie(app, one.hands.reviewer.user_id)
    form = {"csrf_token": helpers.token(client.get("/en/account/")), "tie": "no", "version": "1", "what": ""}
    assert client.post(f"/en/review/{one.assessment_id}/declare", data=form).status_code == 403
    with app.app_context():
        assert reviewing.declaration_of(db.session(), one.assessment_id, one.hands.reviewer.user_id or 0) is None
