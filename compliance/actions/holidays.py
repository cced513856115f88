"""The ministry corrects the public holidays: a day that the government declared, a day that is none."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import record
from compliance.store.holidays import LONGEST_NAME, Holiday
from compliance.store.people import rights_now

YEARS_BACK, YEARS_AHEAD = 2, 5
"""Days are declared from so many years ago to so many years ahead: anything else is a slip."""


def declare(session: Session, actor: Actor, day: date, name_km: str, name_en: str) -> Holiday:
    """Nobody works on `day` from now on. Dates that were given before stay as they were told.

    Raises InvalidError for a day far away, a name that is missing, and a day that is a holiday already.
    """
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    this = clock.today().year
    if not this - YEARS_BACK <= day.year <= this + YEARS_AHEAD:
        raise InvalidError(
            "day", "Enter a day of the years %(first)s to %(last)s.", first=this - YEARS_BACK, last=this + YEARS_AHEAD
        )
    names = {"name_km": " ".join(name_km.split()), "name_en": " ".join(name_en.split())}
    for field, name in names.items():
        if not 0 < len(name) <= LONGEST_NAME:
            raise InvalidError(field, "Enter the name of the day in this language.")
    found = session.get(Holiday, day, with_for_update=True)
    if found is not None and found.removed_at is None:
        raise _stands()
    if found is None:
        found = Holiday(day=day)
        session.add(found)
    found.name_km, found.name_en = names["name_km"], names["name_en"]
    found.declared_by, found.removed_at = actor.user_id, None
    try:
        session.flush()
    except IntegrityError as error:  # another administrator was a moment quicker
        raise _stands() from error
    told = {"day": day.isoformat(), "name": names["name_en"]}
    record(session, clock.now(), actor, "administrator:holiday:declared", "holidays", day.year, **told)
    return found


def remove(session: Session, actor: Actor, day: date) -> Holiday:
    """People work on `day` after all; pressing twice is the same as once. Raises NotFoundError for no holiday."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    found = session.get(Holiday, day, with_for_update=True)
    if found is None:
        raise NotFoundError
    if found.removed_at is None:
        found.removed_at = clock.now()
        session.flush()
        told = {"day": day.isoformat(), "name": found.name_en}
        record(session, clock.now(), actor, "administrator:holiday:removed", "holidays", day.year, **told)
    return found


def _stands() -> InvalidError:
    return InvalidError("day", "This day is a public holiday already.")
