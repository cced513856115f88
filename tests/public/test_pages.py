"""Every public address answers in both languages; hostile names and addresses are harmless everywhere."""

import csv
import io
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.journeys.api.open_data import plain_cell
from compliance.store.base import transaction
from tests.public.world import Made, make_one

PAGES = [
    "",
    "register",
    "register/fast-turtle-fibre",
    "register/sleepy-buffalo-cloud",
    "register/red-lantern-apps",
    "register/old-well-hosting",
    "verify",
    "code",
    "where-to-report",
    "for-companies",
    "try",
    "statistics",
    "privacy",
    "accessibility",
    "contact",
]
FILES = [
    "/badge/{}.svg",
    "/en/verify/{}",
    "/register.csv",
    "/register.json",
    "/register.atom",
    "/api/v1/companies?q=turtle",
    "/api/v1/companies/fast-turtle-fibre",
    "/api/v1/awards/{}",
    "/metrics",
]
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \"'><img src=x onerror=alert(1)> {{7*7}} \x1f\x0b"


@pytest.mark.parametrize("lang", ["km", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_answers(client: FlaskClient, numbers: dict[str, str], lang: str, page: str) -> None:
    response = client.get(f"/{lang}/{page}")
    assert response.status_code == 200
    assert f'<html lang="{lang}"' in response.text
    assert "<Macro" not in response.text
    assert "Set-Cookie" not in response.headers or page == "verify"
    assert client.head(f"/{lang}/{page}").status_code == 200
    if page != "verify":
        assert client.delete(f"/{lang}/{page}").status_code in {400, 405}


@pytest.mark.both_databases
def test_every_page_and_every_file_answers(client: FlaskClient, numbers: dict[str, str]) -> None:
    """Each asks the store something of its own, and the databases judge a question differently."""
    for page in PAGES:
        assert client.get(f"/en/{page}").status_code == 200, page
    for address in FILES:
        assert client.get(address.format(numbers["fast-turtle-fibre"])).status_code == 200, address


@pytest.mark.parametrize(
    "address",
    [
        "/en/register/nobody",
        "/km/register/%00",
        "/en/register/" + "x" * 3000,
        "/de/register",
        "/en/nothing",
        "/badge/x.svg",
        "/badge/COP-KH-2026-00999-99.svg",
        "/certificates/x.pdf",
        "/credentials/..%2f..%2fetc.json",
        "/credentials/status/other.json",
        "/api/v1/companies/nobody",
        "/api/v1/awards/1",
        "/verify/x/qr.svg",
        "/.well-known/audit-head.json",
    ],
)
def test_what_is_not_there_is_404(client: FlaskClient, numbers: dict[str, str], address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("asked", "found"), [("km", "km"), ("en-GB,en", "en"), ("fr", "km"), ("", "km")])
def test_the_front_door_and_qr_codes_follow_the_reader(
    client: FlaskClient, numbers: dict[str, str], asked: str, found: str
) -> None:
    number = numbers["fast-turtle-fibre"]
    headers = {"Accept-Language": asked}
    assert client.get("/", headers=headers).location == f"/{found}/"
    assert client.get(f"/verify/{number}", headers=headers).location == f"/{found}/verify/{number}"


@pytest.fixture
def hostile(app: Flask, moment: object) -> str:
    made = Made("hostile", HOSTILE + "ខ្មែរ", HOSTILE, "isp", "kep", "bronze", date(2026, 1, 1))
    with app.app_context(), transaction() as session:
        award = make_one(session, made, 7)
        award.company.website = "javascript:alert(1)"
        return award.number


@pytest.mark.parametrize(
    "address",
    [
        "/en/register",
        "/km/register",
        "/en/register/hostile",
        "/en/verify/{}",
        "/en/where-to-report",
        "/badge/{}.svg",
        "/register.atom",
        "/en/statistics",
    ],
)
def test_hostile_names_stay_text(client: FlaskClient, hostile: str, address: str) -> None:
    response = client.get(address.format(hostile))
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text
    assert 'href="javascript' not in response.text
    assert "49" not in response.text.replace("&#49", "").split("{{7*7}}")[0][-3:]


def test_hostile_names_stay_data(client: FlaskClient, hostile: str) -> None:
    entries = client.get("/register.json").json["companies"]
    assert "<script>" in entries[0]["name"]["en"]
    rows = list(csv.reader(io.StringIO(client.get("/register.csv").data.decode("utf-8-sig"))))
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    ET.fromstring(client.get("/register.atom").data)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "\r\n=1", "＝1", "|calc", "%0a"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert plain_cell(text).startswith("'")
    assert "\n" not in plain_cell(text)


def test_hostile_searches_are_echoed_as_text(client: FlaskClient, numbers: dict[str, str]) -> None:
    page = client.get("/en/register", query_string={"q": HOSTILE}).text
    assert "<script>alert" not in page


def test_the_host_header_is_in_no_link(client: FlaskClient, numbers: dict[str, str]) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    for address in (
        "/en/register/fast-turtle-fibre",
        "/register.json",
        "/register.atom",
        "/api/v1/openapi.json",
        f"/verify/{numbers['fast-turtle-fibre']}/qr.svg",
        "/en/",
    ):
        assert "evil.example" not in client.get(address, headers=headers).text
