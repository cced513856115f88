"""Working days pass over Cambodia's public holidays: filled ahead, corrected by the ministry, never overwritten."""

import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance import clock
from compliance.actions import holidays as acts
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError
from compliance.domain.roles import Actor, Role
from compliance.domain.working_days import add_working_days, working_days_until
from compliance.jobs.holidays import calendar, fill_holidays
from compliance.store.audit import AuditEntry
from compliance.store.base import db, transaction
from compliance.store.holidays import Holiday, holidays_between, public_holidays
from tests.helpers import person
from tests.jobs.world import notices, told

pytestmark = pytest.mark.usefixtures("in_app", "moment")
NEW_YEAR = [date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16)]
BEFORE_NEW_YEAR = date(2026, 4, 10)


@pytest.fixture
def administrator() -> Actor:
    return person("admin@ministry.example", Role.ADMINISTRATOR).actor()


def tags() -> list[str]:
    return list(
        db.session.scalars(sa.select(AuditEntry.tag).where(AuditEntry.tag.like("%holiday%")).order_by(AuditEntry.seq))
    )


def test_ten_working_days_pass_over_khmer_new_year() -> None:
    fill_holidays()
    off = public_holidays(db.session())
    assert add_working_days(BEFORE_NEW_YEAR, 10) == date(2026, 4, 24), "as if nobody celebrated"
    assert add_working_days(BEFORE_NEW_YEAR, 10, off) == date(2026, 4, 29)
    assert working_days_until(BEFORE_NEW_YEAR, date(2026, 4, 29), off) == 10
    between = holidays_between(db.session(), BEFORE_NEW_YEAR, date(2026, 4, 29))
    assert [holiday.day for holiday in between] == NEW_YEAR
    assert {holiday.name_km for holiday in between} == {"ពិធីបុណ្យចូលឆ្នាំថ្មីប្រពៃណីជាតិ"}


def test_years_are_filled_ahead_once(administrator: Actor) -> None:
    assert fill_holidays() == (2024, 2025, 2026, 2027)
    assert fill_holidays() == ()
    with clock.held(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)):
        assert fill_holidays() == ()
    with clock.held(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)):
        assert fill_holidays() == (2028,), "the new year begins in Phnom Penh"
    assert [notice.values["year"] for notice in notices("holidays_filled")] == [2026, 2027, 2028]
    assert tags() == ["system:holidays:filled"] * 5
    with clock.held(datetime(2027, 6, 1, tzinfo=UTC)):
        said = [told(notice) for notice in notices("holidays_filled")]
    assert said[0] is None, "a year that is over needs nobody's look"
    assert said[1] == {"name": "Admin", "year": 2027, "count": len(calendar(2027))}


def test_a_year_the_calendar_does_not_know_is_told_until_days_are_entered(administrator: Actor) -> None:
    assert calendar(2300) == []
    with clock.held(datetime(2299, 6, 1, tzinfo=UTC)):
        fill_holidays()
        fill_holidays()
        [notice] = [one for one in notices("holidays_unknown") if one.values["year"] == 2300]
        assert told(notice) == {"name": "Admin", "year": 2300}
        with transaction() as session:
            acts.declare(session, administrator, date(2300, 1, 1), "ចូលឆ្នាំសាកល", "New Year")
        assert told(notice) is None


def test_what_the_ministry_changed_stays_when_the_job_runs_again(administrator: Actor) -> None:
    with transaction() as session:
        acts.declare(session, administrator, date(2026, 11, 27), "ថ្ងៃឈប់សម្រាកពិសេស", "Special holiday")
    fill_holidays()
    with transaction() as session:
        acts.remove(session, administrator, NEW_YEAR[0])
        acts.remove(session, administrator, NEW_YEAR[0])
    fill_holidays()
    off = public_holidays(db.session())
    assert NEW_YEAR[0] not in off
    assert date(2026, 11, 27) in off
    assert NEW_YEAR[1] in off, "a day entered by hand does not keep the rest of its year from being filled"
    with transaction() as session:
        acts.declare(session, administrator, NEW_YEAR[0], "ចូលឆ្នាំ", "New Year after all")
    assert NEW_YEAR[0] in public_holidays(db.session())
    assert [tag for tag in tags() if tag.startswith("administrator")] == [
        "administrator:holiday:declared",
        "administrator:holiday:removed",
        "administrator:holiday:declared",
    ]


@pytest.mark.parametrize(
    ("day", "km", "en", "field"),
    [
        (date(2023, 12, 31), "ក", "a", "day"),
        (date(2032, 1, 1), "ក", "a", "day"),
        (date(2026, 4, 14), "ក", "a", "day"),
        (date(2026, 4, 20), " ", "a", "name_km"),
        (date(2026, 4, 20), "ក", "", "name_en"),
        (date(2026, 4, 20), "ក", "a" * 301, "name_en"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(administrator: Actor, day: date, km: str, en: str, field: str) -> None:
    fill_holidays()
    with pytest.raises(InvalidError) as refused, transaction() as session:
        acts.declare(session, administrator, day, km, en)
    assert refused.value.field == field


def test_only_administrators_change_the_table() -> None:
    fill_holidays()
    reviewer = person("reviewer@ministry.example", Role.REVIEWER).actor()
    with pytest.raises(ForbiddenError), transaction() as session:
        acts.declare(session, reviewer, date(2026, 4, 20), "ក", "a")
    with pytest.raises(ForbiddenError), transaction() as session:
        acts.remove(session, reviewer, NEW_YEAR[0])


def test_a_day_that_is_none_cannot_be_removed(administrator: Actor) -> None:
    with pytest.raises(NotFoundError), transaction() as session:
        acts.remove(session, administrator, date(2026, 4, 20))


def test_two_workers_at_once_fill_once(app: Flask) -> None:
    filled: list[int] = []

    def one() -> None:
        with app.app_context():
            filled.extend(fill_holidays())
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    days = sorted({day["day"] for year in set(filled) for day in calendar(year)})
    assert list(db.session.scalars(sa.select(Holiday.day).order_by(Holiday.day))) == days
    assert len(tags()) == len(set(filled))


def test_names_are_khmer_and_english() -> None:
    fill_holidays()
    for holiday in db.session.scalars(sa.select(Holiday)):
        assert any("\u1780" <= letter <= "\u17ff" for letter in holiday.name_km)
        assert holiday.name_en.isascii()
