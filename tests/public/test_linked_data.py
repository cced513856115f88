"""What machines read of our pages: valid JSON-LD of schema.org, true to the standing, out of which no name breaks."""

import json
import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pyld import jsonld

from compliance.domain.standing import AwardAct
from compliance.store.awards import Award
from compliance.store.base import transaction
from compliance.store.companies import Company
from compliance.store.register import refresh_entry
from tests.public.world import act_on

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
SLUG = "fast-turtle-fibre"
SCHEMA = "http://schema.org/"
TERMS: dict[str, Any] = {"@vocab": SCHEMA}
"""schema.org's own context says the same of all that we use, at an address that no test asks."""


def linked(client: FlaskClient, address: str) -> dict[str, Any]:
    [text] = SCRIPT.findall(client.get(address).text)
    told: dict[str, Any] = json.loads(text)
    return told


def expanded(told: dict[str, Any]) -> dict[str, Any]:
    assert told["@context"] == "https://schema.org"
    [node] = jsonld.expand({**told, "@context": TERMS})
    return node  # type: ignore[no-any-return]


def values(node: dict[str, Any], name: str) -> dict[str, str]:
    return {one["@language"]: one["@value"] for one in node[SCHEMA + name]}


@pytest.mark.parametrize("lang", ["km", "en"])
def test_a_company_s_page_tells_machines_its_names_and_its_award(
    client: FlaskClient, numbers: dict[str, str], lang: str
) -> None:
    node = expanded(linked(client, f"/{lang}/register/{SLUG}"))
    assert node["@type"] == [f"{SCHEMA}Organization"]
    assert node["@id"] == f"http://localhost/en/register/{SLUG}#company", "one name for both languages"
    assert values(node, "name") == {"km": "អណ្តើកលឿន ហ្វាយប័រ", "en": "Fast Turtle Fibre"}
    assert set(values(node, "award")) == {"km", "en"}
    [certificate] = node[f"{SCHEMA}hasCertification"]
    assert certificate["@id"] == f"http://localhost/verify/{numbers[SLUG]}"
    assert certificate[f"{SCHEMA}certificationStatus"] == [{"@value": "https://schema.org/CertificationActive"}]
    assert certificate[f"{SCHEMA}validFrom"] == [{"@value": "2026-03-15"}]


@pytest.mark.parametrize("act", [AwardAct.SUSPENDED, AwardAct.REVOKED])
def test_what_is_not_in_force_is_told_as_no_award(
    app: Flask, client: FlaskClient, numbers: dict[str, str], act: AwardAct
) -> None:
    with app.app_context(), transaction() as session:
        award = session.scalars(sa.select(Award).where(Award.number == numbers[SLUG])).one()
        act_on(session, award, act, date(2026, 11, 23))
    told = linked(client, f"/en/register/{SLUG}")
    assert "award" not in told
    assert told["hasCertification"]["certificationStatus"].endswith("/CertificationInactive")


def test_no_name_ends_the_script_and_no_address_but_a_site_s_is_told(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    name = '</script><script>alert(1)</script><!-- & \u2028 " \\'
    with app.app_context(), transaction() as session:
        company = session.scalars(sa.select(Company).where(Company.slug == SLUG)).one()
        company.name_latin, company.name_km, company.website = name, "", "javascript:alert(1)"
        company.brands = [name]
        refresh_entry(session, company.id)
    page = client.get(f"/en/register/{SLUG}").text
    assert "<script>alert" not in page
    told = linked(client, f"/en/register/{SLUG}")
    assert told["name"] == [{"@language": "en", "@value": name}], "what is missing is left out"
    assert told["brand"] == [{"@type": "Brand", "name": name}]
    assert "url" not in told


def test_the_page_about_open_data_tells_of_a_set_of_data(client: FlaskClient, numbers: dict[str, str]) -> None:
    node = expanded(linked(client, "/km/open-data"))
    assert node["@type"] == [f"{SCHEMA}Dataset"]
    assert set(values(node, "name")) == {"km", "en"}
    for one in node[f"{SCHEMA}distribution"]:
        address = one[f"{SCHEMA}contentUrl"][0]["@value"].removeprefix("http://localhost")
        assert client.get(address).mimetype == one[f"{SCHEMA}encodingFormat"][0]["@value"]


@pytest.mark.parametrize("lang", ["km", "en"])
def test_the_page_about_open_data_shows_examples_of_today_and_is_light(
    client: FlaskClient, numbers: dict[str, str], lang: str
) -> None:
    page = client.get(f"/{lang}/open-data")
    newest = client.get("/api/v1/companies?sort=newest&limit=1").json["companies"][0]
    assert f"/api/v1/companies/{newest['slug']}" in page.text
    assert newest["award"]["number"] in page.text
    assert client.get("/register.atom").text.partition("<entry><id>")[2].partition("<")[0] in page.text
    for field in ("award.standing_on", "facts.name_km", "brands_not_covered"):
        assert field in page.text
    assert len(page.data) < 60_000
    assert f"/{lang}/open-data" in client.get(f"/{lang}/").text


def test_before_the_first_award_the_page_says_so(client: FlaskClient) -> None:
    page = client.get("/en/open-data")
    assert page.status_code == 200
    assert "No award has been given yet" in page.text


def test_other_sites_show_the_list_of_where_to_report_in_a_frame(client: FlaskClient, numbers: dict[str, str]) -> None:
    for lang in ("km", "en"):
        whole, alone = (client.get(f"/{lang}/where-to-report{more}") for more in ("", "/list"))
        assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in alone.headers["Content-Security-Policy"]
        assert f"/{lang}/where-to-report/list" in whole.text
        assert 'href="tel:1280"' in alone.text
        assert "<form" not in alone.text
        assert "<script" not in alone.text
