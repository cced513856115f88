"""Sessions live in the store: they end at once, run out, and are the owner's to see and end."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.app import create_app
from compliance.domain.roles import Role
from compliance.journeys.account import sessions
from compliance.settings import Settings
from compliance.store.base import db, transaction
from compliance.store.people import LiveSession, person_by_email
from tests.helpers import PASSWORD, code_now, person, post, sign_in, token

HOME = "/en/account/"
NEW = dict.fromkeys(("password", "password_confirm"), "another long pass phrase")


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    return found.value if found else ""


def rows(app: Flask) -> list[LiveSession]:
    with app.app_context():
        return list(db.session.scalars(sa.select(LiveSession)))


@pytest.fixture
def owner(app: Flask) -> str:
    with app.app_context():
        person("owner@company.example")
    return "owner@company.example"


def test_signing_in_makes_a_new_session(app: Flask, client: FlaskClient, owner: str) -> None:
    client.get("/en/account/sign-in")
    before = cookie(client)
    sign_in(client, owner)
    first = rows(app)[0].token_sha256
    assert cookie(client) != before
    post(client, "/en/account/sign-out", form=HOME)
    sign_in(client, owner)
    assert [row.token_sha256 for row in rows(app)] != [first]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, client: FlaskClient, owner: str) -> None:
    sign_in(client, owner)
    thief = app.test_client()
    thief.set_cookie("session", cookie(client))
    assert thief.get(HOME).status_code == 200
    post(client, "/en/account/sign-out", form=HOME)
    assert thief.get(HOME).status_code == 302
    assert rows(app) == []


def test_what_is_stored_is_not_what_is_sent(app: Flask, client: FlaskClient, owner: str) -> None:
    sign_in(client, owner)
    with client.session_transaction() as carried:
        sent = carried[sessions.TOKEN]
        assert owner not in str(dict(carried))
    assert len(sent) >= 43
    assert rows(app)[0].token_sha256 != sent


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("role", "idle", "absolute"),
    [(Role.OBSERVER, timedelta(minutes=30), timedelta(hours=12)), (None, timedelta(hours=12), timedelta(days=7))],
)
def test_sessions_run_out(
    app: Flask, client: FlaskClient, moment: datetime, role: Role | None, idle: timedelta, absolute: timedelta
) -> None:
    with app.app_context():
        person("p@example.org", *([role] if role else []))
    sign_in(client, "p@example.org")
    step = idle - timedelta(seconds=1)
    now = moment
    while now + step < moment + absolute:
        now += step
        with clock.held(now):
            assert client.get(HOME).status_code == 200
    with clock.held(moment + absolute):
        assert client.get(HOME).status_code == 302
    other = app.test_client()
    with clock.held(moment):
        sign_in(other, "p@example.org")
    with clock.held(moment + idle):
        assert other.get(HOME).status_code == 302


def test_a_read_page_writes_at_most_once_a_minute(
    app: Flask, client: FlaskClient, moment: datetime, owner: str
) -> None:
    sign_in(client, owner)
    for seconds, seen in ((30, 0), (61, 61), (90, 61), (122, 122)):
        with clock.held(moment + timedelta(seconds=seconds)):
            client.get(HOME)
        assert rows(app)[0].seen_at == moment + timedelta(seconds=seen)


@pytest.mark.both_databases
def test_browsers_are_listed_and_ended(app: Flask, client: FlaskClient, owner: str) -> None:
    other, third = app.test_client(), app.test_client()
    for browser in (client, other, third):
        sign_in(browser, owner)
    with other.session_transaction() as carried:
        others = sessions.digest(carried[sessions.TOKEN])
    assert client.get(HOME).text.count("Sign out there") == 2
    post(client, "/en/account/browsers/end", {"browser": others}, form=HOME)
    assert [browser.get(HOME).status_code for browser in (client, other, third)] == [200, 302, 200]
    post(client, "/en/account/browsers/end", form=HOME)
    assert [browser.get(HOME).status_code for browser in (client, third)] == [200, 302]


def test_nobody_ends_a_strangers_browser(app: Flask, client: FlaskClient, owner: str) -> None:
    with app.app_context():
        person("other@company.example")
    stranger = app.test_client()
    sign_in(client, owner)
    sign_in(stranger, "other@company.example")
    with client.session_transaction() as carried:
        theirs = sessions.digest(carried[sessions.TOKEN])
    post(stranger, "/en/account/browsers/end", {"browser": theirs}, form=HOME)
    assert client.get(HOME).status_code == 200


def test_a_changed_password_ends_the_other_browsers(app: Flask, client: FlaskClient, owner: str) -> None:
    other = app.test_client()
    sign_in(other, owner)
    sign_in(client, owner)
    new = "another long pass phrase"
    data = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert post(client, "/en/account/password", data).status_code == 302
    assert (client.get(HOME).status_code, other.get(HOME).status_code) == (200, 302)
    sign_in(other, owner, password=new)


def test_a_reset_ends_every_browser_and_keeps_the_second_factor(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    sign_in(client, "r@ministry.example")
    reader = app.test_client()
    post(reader, "/en/account/reset", {"email": "r@ministry.example"})
    with app.app_context():
        link = db.session.scalar(sa.text("SELECT \"values\" FROM notices WHERE kind = 'account_reset'"))
    address = str(link).split("http://localhost")[1].split('"')[0].split("'")[0]
    new = "another long pass phrase"
    answer = post(reader, address, {"password": new, "password_confirm": new})
    assert client.get(HOME).status_code == 302
    assert "second-factor/code" in answer.headers["Location"], "the mailbox alone opens no account with two factors"
    assert reader.get(HOME).status_code == 302
    code = {"code": code_now(app, "r@ministry.example")}
    assert post(reader, answer.headers["Location"], code).status_code == 302
    assert reader.get(HOME).status_code == 200
    assert app.test_client().get(address).status_code == 302, "a reset link works once"


def reset_link(app: Flask, client: FlaskClient, email: str) -> str:
    post(client, "/en/account/reset", {"email": email}, form="/en/account/reset")
    with app.app_context():
        links = db.session.scalars(sa.text("SELECT \"values\" FROM notices WHERE kind = 'account_reset' ORDER BY id"))
        return str(links.all()[-1]).split("http://localhost")[1].split('"')[0].split("'")[0]


def test_a_new_password_by_mail_signs_in_here_and_nowhere_else(app: Flask, client: FlaskClient, owner: str) -> None:
    sign_in(client, owner)
    reader = app.test_client()
    address = reset_link(app, reader, owner)
    before = cookie(reader)
    assert post(reader, address, NEW).headers["Location"] == "/en/account/start"
    assert cookie(reader) != before
    assert (reader.get(HOME).status_code, client.get(HOME).status_code) == (200, 302)
    assert len(rows(app)) == 1


def test_a_new_password_opens_no_account_that_is_switched_off(app: Flask, client: FlaskClient, owner: str) -> None:
    address = reset_link(app, client, owner)
    with app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE people SET active = false"))
    assert "sign-in" in post(client, address, NEW).headers["Location"]
    assert rows(app) == []


def test_a_new_password_in_another_s_browser_ends_their_session(app: Flask, client: FlaskClient, owner: str) -> None:
    with app.app_context():
        person("second@company.example")
    address = reset_link(app, app.test_client(), owner)
    sign_in(client, "second@company.example")
    assert post(client, address, NEW).status_code == 302
    assert owner in client.get(HOME).text
    assert len(rows(app)) == 1


def test_cookies_are_for_this_host_over_tls_only(settings: Settings) -> None:
    secure = Settings(**{**vars(settings), "public_url": "https://portal.example"})
    app = create_app(secure)
    answer = app.test_client().get("/en/account/sign-in", base_url="https://portal.example")
    sent = answer.headers["Set-Cookie"]
    assert sent.startswith("__Host-session=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in sent
    assert "Domain" not in sent
    with app.app_context():
        db.engine.dispose()


def test_posts_need_the_token_and_our_own_origin(app: Flask, client: FlaskClient, owner: str) -> None:
    data = {"email": owner, "password": PASSWORD}
    assert client.post("/en/account/sign-in", data=data).status_code == 400
    data["csrf_token"] = token(client.get("/en/account/sign-in"))
    foreign = client.post("/en/account/sign-in", data=data, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403


def test_fields_that_no_form_has_change_nothing(app: Flask, client: FlaskClient, owner: str) -> None:
    sign_in(client, owner)
    extra = {f"field{number}": "1" for number in range(60)}
    extra |= {"email": "x@y.example", "active": "", "roles": "administrator", "password": "x", "id": "1"}
    post(client, HOME, {"full_name": "New Name", "language": "km", **extra})
    with app.app_context():
        found = person_by_email(db.session(), owner)
        assert found is not None
    assert (found.full_name, found.language, found.email, found.roles) == ("New Name", "km", owner, [])


def test_only_company_people_switch_the_second_factor_off(app: Flask, client: FlaskClient, owner: str) -> None:
    sign_in(client, owner)
    page = post(client, "/en/account/second-factor/set-up", {"setup": "authenticator"})
    assert page.status_code == 200
    with app.app_context():
        person("r@ministry.example", Role.REVIEWER)
    staff = app.test_client()
    sign_in(staff, "r@ministry.example")
    assert post(staff, "/en/account/second-factor/off", {"password": PASSWORD}).status_code == 403
    refused = post(client, "/en/account/second-factor/off", {"password": "wrong wrong wrong wrong"})
    assert "not your password" in refused.text
    assert post(client, "/en/account/second-factor/off", {"password": PASSWORD}).status_code == 302


def test_a_dead_cookie_does_not_spoil_the_next_sign_in(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        person("back@company.example")
    sign_in(client, "back@company.example")
    with app.app_context(), transaction() as session:
        session.execute(sa.delete(LiveSession))
    sign_in(client, "back@company.example")
