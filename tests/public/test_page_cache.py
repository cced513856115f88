"""Cached pages are the application's own, and never outlive what they say."""

import gzip
from datetime import date, timedelta
from time import sleep

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.journeys.page_cache import STATE_SECONDS, PageCache
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from tests.conftest import MOMENT
from tests.public.world import act_on

SLUG = "fast-turtle-fibre"
ADDRESSES = [
    "/km/",
    "/en/",
    "/km/register",
    "/en/register?q=turtle",
    f"/en/register/{SLUG}",
    "/register.csv",
    "/register.json",
    "/register.atom",
    "/api/v1/companies",
    f"/api/v1/companies/{SLUG}",
]


def page_cache(app: Flask) -> PageCache:
    cache: PageCache = app.extensions["page_cache"]
    return cache


@pytest.mark.parametrize("address", ADDRESSES)
def test_cached_bytes_are_fresh_bytes(app: Flask, client: FlaskClient, numbers: dict[str, str], address: str) -> None:
    first = client.get(address)
    hits = page_cache(app).hits
    second = client.get(address)
    assert page_cache(app).hits == hits + 1
    client.set_cookie("session", "1")
    fresh = client.get(address)
    client.delete_cookie("session")
    assert page_cache(app).hits == hits + 1
    assert first.data == second.data == fresh.data
    assert dict(first.headers) == dict(second.headers)
    packed = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(packed.data) == fresh.data
    assert packed.headers["ETag"] != second.headers["ETag"]
    again = client.get(address, headers={"If-None-Match": second.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert second.headers["Cache-Control"] == "public, no-cache"


def test_gzip_goes_to_whoever_takes_it(client: FlaskClient, numbers: dict[str, str]) -> None:
    for accepted, packed in (
        ("gzip", True),
        ("br;q=1, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("", False),
    ):
        page = client.get("/en/register", headers={"Accept-Encoding": accepted})
        assert (page.headers.get("Content-Encoding") == "gzip") is packed, accepted


def test_a_public_page_made_anew_is_packed_and_one_with_a_secret_is_not(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    gzip_taken = {"Accept-Encoding": "gzip"}
    packed = client.get("/en/statistics", headers=gzip_taken)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == client.get("/en/statistics").data
    with_form = app.test_client().get("/en/account/sign-in", headers=gzip_taken)
    assert "csrf_token" in with_form.text
    assert "Content-Encoding" not in with_form.headers


@pytest.mark.parametrize("foreign", ["_ga=GA1.1.77", "sessions=1; xsession=2", 'a="session=1"'])
def test_a_cookie_that_is_not_ours_changes_nothing(
    app: Flask, client: FlaskClient, numbers: dict[str, str], foreign: str
) -> None:
    first = client.get("/en/register", headers={"Cookie": foreign})
    hits = page_cache(app).hits
    second = app.test_client(use_cookies=False).get("/en/register", headers={"Cookie": foreign})
    assert page_cache(app).hits == hits + 1
    assert first.data == second.data == app.test_client().get("/en/register").data


def test_no_request_id_is_told_to_another_reader(client: FlaskClient, numbers: dict[str, str]) -> None:
    given = "somebody-elses-request-id"
    client.get("/en/register", headers={"X-Request-Id": given})
    assert given not in str(client.get("/en/register").headers)


@pytest.mark.parametrize(("act", "word"), [(AwardAct.SUSPENDED, "suspended"), (AwardAct.REVOKED, "revoked")])
def test_a_decision_shows_at_once_through_every_cache(
    app: Flask, client: FlaskClient, numbers: dict[str, str], act: AwardAct, word: str
) -> None:
    number = numbers[SLUG]
    shown = [
        f"/en/register/{SLUG}",
        "/en/register?q=turtle",
        f"/en/verify/{number}",
        f"/badge/{number}.svg?lang=en",
        f"/api/v1/awards/{number}",
        f"/api/v1/companies/{SLUG}",
        "/api/v1/companies?q=turtle",
        "/register.json",
        "/register.csv",
        "/register.atom",
    ]
    tags = {}
    for address in shown:
        before = client.get(address)
        assert f"turtle-fibre,{word}" not in before.text
        tags[address] = before.headers.get("ETag", '"none"')
    assert SLUG in client.get("/en/").text
    with app.app_context(), transaction() as session:
        award = session.scalars(sa.select(Award).where(Award.number == number)).one()
        act_on(session, award, act, date(2026, 11, 23))
    for address in shown:
        after = client.get(address, headers={"If-None-Match": tags[address]})
        assert after.status_code == 200, address
        assert word in after.text.lower(), address
    assert SLUG not in client.get("/en/").text


def test_the_day_turns_a_cached_page(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    before = client.get("/en/register/paper-kite-apps").text
    assert "In grace period" in before
    with clock.held(MOMENT + timedelta(days=60)):
        assert "Expired" in client.get("/en/register/paper-kite-apps").text


def test_nothing_is_cached_for_our_cookie(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    client.set_cookie("session", "x")
    assert client.get("/en/register").status_code == 200
    assert not page_cache(app).pages


def test_refusals_and_long_addresses_are_not_cached(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    assert client.get("/en/register/nobody").status_code == 404
    assert client.post("/en/register").status_code in {400, 405}
    assert client.get("/en/register?q=" + "x" * 600).status_code == 200
    assert client.get("/en/verify").status_code == 200
    assert not page_cache(app).pages


def test_cached_pages_are_bounded(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, moment: object
) -> None:
    monkeypatch.setattr("compliance.journeys.page_cache.MOST_BYTES", 60_000)
    for n in range(12):
        assert client.get(f"/en/register?q=none{n}").status_code == 200
    assert page_cache(app).bytes <= 60_000
    assert page_cache(app).bytes == sum(page.size for page in page_cache(app).pages.values())


def test_a_database_that_is_gone_is_the_applications_answer(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    assert client.get("/en/register").status_code == 200
    with (
        app.app_context(),
        db.engine.connect().execution_options(portal_writing=True) as connection,
        connection.begin(),
    ):
        connection.execute(sa.text("DROP TABLE register_changes"))
    assert client.get("/en/register").status_code == 200


@pytest.mark.both_databases
def test_another_process_is_heard_within_a_moment(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    """A change that this process did not commit shows well within a second; the check of a certificate at once."""
    address, exact = "/en/register/fast-turtle-fibre", f"/en/verify/{numbers[SLUG]}"
    with_session = app.test_client()
    with_session.set_cookie("session", "x")
    line = "Suspended</span><br>"
    assert "Suspended" not in client.get(address).text + client.get(exact).text
    before = with_session.get("/en/register").text.count(line)
    with (
        app.app_context(),
        db.engine.connect().execution_options(portal_writing=True) as connection,
        connection.begin(),
    ):
        connection.execute(sa.text("UPDATE awards SET last_act = 'suspended'"))
        connection.execute(sa.text("UPDATE register_entries SET last_act = 'suspended'"))
        connection.execute(sa.text("UPDATE register_changes SET number = number + 1"))
    assert "Suspended" in client.get(exact).text
    sleep(STATE_SECONDS * 2)
    assert "Suspended" in client.get(address).text
    assert with_session.get("/en/register").text.count(line) > before
    assert STATE_SECONDS < 1
