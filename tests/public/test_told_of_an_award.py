"""What the public reads of an award: the day until which it counts, whom it named before, what comes after it."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.store.awards import Award, award_by_number
from compliance.store.base import transaction
from compliance.store.changes import Answered, ChangeRequest
from compliance.store.companies import Company
from compliance.store.register import refresh_entry
from tests.public.world import WORLD, give_award, person

KITE = "paper-kite-apps"
"""Its term ended on 9 November 2026; it is in grace until 9 December."""


def rename(session: Session, slug: str, **after: object) -> None:
    """A change that a reviewer confirmed, and what it leaves behind."""
    company = session.query(Company).filter_by(slug=slug).one()
    asked, answered = person(session, "officer@company.example"), person(session, "reviewer@ministry.example")
    session.add(
        ChangeRequest(
            company_id=company.id, before={name: getattr(company, name) for name in after}, after=after,
            asked_by=asked.id, asked_at=clock.now(), answered=Answered.CONFIRMED, answered_by=answered.id,
            answered_at=clock.now(), reason="",
        )
    )  # fmt: skip
    for name, value in after.items():
        setattr(company, name, value)
    session.flush()
    refresh_entry(session, company.id)


def award(session: Session, number: str) -> Award:
    found = award_by_number(session, number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("lang", "until", "over"), [("en", "9 December 2026", "9 November 2026"), ("km", "៩ ធ្នូ ២០២៦", "៩ វិច្ឆិកា ២០២៦")]
)
def test_in_grace_the_day_told_is_that_until_which_it_counts(
    client: FlaskClient, numbers: dict[str, str], lang: str, until: str, over: str
) -> None:
    row = client.get(f"/{lang}/register?q=kite").text
    badge = client.get(f"/badge/company/{KITE}.svg?lang={lang}").text
    for told in (row, badge):
        assert until in told
        assert over not in told
    for page in (f"/{lang}/register/{KITE}", f"/{lang}/verify/{numbers[KITE]}"):
        text = client.get(page).text
        assert until in text
        assert "renews it" not in text, "whether it does is nobody's business"
        assert "កំពុងបន្តសុពលភាព" not in text


@pytest.mark.both_databases
def test_a_line_and_open_data_say_what_a_company_was_called(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    with app.app_context(), transaction() as session:
        rename(session, KITE, name_km="ខ្លែងថ្មី", name_latin="New Kite")
        rename(session, KITE, name_latin="Newer Kite", brands=["Kite Pay", "Kite Chat"])
        award(session, numbers[KITE]).brands = ["Kite Pay"]
        refresh_entry(session, award(session, numbers[KITE]).company_id)
    assert "Formerly: New Kite" in client.get("/en/register?q=paper").text
    assert "ឈ្មោះមុន៖ New Kite" in client.get("/km/register?q=paper").text
    rows = csv.DictReader(io.StringIO(client.get("/register.csv").text.removeprefix("\ufeff")))
    [row] = [row for row in rows if row["number"] == numbers[KITE]]
    assert row["former_names"] == "New Kite; ខ្លែងក្រដាស អេប; Paper Kite Apps"
    assert (row["brands_covered"], row["brands_not_covered"]) == ("Kite Pay", "Kite Chat")
    told = client.get(f"/api/v1/companies/{KITE}").json["former_names"]
    day = clock.today().isoformat()
    assert told == [
        {"en": "New Kite", "until": day}, {"km": "ខ្លែងក្រដាស អេប", "en": "Paper Kite Apps", "until": day}
    ]  # fmt: skip


def test_a_genuine_paper_under_an_earlier_name_is_not_called_false(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    number = numbers["red-lantern-apps"]
    assert "Compare the company," in client.get(f"/en/verify/{number}").text
    with app.app_context(), transaction() as session:
        rename(session, "red-lantern-apps", name_latin="Green Lantern Apps")
    page = client.get(f"/en/verify/{number}").text
    assert "Compare the earlier name," in page
    assert "Compare the company," not in page


def test_what_is_over_is_not_called_valid(client: FlaskClient, numbers: dict[str, str]) -> None:
    for slug, valid in (("red-lantern-apps", False), ("sleepy-buffalo-cloud", False), ("fast-turtle-fibre", True)):
        pages = client.get(f"/en/register/{slug}").text, client.get(f"/en/verify/{numbers[slug]}").text
        assert ["<dt>Valid" in page for page in pages] == [valid, valid]
        assert ["<dt>Granted" in page for page in pages] == [not valid, not valid]


def test_an_award_to_come_is_not_told_as_one_that_is(app: Flask, client: FlaskClient, numbers: dict[str, str]) -> None:
    made = next(one for one in WORLD if one.slug == "green-gecko-chat")
    with app.app_context(), transaction() as session:
        company = award(session, numbers[made.slug]).company
        later = give_award(session, company, replace(made, starts=date(2026, 12, 29)), 900)
        refresh_entry(session, company.id)
        number = later.number
    page = client.get(f"/en/verify/{numbers[made.slug]}").text
    assert "next award, from 29 December 2026" in page
    assert number in page
    assert "newer award" not in page
    with app.app_context(), transaction() as session:
        award(session, number).last_act = AwardAct.SUSPENDED
        refresh_entry(session, award(session, number).company_id)
    page = client.get(f"/en/verify/{numbers[made.slug]}").text
    assert page.index("This award is valid today") < page.index("Suspended")


def test_what_follows_the_browser_s_language_says_so_to_caches(client: FlaskClient, numbers: dict[str, str]) -> None:
    for address in ("/", "/nowhere", f"/verify/{numbers[KITE]}"):
        english, khmer = (client.get(address, headers={"Accept-Language": lang}) for lang in ("en", "km"))
        assert english.data != khmer.data
        assert {"Accept-Language", "Cookie"} <= {one.strip() for one in english.headers["Vary"].split(",")}
    assert "Accept-Language" not in client.get("/en/").headers["Vary"]
