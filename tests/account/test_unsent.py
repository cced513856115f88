"""What was typed is not lost when the session had ended: it comes back to whoever wrote it, and to nobody else."""

import re
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import renewing
from compliance.domain.roles import Role
from compliance.jobs.sweep import sweep
from compliance.settings import Settings
from compliance.store.answers import answer_rows
from compliance.store.base import db, transaction
from compliance.store.people import LiveSession
from compliance.store.unsent import MOST_OF_A_PERSON, UnsentPost
from tests.helpers import PASSWORD, company, person, post, reload, sign_in, token

OWNER, OTHER = "owner@company.example", "other@company.example"
TEXT = "We wrote this policy together with the parents of our street."
OURS = {"Origin": "http://localhost"}
QUESTION = "csam_terms"


@pytest.fixture
def draft(app: Flask) -> str:
    """The address of a question in the draft of OWNER's company."""
    with app.app_context():
        owner = person(OWNER)
        company_id = company(owner).id
        person(OTHER)
        with transaction() as session:
            number = renewing.start(session, reload(owner).actor(), company_id).id
    return f"/en/company/assessment/{number}/question/{QUESTION}"


def end_sessions(app: Flask) -> None:
    """As signing out on another device does."""
    with app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))


def written(client: FlaskClient, address: str) -> dict[str, str]:
    """The form as an officer fills it in."""
    return {
        "csrf_token": token(client.get(address)),
        "version": "0",
        QUESTION: "yes",
        f"{QUESTION}__comment": TEXT,
        "act": "stay",
    }


def send_again(client: FlaskClient, page: TestResponse) -> TestResponse:
    """Presses the button on the page that brings the words back."""
    form = re.search(
        r'<form method="post" action="(/en/company[^"]+|/en/reviewer[^"]+)">(.*?)</form>', page.text, re.DOTALL
    )
    assert form, page.text
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form.group(2))
    return client.post(unescape(form.group(1)), data={unescape(name): unescape(value) for name, value in hidden})


def stored(app: Flask, address: str) -> str:
    with app.app_context():
        rows = answer_rows(db.session(), int(address.split("/")[4]))
        return rows[QUESTION].comment if QUESTION in rows else ""


def follow_sign_in(client: FlaskClient, answer: TestResponse, email: str) -> TestResponse:
    """Signs in where the answer leads; the page after that."""
    assert answer.status_code == 303
    where = answer.headers["Location"]
    page = client.get(where)
    assert "What you wrote is kept" in page.text
    action = re.search(r'<form method="post" action="([^"]+sign-in[^"]*)"', page.text)
    assert action
    signed = client.post(
        unescape(action.group(1)), data={"csrf_token": token(page), "email": email, "password": PASSWORD}
    )
    assert signed.status_code == 302
    return client.get(signed.headers["Location"], follow_redirects=True)


@pytest.mark.both_databases
def test_after_signing_in_it_is_there_and_one_press_sends_it(app: Flask, client: FlaskClient, draft: str) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    back = follow_sign_in(client, client.post(draft, data=form, headers=OURS), OWNER)
    assert TEXT in back.text
    assert stored(app, draft) == ""
    assert send_again(client, back).status_code == 302
    assert stored(app, draft) == TEXT
    assert "/account/unsent" not in client.get("/en/account/start").headers["Location"], "shown once, not for ever"


def test_without_the_cookie_too(app: Flask, client: FlaskClient, draft: str) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    client.delete_cookie("session")
    back = follow_sign_in(client, client.post(draft, data=form, headers=OURS), OWNER)
    assert send_again(client, back).status_code == 302
    assert stored(app, draft) == TEXT


def test_a_form_of_an_earlier_session_goes_on_at_once(app: Flask, client: FlaskClient, draft: str) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    sign_in(client, OWNER)  # in another tab
    page = client.post(draft, data=form, headers=OURS)
    assert page.status_code == 400
    assert TEXT in page.text
    assert send_again(client, page).status_code == 302
    assert stored(app, draft) == TEXT


