"""One account however its address is typed: to sign in, to guess, to reset, to register, to be invited, to move to."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions.addresses import wish_for
from compliance.actions.invitations import invite_colleague
from compliance.domain.errors import InvalidError
from compliance.domain.roles import CompanyRole
from compliance.store.base import db, transaction
from compliance.store.outbox import Notice
from compliance.store.people import Person
from tests.helpers import PASSWORD, company, person, post, reload, sign_in, token

KNOWN = "known@company.example"
TYPED = [
    "ｋｎｏｗｎ@company.example",
    "known@ｃompany.example",
    "known＠company.example",
    "known@company。example",
    "Known@COMPANY.example.",
    "\ufeffknown@company.exampl\u2147",
    "known@com\u00adpany.example",
]


@pytest.mark.parametrize("typed", TYPED)
def test_signing_in(app: Flask, client: FlaskClient, typed: str) -> None:
    with app.app_context():
        person(KNOWN)
    sign_in(client, typed)
    assert "Known" in client.get("/en/account/").text


@pytest.mark.both_databases
@pytest.mark.parametrize("where", ["sign-in", "reset", "confirm"])
def test_tries_are_counted_together(app: Flask, where: str) -> None:
    with app.app_context():
        person(KNOWN)
    statuses = []
    for number in range(11):
        data = {"email": TYPED[number % len(TYPED)], "password": "wrong wrong wrong wrong"}
        statuses.append(post(app.test_client(), f"/en/account/{where}", data).status_code)
    assert 429 not in statuses[:10]
    assert statuses[10] == 429


def test_no_body_but_a_forms_is_read(app: Flask, client: FlaskClient) -> None:
    """What is sent as JSON would be tried without being counted."""
    with app.app_context():
        person(KNOWN)
    csrf = token(client.get("/en/account/sign-in"))
    data = {"email": KNOWN, "password": PASSWORD, "csrf_token": csrf}
    assert client.post("/en/account/sign-in", json=data, headers={"X-CSRFToken": csrf}).status_code == 415


@pytest.mark.parametrize("typed", TYPED)
def test_a_second_account_cannot_be_made(app: Flask, client: FlaskClient, typed: str) -> None:
    with app.app_context():
        person(KNOWN)
    new = {"full_name": "Dara", "password": PASSWORD, "password_confirm": PASSWORD, "language": "en"}
    assert post(client, "/en/account/register", {"email": typed, **new}).status_code == 302
    with app.app_context():
        assert db.session.scalars(sa.select(Person.email)).all() == [KNOWN]
        assert db.session.scalars(sa.select(Notice.kind)).all() == ["account_exists"]


def test_what_is_kept_is_what_mail_can_be_sent_to(app: Flask, client: FlaskClient) -> None:
    new = {"full_name": "Dara", "password": PASSWORD, "password_confirm": PASSWORD, "language": "en"}
    assert post(client, "/en/account/register", {"email": "dara@ក្រុម.example", **new}).status_code == 302
    with app.app_context():
        kept = db.session.scalars(sa.select(Person.email)).one()
    assert kept.isascii()
    assert kept.startswith("dara@xn--")


def test_nobody_is_invited_or_moves_to_an_address_that_is_taken(in_app: Flask) -> None:
    owner = person(KNOWN)
    made = company(owner)
    actor = reload(owner).actor()
    for typed in TYPED:
        assert wish_for(owner, typed).email == KNOWN
        with pytest.raises(InvalidError), transaction() as session:
            invite_colleague(session, actor, made.id, typed, CompanyRole.OWNER, "en", lambda token, _lang: token)
