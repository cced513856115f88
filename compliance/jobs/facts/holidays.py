"""Public holidays: to be compared with the government's list until the year is over, or to be entered by hand."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import Role
from compliance.jobs.facts.companies import holds
from compliance.store.holidays import holidays_of
from compliance.store.outbox import Notice
from compliance.store.people import Person

Known = dict[str, Any] | None


def _filled(session: Session, notice: Notice, person: Person | None) -> Known:
    year = notice.values["year"]
    if not holds(person, Role.ADMINISTRATOR) or year < clock.today().year:
        return None
    counting = [holiday for holiday in holidays_of(session, year) if holiday.removed_at is None]
    return {"year": year, "count": len(counting)}


def _unknown(session: Session, notice: Notice, person: Person | None) -> Known:
    """Until somebody has entered days of that year."""
    year = notice.values["year"]
    told = holds(person, Role.ADMINISTRATOR) and not holidays_of(session, year)
    return {"year": year} if told else None


FACTS = {
    "holidays_filled": _filled,
    "holidays_unknown": _unknown,
}
