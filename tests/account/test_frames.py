"""The frame around a page is shared by everybody with the same roles, and holds nothing of any of them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compliance.domain.roles import Role
from compliance.journeys.frame import SWITCH, TOKEN
from tests.helpers import person, sign_in, token

PAGES = ("/en/account/", "/km/account/", "/en/register", "/km/register?q=x", "/en/account/people/none")
REQUEST_ID = "a-request-id-of-somebody"
SEPARATOR = "\x1f"


def signed_in(app: Flask, email: str, *roles: Role) -> FlaskClient:
    with app.app_context():
        person(email, *roles)
    client = app.test_client()
    sign_in(client, email)
    return client


def sign_out_token(page: TestResponse) -> str:
    found = re.search(r'sign-out"><input type="hidden" name="csrf_token" value="([^"]*)"', page.text)
    return found.group(1) if found else ""


@pytest.mark.parametrize("roles", [(), (Role.OBSERVER, Role.ADMINISTRATOR)], ids=["company", "ministry"])
def test_two_people_with_the_same_roles_share_frames_and_no_more(app: Flask, roles: tuple[Role, ...]) -> None:
    first, second = (signed_in(app, f"{name}@example.org", *roles) for name in ("quokka", "numbat"))
    for page in PAGES:
        mine = first.get(page, headers={"X-Request-Id": REQUEST_ID})
        frames = app.extensions["frames"].cache_info().misses
        theirs = second.get(page)
        assert app.extensions["frames"].cache_info().misses == frames, "one frame serves both"
        assert "quokka" not in theirs.text.lower()
        assert sign_out_token(mine)
        assert sign_out_token(mine) != sign_out_token(theirs)
        assert sign_out_token(mine) not in theirs.text
        assert REQUEST_ID not in theirs.text + str(theirs.headers)
        assert SEPARATOR not in mine.text + theirs.text, "an open place was not filled"


def test_a_shared_frame_signs_its_own_reader_out(app: Flask) -> None:
    first, second = (signed_in(app, f"{name}@example.org") for name in ("quokka", "numbat"))
    first.get("/en/register")
    page = second.get("/en/register")
    second.post("/en/account/sign-out", data={"csrf_token": sign_out_token(page)})
    assert second.get("/en/account/").status_code == 302
    assert first.get("/en/account/").status_code == 200


def test_other_roles_get_other_frames(app: Flask, client: FlaskClient) -> None:
    officer = signed_in(app, "quokka@example.org").get("/en/register").text
    observer = signed_in(app, "numbat@example.org", Role.OBSERVER, Role.ADMINISTRATOR).get("/en/register").text
    anybody = client.get("/en/register").text
    assert ("My company" in officer, "Administration" in officer) == (True, False)
    assert ("My company" in observer, "Administration" in observer) == (False, True)
    assert not any(word in anybody for word in ("My company", "Administration", "sign-out", "csrf_token"))


def test_frames_are_bounded(app: Flask) -> None:
    assert 0 < app.extensions["frames"].cache_info().maxsize <= 256


def test_what_a_signed_in_reader_gets_is_what_they_got_before_anybody_else(app: Flask, client: FlaskClient) -> None:
    """A page made with fragments and frames of others equals the page of a portal nobody has read before."""
    reader = signed_in(app, "quokka@example.org")
    alone = reader.get("/en/register").text
    app.extensions["page_cache"].fragments.fragments.clear()
    app.extensions["frames"].cache_clear()
    client.get("/en/register")
    signed_in(app, "numbat@example.org", Role.OBSERVER).get("/en/register")
    among_others = reader.get("/en/register").text
    hide = re.compile(r'value="[^"]{40,}"')
    assert hide.sub("", alone) == hide.sub("", among_others)
    assert token(reader.get("/en/account/"))
    assert str(TOKEN) not in alone
    assert str(SWITCH) not in alone
