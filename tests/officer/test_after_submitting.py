"""What the company sees and may do once the ministry has its assessment."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.cli.demonstration import acts
from compliance.domain.lifecycle import State
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.assessments import latest_submission
from compliance.store.awards import awards_of
from compliance.store.base import db
from tests import helpers
from tests.actions.cases import Case, case, to_award, to_recommended, to_review
from tests.officer.conftest import send
from tests.officer.test_replying import SIGNED

OWNER = "owner@cafe.example"


@pytest.fixture
def led(app: Flask, client: FlaskClient, settings: Settings, moment: datetime) -> Callable[..., Case]:
    """Leads a café's assessment as far as wanted and signs its owner in."""

    def lead(*acts_: Callable[[Case], object]) -> Case:
        with app.app_context():
            one = case(settings, *acts_)
        helpers.sign_in(client, OWNER)
        return one

    return lead


def path(one: Case, rest: str = "") -> str:
    return f"/en/company/assessment/{one.assessment_id}{rest}"


def submit(one: Case) -> None:
    acts.submit(one.hands, one.assessment_id, 0)


def ask(one: Case) -> None:
    to_review(one)
    acts.ask(one.hands, one.assessment_id, 0)


def refuse(one: Case) -> None:
    to_recommended(one)
    acts.decide(one.hands, one.assessment_id, 0, refuse=True)


def test_a_second_click_on_submit_shows_the_receipt(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led()
    page = client.get(path(one, "/submit"))
    assert page.status_code == 200
    signed = {"name": "Sok Dara", "position": "Owner", "agreed": "y"}
    hidden = {name: _hidden(page.text, name) for name in ("csrf_token", "version", "seen")}
    first = client.post(path(one, "/submit"), data={**hidden, **signed})
    second = client.post(path(one, "/submit"), data={**hidden, **signed})
    assert first.headers["Location"] == second.headers["Location"] == path(one, "/receipt")
    receipt = client.get(path(one, "/receipt")).text
    with client.application.app_context():
        submission = latest_submission(db.session(), one.assessment_id)
    assert submission.digest in receipt
    assert submission.round == 1


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"name": "", "position": "Owner", "agreed": "y"}, "Enter the name"),
        ({"name": "Sok Dara", "position": " ", "agreed": "y"}, "Enter the position"),
        ({"name": "Sok Dara", "position": "Owner"}, "Tick the box"),
        ({"name": "x" * 121, "position": "Owner", "agreed": "y"}, "120"),
    ],
)
def test_an_attestation_must_be_whole(
    led: Callable[..., Case], client: FlaskClient, data: dict[str, str], error: str
) -> None:
    one = led()
    page = client.get(path(one, "/submit"))
    hidden = {name: _hidden(page.text, name) for name in ("csrf_token", "version", "seen")}
    reply = client.post(path(one, "/submit"), data={**hidden, **data})
    assert reply.status_code == 422
    assert error in reply.text.partition("govuk-error-summary")[2], "told on top and beside its field"
    assert data["name"] in reply.text


