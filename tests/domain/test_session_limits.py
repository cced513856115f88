"""When a signed-in browser is signed out."""

from datetime import UTC, datetime, timedelta

from compliance.domain.session_limits import COMPANY, STAFF, limits_for

START = datetime(2026, 11, 23, 3, tzinfo=UTC)


def test_the_ministry_s_people_are_signed_out_sooner() -> None:
    assert limits_for(staff=True) is STAFF
    assert limits_for(staff=False) is COMPANY
    assert (STAFF.idle, STAFF.absolute) == (timedelta(minutes=30), timedelta(hours=12))
    assert COMPANY.idle > STAFF.idle


def test_whichever_comes_first() -> None:
    assert STAFF.ends_at(START, START) == START + STAFF.idle
    assert STAFF.ends_at(START, START + STAFF.absolute - timedelta(minutes=1)) == START + STAFF.absolute
