"""The only reader of the time; a moment can be held for rehearsals, the demonstration and tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")

_held: ContextVar[datetime | None] = ContextVar("held_moment", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in Phnom Penh: awards begin and end by it, wherever the server stands."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day in Phnom Penh at a moment."""
    return moment.astimezone(PHNOM_PENH).date()


def midnight(day: date) -> datetime:
    """The moment, in UTC, at which a calendar day begins in Phnom Penh."""
    return datetime.combine(day, time(), PHNOM_PENH).astimezone(UTC)


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (aware)."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
