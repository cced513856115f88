"""Found by engines, shown by those who share, kept by telephones: what these are told is true and whole."""

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from compliance.app import create_app
from compliance.settings import Settings

pytestmark = pytest.mark.usefixtures("numbers")
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
PUBLIC = "http://localhost"
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')


def test_every_page_of_the_map_is_there_in_both_languages_and_says_itself_what_it_is(client: FlaskClient) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)
    found = [found.text or "" for found in tree.findall("s:url/s:loc", NAMES)]
    assert len(found) == len(set(found)) > 30
    assert {address[len(PUBLIC) : len(PUBLIC) + 4] for address in found} == {"/km/", "/en/"}
    for url in tree.findall("s:url", NAMES):
        others = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)}
        assert set(others) == {"km", "en", "x-default"}
        assert url.findtext("s:loc", namespaces=NAMES) in others.values()
    titles: dict[str, str] = {}
    told: set[str] = set()
    for address in found:
        page = client.get(address.removeprefix(PUBLIC))
        assert page.status_code == 200, address
        said = dict(META.findall(page.text))
        assert f'<link rel="canonical" href="{address}">' in page.text
        assert page.text.count('rel="alternate" hreflang=') == 2
        assert said["og:url"] == address
        assert 20 < len(said["description"]) < 300
        assert page.text.count('name="description"') == 1
        told.add(said["description"])
        assert "<" not in said["og:title"]
        titles[said["og:title"] + address[:20]] = address
        assert client.get(said["og:image"].removeprefix(PUBLIC)).status_code == 200
    assert len(titles) == len(found), "no two pages have one title"
    assert len(told) == len(found), "nor one description"


def test_what_is_somebodys_own_or_an_answer_is_not_shared(client: FlaskClient) -> None:
    for address in ("/km/account/sign-in", "/km/register?q=krama", "/en/register/fast-turtle-fibre?on=2026-06-30"):
        page = client.get(address).text
        assert "og:url" not in page
        assert ('content="noindex"' in page) == ("?" in address), address
    robots = client.get("/robots.txt").text
    assert "Disallow: /km/account/" in robots
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in robots
    closed = re.findall(r"^Disallow: (/\S+/)$", robots, re.MULTILINE)
    assert {"/km/review/", "/en/admin/", "/km/company/", "/en/decide/"} <= set(closed)
    found = re.findall(r"<loc>http://localhost([^<]+)</loc>", client.get("/sitemap.xml").text)
    assert found
    assert not [address for address in found if address.startswith(tuple(closed))], "what is on the map may be read"


@pytest.mark.parametrize("lang", ["km", "en"])
def test_a_telephone_finds_name_and_pictures(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/{lang}/").text
    assert f'<link rel="manifest" href="/{lang}/manifest.webmanifest">' in page
    assert "manifest-src 'self'" in client.get(f"/{lang}/").headers["Content-Security-Policy"]
    told = json.loads(client.get(f"/{lang}/manifest.webmanifest").data)
    assert told["lang"] == lang
    for icon in told["icons"]:
        picture = Image.open(io.BytesIO(client.get(icon["src"]).data))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    share = Image.open(io.BytesIO(client.get(dict(META.findall(page))["og:image"].removeprefix(PUBLIC)).data))
    assert share.size == (1200, 630)
    assert client.get("/favicon.ico").status_code == 302


def test_faults_are_reported_where_somebody_reads_them(app: Flask, client: FlaskClient, settings: Settings) -> None:
    nobody = create_app(replace(settings, security_contact=""))
    answer = nobody.test_client().get("/.well-known/security.txt")
    assert answer.status_code == 404, "a promise nobody keeps is not made"
    said = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())
    assert said["Contact"] == "mailto:security@ministry.example"
    assert datetime.fromisoformat(said["Expires"]) > datetime.now(UTC)
    assert said["Canonical"] == f"{PUBLIC}/.well-known/security.txt"
