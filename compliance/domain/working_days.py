"""Working days in Cambodia: deadlines of the review are counted in them."""

from collections.abc import Collection
from datetime import date, timedelta


def add_working_days(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """The `days`-th working day after `start`; Saturdays, Sundays and `holidays` do not count."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def working_days_until(today: date, due: date, holidays: Collection[date] = ()) -> int:
    """Working days left after `today` up to and with `due`; negative when it has passed."""
    step = 1 if due >= today else -1
    count, day = 0, today
    while day != due:
        day += timedelta(days=step)
        if day.weekday() < 5 and day not in holidays:
            count += step
    return count
