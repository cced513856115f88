"""Days of a plan: rising working days, at the pace asked for, before the end where there is room."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from compliance.domain.pacing import due_days
from compliance.domain.working_days import add_working_days, working_days_until

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
HOLIDAYS = st.frozensets(DAYS, max_size=20)


@given(
    today=DAYS,
    count=st.integers(0, 30),
    pace=st.integers(1, 20),
    ahead=st.none() | st.integers(-30, 400),
    rest=HOLIDAYS,
)
def test_steps_fall_due_one_after_another(
    today: date, count: int, pace: int, ahead: int | None, rest: frozenset[date]
) -> None:
    until = None if ahead is None else today + timedelta(days=ahead)
    days = due_days(today, count, pace, until, rest)
    assert len(days) == count
    assert days == sorted(set(days))
    assert all(day > today and day.weekday() < 5 and day not in rest for day in days)
    assert not days or days[-1] <= add_working_days(today, pace * count, rest)
    if days and until is not None and working_days_until(today, until, rest) >= count:
        assert days[-1] <= until
