"""When the steps of a plan fall due: one after another, on working days."""

from collections.abc import Collection
from datetime import date

from compliance.domain.working_days import add_working_days, working_days_until


def due_days(
    today: date, count: int, pace: int, until: date | None = None, holidays: Collection[date] = ()
) -> list[date]:
    """`count` rising working days after `today`, `pace` working days apart, closer where the last would pass `until`.

    A day each is the least: where even that passes `until`, the last ones do.
    """
    room = pace * count
    if until is not None:
        room = min(room, working_days_until(today, until, holidays))
    room = max(room, count)
    days, day = [], today
    for place in range(count):
        day = add_working_days(day, room * (place + 1) // count - room * place // count, holidays)
        days.append(day)
    return days
