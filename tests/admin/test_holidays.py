"""Administrators see each year's public holidays, add what is declared and remove what is none."""

from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance.domain.roles import Role
from compliance.jobs.holidays import fill_holidays
from compliance.store.base import db
from compliance.store.holidays import public_holidays
from tests.helpers import person, post, sign_in

PAGE = "/en/admin/holidays"


@pytest.fixture
def administrator(app: Flask, client: FlaskClient, moment: datetime) -> FlaskClient:
    with app.app_context():
        fill_holidays()
        person("admin@ministry.example", Role.ADMINISTRATOR)
    sign_in(client, "admin@ministry.example")
    return client


def off(app: Flask) -> frozenset[date]:
    with app.app_context():
        return public_holidays(db.session())


def declared(**changes: object) -> dict[str, object]:
    return {"day": ["២៧", "11", "2026"], "name_km": "ថ្ងៃពិសេស", "name_en": "Special day", **changes}


def test_the_days_of_a_year_are_listed_in_both_languages(administrator: FlaskClient) -> None:
    page = administrator.get(PAGE).text
    assert "Water Festival" in page
    assert "ព្រះរាជពិធីបុណ្យអុំទូក" in page
    assert "14 April 2026" in page
    assert "Tuesday" in page
    khmer = administrator.get(f"{PAGE.replace('/en/', '/km/')}?year=2027").text
    assert "២០២៧" in khmer
    assert "ថ្ងៃឈប់សម្រាកសាធារណៈ" in khmer


@pytest.mark.parametrize("year", ["", "x", "1", "99999999999", "-1", "2026.5"])
def test_any_other_year_is_this_one(administrator: FlaskClient, year: str) -> None:
    assert "Public holidays of 2026" in administrator.get(f"{PAGE}?year={year}").text


def test_a_year_without_days_says_so(administrator: FlaskClient) -> None:
    assert "No holidays of this year are known" in administrator.get(f"{PAGE}?year=2030").text


def test_a_day_is_added_and_removed(app: Flask, administrator: FlaskClient) -> None:
    answer = post(administrator, PAGE, declared())
    assert answer.headers["Location"].endswith("/holidays?year=2026")
    assert "Entered by the Ministry" in administrator.get(PAGE).text
    assert date(2026, 11, 27) in off(app)
    for _twice in range(2):
        assert post(administrator, f"{PAGE}/remove", {"day": "2026-11-27"}, form=PAGE).status_code == 302
    assert date(2026, 11, 27) not in off(app)
    assert "Removed: working days after all" in administrator.get(PAGE).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"day": ["31", "2", "2026"]}, "Enter a day."),
        ({"day": ["", "", ""]}, "Enter a day."),
        ({"day": ["14", "4", "2026"]}, "This day is a public holiday already."),
        ({"day": ["1", "4", "1999"]}, "Enter a day of the years 2024 to 2031."),
        ({"name_km": "  "}, "Enter the name in Khmer."),
    ],
)
def test_what_is_refused_is_said_beside_the_field_and_kept(
    administrator: FlaskClient, changes: dict[str, object], said: str
) -> None:
    answer = post(administrator, PAGE, declared(**changes))
    assert said in answer.text
    assert "Special day" in answer.text


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "2026-04-20", "9" * 99])
def test_removing_no_holiday_is_not_found(administrator: FlaskClient, day: str) -> None:
    assert post(administrator, f"{PAGE}/remove", {"day": day}, form=PAGE).status_code == 404
