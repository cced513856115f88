"""Working days as pages show them: how many are left, and what was passed over when a date was counted."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import g

from compliance import clock
from compliance.domain.working_days import working_days_until
from compliance.store.assessments import Assessment
from compliance.store.base import db
from compliance.store.holidays import Holiday, holidays_between, public_holidays
from compliance.store.reviews import Clarification


@dataclass(frozen=True)
class Rest:
    """Holidays of one name, day after day."""

    name_km: str
    name_en: str
    first: date
    last: date


@dataclass(frozen=True)
class Counted:
    """`days` working days lie after `start` up to and with `due`; `rests` fell on weekdays between and do not count."""

    days: int
    start: date
    due: date
    rests: tuple[Rest, ...]


def holidays_now() -> frozenset[date]:
    """The table, read once a request."""
    if "holidays" not in g:
        g.holidays = public_holidays(db.session())
    found: frozenset[date] = g.holidays
    return found


def days_left(due: date) -> int:
    """Working days from today to `due`; negative when it has passed."""
    return working_days_until(clock.today(), due, holidays_now())


def counted(start: date, due: date) -> Counted:
    """What a deadline is made of, by the table as it is now."""
    between = [one for one in holidays_between(db.session(), start + timedelta(days=1), due) if not one.weekend]
    return Counted(working_days_until(start, due, holidays_now()), start, due, tuple(_runs(between)))


def _runs(days: list[Holiday]) -> list[Rest]:
    runs: list[Rest] = []
    for one in days:
        last = runs[-1] if runs else None
        if last and last.name_km == one.name_km and last.last == one.day - timedelta(days=1):
            runs[-1] = Rest(last.name_km, last.name_en, last.first, one.day)
        else:
            runs.append(Rest(one.name_km, one.name_en, one.day, one.day))
    return runs


def counted_review(assessment: Assessment) -> Counted | None:
    """What the review's deadline is made of."""
    if assessment.submitted_at is None or assessment.review_due_on is None:
        return None
    return counted(clock.day_of(assessment.submitted_at), assessment.review_due_on)


def counted_reply(asked: Clarification | None) -> Counted | None:
    """What the due date of a reply is made of."""
    return counted(clock.day_of(asked.asked_at), asked.due_on) if asked else None