def test_somebody_else_in_this_browser_gets_nothing(app: Flask, client: FlaskClient, draft: str) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    page = follow_sign_in(client, client.post(draft, data=form, headers=OURS), OTHER)
    assert TEXT not in page.text
    assert TEXT not in client.get("/en/account/unsent", follow_redirects=True).text
    late = client.post(draft, data=form, headers=OURS)
    assert late.status_code == 400
    assert "Send it now" not in late.text
    assert f'action="{draft}"' not in late.text


def test_another_browser_gets_nothing(app: Flask, client: FlaskClient, draft: str) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    assert client.post(draft, data=form, headers=OURS).status_code == 303
    elsewhere = app.test_client()
    sign_in(elsewhere, OWNER)
    assert TEXT not in elsewhere.get("/en/account/unsent", follow_redirects=True).text


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_form_of_another_site_is_not_offered(
    app: Flask, client: FlaskClient, draft: str, headers: dict[str, str]
) -> None:
    sign_in(client, OWNER)
    form = written(client, draft) | {"csrf_token": "forged"}
    answer = client.post(draft, data=form, headers=headers)
    assert answer.status_code == 400
    assert TEXT not in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UnsentPost)) == 0


def test_strangers_keep_nothing_here(app: Flask, draft: str) -> None:
    """Whoever never had a form of ours open in an account costs no room; a person of ours the newest few."""
    stranger = app.test_client()
    answer = stranger.post(draft, data={"comment": TEXT, "csrf_token": "none"}, headers=OURS)
    assert answer.status_code in {400, 401}
    client = app.test_client()
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    for number in range(2 * MOST_OF_A_PERSON):
        client.post(draft, data=form | {f"{QUESTION}__comment": f"{TEXT} {number}"}, headers=OURS)
    client.post(draft, data=form | {f"{QUESTION}__comment": "x" * 300_000}, headers=OURS)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UnsentPost)) == MOST_OF_A_PERSON


def test_passwords_and_the_contacts_of_the_police_are_never_kept(app: Flask, client: FlaskClient, draft: str) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    contact = client.post(draft.replace(QUESTION, "lea_contact"), data=form, headers=OURS)
    assert contact.status_code == 401
    assert TEXT in contact.text, "but the words are given back"
    for address in ("/en/account/second-factor/off", "/en/account/password", "/en/account/address"):
        client.post(address, data=form | {"password": PASSWORD, "new_password": PASSWORD}, headers=OURS)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UnsentPost)) == 0


def test_it_is_kept_for_an_hour(app: Flask, client: FlaskClient, draft: str, settings: Settings) -> None:
    sign_in(client, OWNER)
    form = written(client, draft)
    end_sessions(app)
    back = follow_sign_in(client, client.post(draft, data=form, headers=OURS), OWNER)
    assert TEXT in back.text
    with clock.held(clock.now() + timedelta(minutes=61)):
        assert TEXT not in client.get("/en/account/unsent", follow_redirects=True).text
        with app.app_context():
            sweep(settings)
            assert db.session.scalar(sa.select(sa.func.count()).select_from(UnsentPost)) == 0


def test_a_reviewer_comes_back_through_the_second_factor(app: Flask, client: FlaskClient, draft: str) -> None:
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    sign_in(client, "r@ministry.example")
    post(client, "/en/account/second-factor/recovery-codes", {"generate_new_codes": "1"})
    csrf = token(client.get("/en/account/"))
    end_sessions(app)
    fields = {"csrf_token": csrf, "note": TEXT}
    answer = client.post(f"/en/review/{draft.split('/')[4]}/declare", data=fields, headers=OURS)
    assert answer.status_code == 303
    last = sign_in(client, "r@ministry.example")
    page = client.get(last.headers["Location"], follow_redirects=True)
    assert TEXT in page.text