def test_nobody_attests_what_changed_under_their_eyes(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led()
    page = client.get(path(one, "/submit"))
    send(client, path(one, "/question/csam_terms"), csam_terms="no", act="stay")
    hidden = {name: _hidden(page.text, name) for name in ("csrf_token", "version", "seen")}
    signed = {"name": "Sok Dara", "position": "Owner", "agreed": "y"}
    assert client.post(path(one, "/submit"), data={**hidden, **signed}).status_code == 409
    with client.application.app_context():
        assert one.assessment.state is State.DRAFT


def test_after_submitting_answers_are_closed(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(submit)
    page = client.get(path(one, "/question/csam_terms"))
    assert "The answers are closed" in page.text
    assert '<form id="answer"' not in page.text
    token = helpers.token(client.get(path(one, "/withdraw")))
    late = client.post(
        path(one, "/question/csam_terms"), data={"csrf_token": token, "version": "1", "csam_terms": "no"}
    )
    assert late.status_code == 409
    for rest in ("", "/score", "/check", "/plan", "/receipt", "/section/csam"):
        assert client.get(path(one, rest)).status_code == 200, rest


def test_withdrawing_asks_once_and_twice_is_harmless(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(submit)
    page = client.get(path(one, "/withdraw"))
    data = {name: _hidden(page.text, name) for name in ("csrf_token", "version")}
    for _click in range(2):
        assert client.post(path(one, "/withdraw"), data=data).status_code == 302
    with client.application.app_context():
        assert one.assessment.state is State.WITHDRAWN


@pytest.mark.both_databases
def test_a_clarification_reopens_the_questioned_answers_only(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(ask)
    page = client.get(path(one, "/clarification"))
    assert "Reply by" in page.text
    assert "Your reply is awaited" in client.get(path(one)).text
    assert '<form id="answer"' in client.get(path(one, "/question/csam_procedure")).text
    assert "Only the answers that the reviewer asks about" in client.get(path(one, "/question/csam_terms")).text
    empty = send(client, path(one, "/clarification"), reply="  ")
    assert empty.status_code == 422
    assert "Write a reply" in empty.text
    page = client.get(path(one, "/clarification"))
    seen = {name: _hidden(page.text, name) for name in ("csrf_token", "version", "seen", "draft_seen")}
    data = {**seen, "reply": "Approved in May.", **SIGNED}
    for _click in range(2):
        assert client.post(path(one, "/clarification"), data=data).status_code == 302
    assert "Approved in May." in client.get(path(one, "/clarification")).text
    with client.application.app_context():
        assert one.assessment.state is State.IN_REVIEW
        assert latest_submission(db.session(), one.assessment_id).round == 2


def test_the_decision_gives_reasons_point_by_point(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(to_award)
    page = client.get(path(one, "/decision")).text
    assert "The award is granted" in page
    assert "Procedure for abuse material" in page
    assert "The certificate is being made" in page
    company = client.get(f"/en/company/{one.company_id}").text
    assert "The certificate is being made" in company
    assert "The award holds until" in company


def test_a_refusal_says_why_and_until_when_it_can_be_contested(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(refuse)
    page = client.get(path(one, "/decision")).text
    assert "Some essential points are not met yet." in page
    assert "Until 23 December 2026, that day included" in page
    assert "Write an appeal" in client.get(f"/en/company/{one.company_id}").text


def test_there_is_no_decision_before_there_is_one(led: Callable[..., Case], client: FlaskClient) -> None:
    one = led(to_recommended)
    assert client.get(path(one, "/decision")).status_code == 404


@pytest.mark.both_databases
def test_a_renewal_carries_answers_over_and_each_is_confirmed(led: Callable[..., Case], app: Flask) -> None:
    one = led(to_award)
    with app.app_context():
        ends = awards_of(db.session(), one.company_id)[0].ends
    client, company = app.test_client(), f"/en/company/{one.company_id}"
    with clock.held(datetime.combine(ends, time(3), UTC) - timedelta(days=30)):
        helpers.sign_in(client, OWNER)
        assert "Begin the renewal" in client.get(company).text
        renewal = helpers.post(client, f"{company}/start", form=company).headers["Location"]
        number = int(renewal.rsplit("/", 1)[1])
        assert "given before this assessment began" in client.get(f"{renewal}/question/csam_terms").text
        assert client.get(f"{renewal}/submit").headers["Location"].endswith("/check")
        assert "earlier answers are to be confirmed" in client.get(f"{renewal}/check").text
        with app.app_context():
            rows = answer_rows(db.session(), number)
        assert all(row.carried_over for row in rows.values())
        send(client, f"{renewal}/question/csam_terms", csam_terms=str(rows["csam_terms"].value), act="stay")
        with app.app_context():
            assert not answer_rows(db.session(), number)["csam_terms"].carried_over
