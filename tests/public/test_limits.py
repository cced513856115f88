"""Questions of one address are counted and told; what checks a certificate, and pages, are never refused."""

from dataclasses import replace

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from compliance.app import create_app
from compliance.journeys.limits import PER_MINUTE, WINDOW, Limits, client_of, is_limited
from compliance.settings import Settings

ALL = "/api/v1/companies"
SCHOOL = {"REMOTE_ADDR": "203.0.113.7"}
NOW = 1000.0
"""Seconds of the machine's clock; held, for a busy machine takes longer to ask than questions take to be free again."""


def left(header: str) -> int:
    return int(header.partition("r=")[2].partition(";")[0])


def use_up(client: FlaskClient) -> TestResponse:
    """The first answer that is refused, after all other questions of a minute."""
    limits: Limits = client.application.extensions["limits"]
    while not limits.ask(SCHOOL["REMOTE_ADDR"], NOW).wait:
        pass
    return client.get(ALL, environ_overrides=SCHOOL)


def test_whoever_asks_too_much_is_told_when_to_ask_again_and_a_school_still_checks_certificates(
    app: Flask, client: FlaskClient, numbers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.journeys.limits.monotonic", lambda: NOW)
    number = numbers["fast-turtle-fibre"]
    told = [client.get(address, environ_overrides=SCHOOL) for address in (ALL, "/register.json") * 20]
    assert {one.status_code for one in told} == {200}
    assert told[0].headers["RateLimit-Policy"] == f'"address";q={PER_MINUTE};w=60'
    counts = [left(one.headers["RateLimit"]) for one in told]
    assert counts == list(range(PER_MINUTE - 1, PER_MINUTE - 41, -1))
    over = use_up(client)
    assert (over.status_code, over.mimetype) == (429, "application/problem+json")
    assert over.json["retry_after"] == int(over.headers["Retry-After"]) >= 1
    assert over.headers["Access-Control-Allow-Origin"] == "*"
    assert over.headers["X-Content-Type-Options"] == "nosniff"
    assert left(over.headers["RateLimit"]) == 0
    assert client.get("/register.csv", environ_overrides=SCHOOL).status_code == 429, "one count for all of the data"
    for address in (
        f"/en/verify/{number}", f"/verify/{number}", f"/api/v1/awards/{number}", f"/badge/{number}.svg",
        "/credentials/status/revocation.json", "/.well-known/did.json", "/en/register", "/en/log", "/healthz",
    ):  # fmt: skip
        answer = client.get(address, environ_overrides=SCHOOL)
        assert answer.status_code != 429, address
        assert "RateLimit" not in answer.headers, address
    assert client.options(ALL, environ_overrides=SCHOOL).status_code == 200
    assert client.get(ALL, environ_overrides={"REMOTE_ADDR": "203.0.113.8"}).status_code == 200
    with create_app(app.extensions["portal_settings"]).test_client() as neighbour:
        answer = neighbour.get(ALL, environ_overrides=SCHOOL)
        assert answer.status_code == 429, "processes count as one"
    find = app.extensions["limits"].before(app.extensions["page_cache"].from_memory)
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": ALL, "QUERY_STRING": "", **SCHOOL}
    statuses: list[str] = []
    app.extensions["page_cache"].recent_state()
    at_once = find(asked)
    assert at_once is not None
    b"".join(at_once(asked, lambda status, _headers, _error=None: statuses.append(status) or (lambda _data: None)))  # type: ignore[func-returns-value]
    assert statuses == ["429 TOO MANY REQUESTS"], "also what is answered from memory"


@pytest.mark.parametrize(
    ("proxies", "told", "client"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "", "203.0.113.7"),
        (1, "nonsense", "?"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "127.0.0.1", ""),
    ],
)
def test_who_asks_is_whom_the_trusted_proxy_names(proxies: int, told: str, client: str) -> None:
    assert client_of({"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": told}, proxies) == client


def test_a_portal_that_knows_no_proxy_does_not_make_one_client_of_everybody() -> None:
    assert client_of({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}, 0) == ""
    assert client_of({"REMOTE_ADDR": "::1"}, 0) == ""


@pytest.fixture
def limits(settings: Settings) -> Limits:
    return Limits(settings)


@pytest.mark.parametrize("kept", [float("nan"), float("inf"), -1.0, 1e300])
def test_what_another_start_of_the_machine_left_is_forgotten(limits: Limits, kept: float) -> None:
    for slot in range(len(limits.free_at)):
        limits.free_at[slot] = kept
    assert limits.ask("198.51.100.1", now=5.0).questions == PER_MINUTE - 1


def test_no_minute_ever_holds_more_than_twice_what_is_told_and_waiting_as_told_helps(limits: Limits) -> None:
    clients = iter(range(10**9))

    @hypothesis.settings(max_examples=15)
    @given(st.lists(st.floats(0, 40), max_size=12))
    def law(pauses: list[float]) -> None:
        client, now, granted = f"client {next(clients)}", 1000.0, list[float]()
        for pause in pauses:
            now += pause
            for _ in range(120):
                answer = limits.ask(client, now)
                if answer.wait:
                    assert answer.wait <= WINDOW
                    now += answer.wait + 1e-6
                    assert not limits.ask(client, now).wait
                granted.append(now)
        most = 2 * PER_MINUTE + 1
        assert all(later - first >= WINDOW for first, later in zip(granted, granted[most:], strict=False))

    law()


def test_a_full_disk_stops_nobody(settings: Settings) -> None:
    away = replace(settings, data_dir=settings.data_dir / "portal.sqlite" / "no folder")
    assert Limits(away).ask("198.51.100.1", now=5.0).questions == PER_MINUTE - 1


def test_what_is_counted() -> None:
    assert all(map(is_limited, ("/api/v1/changes", "/register.atom", "/log/tile/0/000", "/where-to-report.json")))
    assert not any(map(is_limited, ("/en/register", "/certificates/x.pdf", "/badge/x.svg", "/credentials/x.json", "/")))
