"""Fills the public holidays of each year ahead, from a library's calendar; the only place that loads the library."""

import logging
from datetime import date
from typing import Any

from holidays.countries.cambodia import Cambodia
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.roles import SYSTEM, Role
from compliance.store.audit import record
from compliance.store.base import db, transaction
from compliance.store.holidays import LONGEST_NAME, fill, filled_years
from compliance.store.people import people_with_role

log = logging.getLogger(__name__)

YEARS_BACK, YEARS_AHEAD = 2, 1


def fill_holidays() -> tuple[int, ...]:
    """Writes each year, from two back to the next one, that the table does not hold yet; returns which.

    Administrators are told to compare a new year with the government's list, and of a year the calendar does not know.
    """
    this = clock.today().year
    wanted = range(this - YEARS_BACK, this + YEARS_AHEAD + 1)
    if filled_years(db.session(), wanted) == set(wanted):
        return ()
    with transaction() as session:
        done = filled_years(session, wanted)
        found = {year: calendar(year) for year in wanted if year not in done}
        return tuple(year for year, rows in found.items() if _write(session, year, rows))


def calendar(year: int) -> list[dict[str, Any]]:
    """The public holidays of a year, in Khmer and English; empty for a year the library does not know."""
    khmer, english = (_calendar(year, language) for language in ("km", "en_US"))
    return [
        {"day": day, "name_km": khmer[day][:LONGEST_NAME], "name_en": english[day][:LONGEST_NAME]}
        for day in sorted(khmer)
    ]


def _calendar(year: int, language: str) -> dict[date, str]:
    return dict(Cambodia(years=year, language=language))  # type: ignore[no-untyped-call]


def _write(session: Session, year: int, rows: list[dict[str, Any]]) -> bool:
    administrators = people_with_role(session, Role.ADMINISTRATOR)
    if not rows:
        log.warning("the calendar knows no public holidays of %d", year)
        notify(session, administrators, "holidays_unknown", str(year), {"year": year})
        return False
    added = fill(session, rows)
    if not added:
        return False
    record(session, clock.now(), SYSTEM, "system:holidays:filled", "holidays", year, days=added)
    if year >= clock.today().year:
        notify(session, administrators, "holidays_filled", str(year), {"year": year})
    return True
