"""Standing is computed: no early and no late expiry."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.renewal import RenewalRules, add_months, last_day, new_start
from compliance.domain.standing import IN_FORCE, AwardAct, Standing, Term, standing

TERM = Term(date(2026, 3, 15), date(2028, 3, 14), 30)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 15), Standing.CURRENT),
        (date(2027, 12, 15), Standing.CURRENT),
        (date(2027, 12, 16), Standing.EXPIRING),
        (date(2028, 3, 14), Standing.EXPIRING),
        (date(2028, 3, 15), Standing.IN_GRACE),
        (date(2028, 4, 13), Standing.IN_GRACE),
        (date(2028, 4, 14), Standing.EXPIRED),
    ],
)
def test_the_calendar_of_one_award(on: date, expected: Standing) -> None:
    assert standing(TERM, AwardAct.GRANTED, on) is expected


class TestDecisionsComeBeforeTheCalendar:
    """A decision of the ministry is never undone by a date."""

    @given(DAYS)
    def test_revoked_stays_revoked(self, on: date) -> None:
        assert standing(TERM, AwardAct.REVOKED, on) is Standing.REVOKED

    @given(DAYS)
    def test_a_suspended_award_is_never_in_force(self, on: date) -> None:
        assert standing(TERM, AwardAct.SUSPENDED, on) not in IN_FORCE

    @given(DAYS)
    def test_reinstated_is_as_if_granted(self, on: date) -> None:
        assert standing(TERM, AwardAct.REINSTATED, on) is standing(TERM, AwardAct.GRANTED, on)


@pytest.mark.parametrize(
    ("on", "replaced_from", "expected"),
    [
        (date(2027, 1, 1), date(2027, 1, 1), Standing.SUPERSEDED),
        (date(2026, 12, 31), date(2027, 1, 1), Standing.CURRENT),
        (date(2029, 1, 1), date(2028, 4, 13), Standing.SUPERSEDED),
        (date(2029, 1, 1), date(2028, 4, 14), Standing.EXPIRED),
        (date(2026, 3, 14), date(2026, 3, 14), Standing.WAITING),
    ],
)
def test_it_gives_way_to_the_next_unless_it_had_expired(on: date, replaced_from: date, expected: Standing) -> None:
    assert standing(TERM, AwardAct.GRANTED, on, replaced_from) is expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 3, 14), Standing.SUSPENDED),
        (date(2026, 3, 15), Standing.SUSPENDED),
        (date(2028, 4, 13), Standing.SUSPENDED),
        (date(2028, 4, 14), Standing.EXPIRED),
    ],
)
def test_suspended_to_the_last_day_of_grace(on: date, expected: Standing) -> None:
    assert standing(TERM, AwardAct.SUSPENDED, on) is expected


class TestTerms:
    """A term ends the day before its anniversary, also around 29 February."""

    @pytest.mark.parametrize(
        ("start", "months", "expected"),
        [
            (date(2026, 3, 15), 24, date(2028, 3, 14)),
            (date(2028, 2, 29), 12, date(2029, 2, 27)),
            (date(2027, 3, 1), 12, date(2028, 2, 29)),
            (date(2026, 1, 31), 1, date(2026, 2, 27)),
        ],
    )
    def test_last_day(self, start: date, months: int, expected: date) -> None:
        assert last_day(start, months) == expected

    @given(DAYS, st.integers(1, 60))
    def test_months_never_skip_a_month(self, day: date, months: int) -> None:
        later = add_months(day, months)
        assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
        assert later.day <= day.day

    @given(DAYS, st.integers(0, 400))
    def test_a_renewal_in_time_loses_no_day(self, ends: date, before: int) -> None:
        approved = ends - timedelta(days=before)
        expected = ends + timedelta(days=1) if before <= 180 else approved
        assert new_start(approved, ends, 180) == expected

    def test_without_an_earlier_award_it_starts_today(self) -> None:
        assert new_start(date(2026, 1, 1), None, 180) == date(2026, 1, 1)


def test_reminder_days() -> None:
    rules = RenewalRules(opens_before=180, remind_before=(180, 30, 1), remind_after=(1, 15), grace=30)
    assert rules.offsets() == (-180, -30, -1, 1, 15)
