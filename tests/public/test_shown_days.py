"""A renewal takes its predecessor's place on its first day, without anybody writing anything."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.store.base import db, transaction
from compliance.store.register import entry_by_slug, refresh_entry
from tests.public.world import Made, act_on, give_award, make_company

pytestmark = pytest.mark.both_databases

OLD = Made("lake", "បឹង", "Lake", "isp", "kep", "bronze", date(2024, 12, 1))
NEW = Made("lake", "បឹង", "Lake", "isp", "kep", "gold", date(2026, 12, 1))


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def test_the_new_award_takes_over_by_itself(app: Flask, client: FlaskClient) -> None:
    with clock.held(on(date(2026, 11, 20))):
        with app.app_context(), transaction() as session:
            company = make_company(session, OLD)
            old, new = give_award(session, company, OLD, 1), give_award(session, company, NEW, 2)
            refresh_entry(session, company.id)
            numbers = old.number, new.number
        assert numbers[0] in client.get("/en/register/lake").text
        assert client.get("/register.json").json["companies"][0]["award"]["level"]["id"] == "bronze"
        assert "begins on" in client.get(f"/en/verify/{numbers[1]}").text
    with clock.held(on(date(2026, 12, 1))):
        assert client.get("/register.json").json["companies"][0]["award"]["number"] == numbers[1]
        assert "Gold" in client.get("/en/register/lake").text


def test_an_award_replaced_at_once_has_no_day_of_its_own(app: Flask) -> None:
    first = Made("sea", "សមុទ្រ", "Sea", "isp", "kep", "bronze", date(2026, 3, 1))
    with clock.held(on(date(2026, 3, 1))), app.app_context():
        with transaction() as session:
            company = make_company(session, first)
            old = give_award(session, company, first, 1)
            give_award(session, company, first, 2)
            refresh_entry(session, company.id)
            act_on(session, old, AwardAct.SUPERSEDED, first.starts)
            slug = company.slug
        entry = entry_by_slug(db.session(), slug, clock.today())
        assert entry is not None
        assert entry.number.startswith("COP-KH-2026-00002")


def test_history_is_kept_for_the_months_the_code_says_then_leaves_the_register(
    app: Flask, client: FlaskClient, numbers: dict[str, str]
) -> None:
    with clock.held(on(date(2029, 2, 1))):
        assert client.get("/en/register/old-well-hosting").status_code == 200
    with clock.held(on(date(2029, 6, 1))):
        assert client.get("/en/register/old-well-hosting").status_code == 404
        assert client.get(f"/en/verify/{numbers['old-well-hosting']}").status_code == 200
