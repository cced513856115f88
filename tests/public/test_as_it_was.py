"""A company's page on a day that is over says what the log told until then, and nothing that came after."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.store.awards import awards_of
from compliance.store.base import db, transaction
from compliance.store.companies import company_by_slug
from compliance.store.register import refresh_entry
from compliance.store.register_past import as_it_was
from tests.public.world import act_on, at

CAFE, APPS, FIBRE = "sweet-palm-cafe", "red-lantern-apps", "fast-turtle-fibre"
pytestmark = pytest.mark.usefixtures("numbers")


def page(client: FlaskClient, slug: str, on: str, lang: str = "en") -> tuple[int, str]:
    answer = client.get(f"/{lang}/register/{slug}", query_string={"on": on})
    return answer.status_code, answer.text


def chip(text: str) -> str:
    """The standing in the head of the page."""
    found = re.search(r'<div class="cp-plate.*?cp-chip[^>]*>(.*?)</', text, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", "", found.group(1)).strip()


@pytest.mark.parametrize(
    ("slug", "day", "standing"),
    [
        (CAFE, "2026-02-28", "In good standing"),
        (CAFE, "2026-03-01", "Suspended"),
        (CAFE, "2026-03-19", "Suspended"),
        (CAFE, "2026-03-20", "In good standing"),
        (APPS, "2026-04-30", "In good standing"),
        (APPS, "2026-05-31", "Suspended"),
        (APPS, "2026-06-01", "Revoked"),
    ],
)
def test_a_standing_is_that_of_its_day(client: FlaskClient, slug: str, day: str, standing: str) -> None:
    status, text = page(client, slug, day)
    assert status == 200
    assert chip(text) == standing
    assert "noindex" in text
    assert "Raise a concern" not in text
    shown = [date.fromisoformat(found) for found in re.findall(r'datetime="([0-9-]{10})"', text.split('"cp-time"')[1])]
    assert shown
    assert max(shown) <= date.fromisoformat(day), "what came later is not in that day's history"


@pytest.mark.parametrize("lang", ["km", "en"])
@pytest.mark.parametrize("typed", ["2026-13-01", "x", "2027-01-01", "1999-01-01", "2026-02-30", "9" * 400, "'"])
def test_a_day_that_cannot_be_is_told_above_todays_page(client: FlaskClient, typed: str, lang: str) -> None:
    status, text = page(client, CAFE, typed, lang)
    assert status == 400
    assert 'id="on-error"' in text
    assert "noindex" not in text


def test_today_is_the_page_itself_and_a_stranger_has_none(client: FlaskClient, moment: datetime) -> None:
    assert client.get(f"/km/register/{CAFE}?on=2026-11-23").headers["Location"].endswith(f"/km/register/{CAFE}")
    assert page(client, "nobody", "2026-06-30")[0] == 404


def test_a_name_and_a_scope_are_those_of_the_day(app: Flask, client: FlaskClient, moment: datetime) -> None:
    renamed, later = moment + timedelta(days=40), moment + timedelta(days=60)
    with app.app_context(), clock.held(renamed), transaction() as session:
        one = company_by_slug(session, FIBRE)
        one.name_latin, awards_of(session, one.id)[0].scope_en = "Quick Tortoise", "Only the shop in Kampot"
        refresh_entry(session, one.id)
    with clock.held(later):
        before = page(client, FIBRE, (renamed - timedelta(days=1)).date().isoformat())[1]
        after = page(client, FIBRE, renamed.date().isoformat())[1]
    assert "Fast Turtle Fibre" in before
    assert "Quick Tortoise" not in before
    assert "Only the shop" not in before
    assert "Quick Tortoise" in after
    assert "Only the shop" in after


def test_every_day_says_what_that_days_page_said(app: Flask, moment: datetime) -> None:
    """Days go by, acts come; each evening's standing is written down, and read again a year later."""
    day, seen = date(2026, 11, 24), dict[tuple[str, date], str]()
    acts = {3: AwardAct.SUSPENDED, 9: AwardAct.REINSTATED, 15: AwardAct.REVOKED}
    with app.app_context():
        for offset in range(0, 130, 3):
            today = day + timedelta(days=offset)
            with clock.held(at(today, 9)):
                if offset in acts:
                    with transaction() as session:
                        found = company_by_slug(session, FIBRE)
                        act_on(session, awards_of(session, found.id)[0], acts[offset], today)
                for slug in (FIBRE, CAFE, "green-gecko-chat"):
                    found = company_by_slug(db.session(), slug)
                    seen[slug, today] = awards_of(db.session(), found.id)[0].standing(today).value
        with clock.held(at(day + timedelta(days=400))):
            for (slug, on), standing in seen.items():
                was = as_it_was(db.session(), slug, on)
                assert was is not None
                assert was.standing.value == standing, (slug, on)
