"""Hotlines: what is saved is what every page shows, in both languages; nothing broken takes the strip away."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance.actions.hotlines import is_address, kept, usable
from compliance.domain.roles import Role
from compliance.settings import HOTLINES, Hotline
from compliance.store.base import db, transaction
from tests.helpers import person, post, sign_in

PAGE = "/en/admin/hotlines"
LINE = {"name_km": "ខ្សែថ្មី", "name_en": "New line", "text_km": "", "text_en": "", "tel": "១២៨១", "url": ""}


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        person("admin@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "admin@ministry.example")
    return client


def saved(client: FlaskClient, place: int, **changes: str) -> int:
    page = client.get(f"{PAGE}/{place}").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return post(client, f"{PAGE}/{place}", {**LINE, "seen": seen, **changes}).status_code


def test_what_is_saved_is_what_every_page_shows(app: Flask, administrator: FlaskClient) -> None:
    reader = app.test_client()
    before = reader.get("/en/register").text
    assert "Child Helpline Cambodia" in before
    assert "New line" not in before
    assert saved(administrator, len(HOTLINES) + 1) == 302
    for lang, name, number in (("en", "New line", "1281"), ("km", "ខ្សែថ្មី", "១២៨១")):
        for page in ("", "register", "where-to-report", "account/sign-in", "no-such-page"):
            shown = reader.get(f"/{lang}/{page}").text
            assert name in shown, (lang, page)
            assert f'href="tel:1281">{number}' in shown, (lang, page)
    told = reader.get("/where-to-report.json").json
    assert told is not None
    assert told["national"][-1]["telephone"] == "1281"


def test_order_and_removal_and_the_last_line_stays(app: Flask, administrator: FlaskClient) -> None:
    def press(act: str) -> None:
        page = administrator.get(PAGE).text
        seen = page.split('name="seen" value="')[1].split('"')[0]
        post(administrator, f"{PAGE}/{act}", {"seen": seen}, form=PAGE)

    press("3/up")
    with app.app_context():
        assert [line.name_en for line in kept(db.session())] == [
            "Child Helpline Cambodia",
            "Police",
            "Internet hotline",
        ]
    press("2/remove")
    press("2/remove")
    post(administrator, f"{PAGE}/1/remove", {"seen": "old"}, form=PAGE)
    with app.app_context():
        assert [line.name_en for line in kept(db.session())] == ["Child Helpline Cambodia"]
    assert "1280" in app.test_client().get("/en/").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name_km": ""}, "Enter the name in Khmer."),
        ({"name_en": "x" * 81}, "80"),
        ({"tel": "", "url": ""}, "Give a telephone number or a web address"),
        ({"url": "https://a.example/"}, "Give a telephone number or a web address"),
        ({"tel": "call us"}, "Enter a telephone number"),
        ({"tel": "", "url": "javascript:alert(1)"}, "Enter a web address that begins with"),
        ({"tel": "", "url": "https://user:pw@a.example/"}, "Enter a web address that begins with"),
        ({"tel": "", "url": "http://[::1"}, "Enter a web address that begins with"),
        ({"text_en": "Only English"}, "in both languages or in none"),
    ],
)
def test_what_is_refused_is_said_and_kept(
    app: Flask, administrator: FlaskClient, changes: dict[str, str], said: str
) -> None:
    page = administrator.get(f"{PAGE}/1").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    answer = post(administrator, f"{PAGE}/1", {**LINE, "seen": seen, **changes})
    assert answer.status_code == 422
    assert said in answer.text
    with app.app_context():
        assert kept(db.session()) == HOTLINES


def test_two_administrators_at_once_do_not_overwrite_each_other(app: Flask, administrator: FlaskClient) -> None:
    page = administrator.get(f"{PAGE}/1").text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    assert saved(administrator, 2) == 302
    answer = post(administrator, f"{PAGE}/1", {**LINE, "name_en": "Mine", "seen": seen})
    assert "Somebody else changed the hotlines meanwhile" in answer.text
    assert "Mine" in answer.text


def test_a_broken_row_never_takes_the_strip_away(app: Flask, administrator: FlaskClient) -> None:
    assert saved(administrator, 1) == 302
    with app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE hotlines SET url = 'javascript:alert(1)', tel = '' WHERE position > 1"))
    app.extensions["hotlines"].forget()
    shown = app.test_client().get("/en/account/sign-in").text
    assert "New line" in shown
    assert "javascript:" not in shown
    with app.app_context(), transaction() as session:
        session.execute(sa.text("UPDATE hotlines SET name_en = ''"))
    app.extensions["hotlines"].forget()
    assert "Child Helpline Cambodia" in app.test_client().get("/en/account/sign-in").text
    with app.app_context(), transaction() as session:
        session.execute(sa.text("ALTER TABLE hotlines RENAME TO gone"))
    app.extensions["hotlines"].forget()
    assert "Child Helpline Cambodia" in app.test_client().get("/en/account/sign-in").text


def test_lines_of_the_portal_itself_are_usable() -> None:
    assert all(usable(line) for line in HOTLINES)
    assert not usable(Hotline("ក", "a", "", "", tel="", url="ftp://a.example"))
    for odd in (
        "https://",
        "https:///x",
        "https://localhost/",
        "//a.example",
        "https://a.example:99999/",
        "https://a b.example",
    ):
        assert not is_address(odd), odd
