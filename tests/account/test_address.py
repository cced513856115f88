"""Another e-mail address: with the password, by a link that goes to the new address and works once."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance import clock
from compliance.actions import addresses
from compliance.journeys.account.address import opened
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import person_by_email
from tests.helpers import PASSWORD, person, post, set_up_authenticator, sign_in, token

OLD, NEW, OTHER = "dara@company.example", "dara@new.example", "other@company.example"
PAGE, HOME = "/en/account/address", "/en/account/"


@pytest.fixture
def dara(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person(OLD)
        person(OTHER)
    sign_in(client, OLD)
    return client


def ask(client: FlaskClient, email: str = NEW, password: str = PASSWORD) -> TestResponse:
    return post(client, PAGE, {"email": email, "password": password})


def notices(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(one.kind, one.email) for one in db.session.scalars(sa.select(Notice).order_by(Notice.id))]


def link(app: Flask) -> str:
    with app.app_context():
        query = sa.select(Notice).where(Notice.kind == "account_address_confirm").order_by(Notice.id.desc())
        found = db.session.scalars(query).first()
        assert found is not None
        return str(found.values["link"]).removeprefix("http://localhost")


def known(app: Flask, email: str) -> bool:
    with app.app_context():
        return person_by_email(db.session(), email) is not None


@pytest.mark.both_databases
def test_the_address_changes_when_the_new_one_has_answered(app: Flask, dara: FlaskClient) -> None:
    other = app.test_client()
    sign_in(other, OLD)
    assert ask(dara, f" {NEW.upper()} ").status_code == 302
    assert notices(app) == [("account_address_confirm", NEW), ("account_address_asked", OLD)]
    assert known(app, OLD), "asking alone changes nothing"
    page = dara.get(link(app))
    assert NEW in page.text
    assert known(app, OLD), "opening the link alone changes nothing"
    assert post(dara, link(app)).headers["Location"] == HOME
    assert (known(app, OLD), known(app, NEW)) == (False, True)
    assert notices(app)[-1] == ("account_address_changed", OLD)
    assert (dara.get(HOME).status_code, other.get(HOME).status_code) == (200, 302)
    assert dara.get(link(app)).status_code == 410, "the link works once"
    again = app.test_client()
    assert sign_in(again, NEW).status_code == 302
    refused = post(app.test_client(), "/en/account/sign-in", {"email": OLD, "password": PASSWORD})
    assert refused.status_code == 200
    with app.app_context():
        tags = set(db.session.scalars(sa.select(AuditEntry.tag)))
        everything = "".join(db.session.scalars(sa.select(AuditEntry.content)))
    assert {"account:address:asked", "account:address:changed"} <= tags
    assert "@" not in everything


def test_the_password_is_asked_and_own_address_refused(app: Flask, dara: FlaskClient) -> None:
    assert "This is not your password." in ask(dara, password="wrong wrong wrong wrong").text
    assert "This is your address already." in ask(dara, OLD).text
    for wrong in ("", "no address", "a@b", f"{'x' * 250}@new.example"):
        answer = ask(dara, wrong)
        assert answer.status_code == 200
        assert 'id="email-error"' in answer.text
    assert notices(app) == []


def told(page: str, email: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", page).replace(email, "")


def test_a_taken_address_answers_alike_and_gets_no_mail(app: Flask, dara: FlaskClient) -> None:
    pages = []
    for email in (NEW, OTHER):
        answer = ask(dara, email)
        pages.append((answer.status_code, answer.headers["Location"], told(dara.get(HOME).text, email)))
    assert pages[0] == pages[1]
    assert [email for _kind, email in notices(app)] == [NEW, OLD, OLD]


@pytest.mark.both_databases
def test_a_link_ends_with_time_with_the_password_and_when_the_address_is_taken(
    app: Flask, dara: FlaskClient, moment: datetime
) -> None:
    ask(dara)
    first = link(app)
    with clock.held(moment + addresses.WITHIN - timedelta(hours=13)):
        assert dara.get(first).status_code == 200
    with app.test_request_context():
        wish = opened(first.rsplit("/", 1)[1])
    assert wish.until == moment + addresses.WITHIN
    later = app.test_client()
    with clock.held(moment + addresses.WITHIN):
        sign_in(later, OLD)
        assert later.get(first).status_code == 410
    with app.app_context():
        taken = person(NEW)
    assert dara.get(first).status_code == 410
    with app.app_context(), transaction() as session:
        session.delete(session.merge(taken))
    assert dara.get(first).status_code == 200
    new = "another long pass phrase"
    data = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert post(dara, "/en/account/password", data).status_code == 302
    assert dara.get(first).status_code == 410


def test_only_the_person_who_asked_can_confirm(app: Flask, dara: FlaskClient) -> None:
    ask(dara)
    stranger = app.test_client()
    assert "/sign-in?next=" in stranger.get(link(app)).headers["Location"]
    sign_in(stranger, OTHER)
    assert stranger.get(link(app)).status_code == 410
    own = {"csrf_token": token(stranger.get(HOME)), "submit": "1"}
    assert stranger.post(link(app), data=own).status_code == 410
    for broken in ("x", link(app).rsplit("/", 1)[1][:-2] + "xx", "WzFd.AAAA"):
        assert dara.get(f"{PAGE}/confirm/{broken}").status_code == 410
    assert known(app, OLD)


def test_whoever_has_a_second_factor_signed_in_with_it_lately(app: Flask, dara: FlaskClient) -> None:
    set_up_authenticator(dara, "/en/account/second-factor/set-up")
    assert dara.get(PAGE).headers["Location"] == HOME, "it was set up, not used to sign in"
    client = app.test_client()
    sign_in(client, OLD)
    assert client.get(PAGE).status_code == 200
    with client.session_transaction() as carried:
        carried["fs_paa"] -= 16 * 60
        carried.pop("fs_gexp")
    assert "/account/again" in client.get(PAGE).headers["Location"], "signed in too long ago: the password once more"


def test_asking_is_throttled(app: Flask, dara: FlaskClient) -> None:
    answers = [ask(dara, f"n{turn}@new.example").status_code for turn in range(6)]
    assert answers == [302] * 5 + [429]
    assert len(notices(app)) == 10


def test_guessing_the_password_here_is_throttled(dara: FlaskClient) -> None:
    answers = [ask(dara, password=f"guess number {turn} of many").status_code for turn in range(11)]
    assert answers == [200] * 10 + [429]
