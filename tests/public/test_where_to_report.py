"""Where to report, by kind of harm and by service: the page, the list in a frame and the data say the same."""

import csv
import io

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.harms import Harm
from compliance.domain.reporting import WAYS
from compliance.store.base import transaction
from compliance.store.companies import Company
from compliance.store.register import refresh_entry
from compliance.store.reporting_channels import ReportingChannel

PAGE, DATA, TABLE = "/en/where-to-report", "/where-to-report.json", "/where-to-report.csv"
FRAME = f"{PAGE}/list"


TAKEN = ({"page": ["grooming", "extortion"]}, {}, {"page": ["bullying"], "telephone": ["material", "grooming"]})


@pytest.fixture
def offers(app: Flask, numbers: dict[str, str]) -> None:
    """Every company has a service, each with a page and a number; what they take differs."""
    with app.app_context(), transaction() as session:
        for place, company in enumerate(session.scalars(sa.select(Company).order_by(Company.id)).all()):
            words = {"km": f"ឆាត {company.name_km}", "latin": f"{company.name_latin} Chat", "kind": company.kinds[0]}
            company.services = [{"id": 1, **words, "public": True}]
            ways = {"page": f"https://{company.slug}.example/report", "telephone": f"012 000 0{place:02}", "menu": ""}
            said = {**ways, "harms": TAKEN[place % 3], "set_by": company.registered_by, "set_at": clock.now()}
            session.add(ReportingChannel(company_id=company.id, service=1, **said))
            session.flush()
            refresh_entry(session, company.id)


def told(client: FlaskClient, **asked: str) -> list[dict[str, str]]:
    """The lines of the table."""
    answer = client.get(TABLE, query_string=asked)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_each_kind_leads_to_the_ways_that_take_it_and_to_the_national_services_first(
    client: FlaskClient, offers: None
) -> None:
    whole = client.get(DATA).json
    assert [one["id"] for one in whole["harms"]] == [*Harm]
    limited = [
        one for one in whole["services"] if any(len(some) < len(Harm) for some in one["reporting"]["harms"].values())
    ]
    assert limited, "some ways take some kinds only"
    for harm in Harm:
        answer = client.get(DATA, query_string={"harm": harm}).json
        assert (answer["harm"], answer["national"]) == (harm, whole["national"])
        for service in answer["services"]:
            ways = {way: service["reporting"][way] for way in WAYS if service["reporting"][way]}
            assert ways, "a service without a way for it is left out"
            assert all(harm in service["reporting"]["harms"][way] for way in ways)
        lines = told(client, harm=harm)
        assert all(harm in line["harms"].split() for line in lines)
        shown = {line["value"] for line in lines if line["slug"]}
        hidden = {line["value"] for line in told(client) if line["slug"]} - shown
        for address in (PAGE, FRAME):
            page = client.get(address, query_string={"harm": harm}).text
            assert 'href="tel:1280"' in page
            first = page.index('href="tel:1280"')
            assert all(first < page.index(value.removeprefix("https://")) for value in shown), (address, harm)
            for value in hidden:
                assert f'"{value}"' not in page, (address, harm, value)


def test_by_the_name_of_a_service_or_company(client: FlaskClient, offers: None) -> None:
    [first, *_rest] = client.get(DATA).json["services"]
    name = first["name"]["en"]
    for asked in (name, name.upper(), first["name"]["km"], " ".join(reversed(name.split()))):
        found = client.get(DATA, query_string={"q": asked}).json["services"]
        assert first["name"] in [one["name"] for one in found], asked
        assert name in client.get(PAGE, query_string={"q": asked}).text
    nothing = client.get(PAGE, query_string={"q": "no such service", "harm": "grooming"})
    assert "No service here takes this itself" in nothing.text
    assert 'href="tel:1280"' in nothing.text
    assert client.get(DATA, query_string={"q": "no such service"}).json["services"] == []


@pytest.mark.parametrize("asked", ["harm=unheard", "harm=grooming&harm=unheard", "harms=grooming"])
def test_data_refuses_a_kind_that_is_none_and_says_what_is_possible(client: FlaskClient, asked: str) -> None:
    for address in (DATA, TABLE):
        refused = client.get(f"{address}?{asked}")
        assert refused.status_code == 400
        assert set(refused.json["parameters"]) == {"harm", "q"}
        if asked.startswith("harm="):
            assert refused.json["wrong"][0]["possible"] == [*Harm]


def test_pages_say_that_a_kind_is_none_and_show_everything(client: FlaskClient, offers: None) -> None:
    for lang, words in (("en", "not on our list"), ("km", "មិនមាននៅក្នុងបញ្ជី")):
        for part in ("", "/list"):
            page = client.get(f"/{lang}/where-to-report{part}?harm=%3Cscript%3E")
            assert page.status_code == 400
            assert words in page.text
            assert 'href="tel:1280"' in page.text
            assert "fast-turtle-fibre.example" in page.text
            assert "<script>" not in page.text


def test_the_line_to_copy_shows_what_is_chosen(client: FlaskClient, offers: None) -> None:
    page = client.get(f"{PAGE}?harm=grooming&q=%26+chat").text
    assert "/where-to-report/list?harm=grooming&amp;q=%26+chat" in page
    assert f"{DATA}?harm=grooming" in page
