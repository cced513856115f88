"""Ways to report: when they should be tried again, while nobody did and the award is in force."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.checking_in import rules
from compliance.actions.ways_due import due_on, last_tried
from compliance.domain.standing import IN_FORCE
from compliance.jobs.facts.companies import colleague, named
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.register import entry_by_slug

Known = dict[str, Any] | None


def _due(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _told(session, notice, person)
    return found if found and found["today"] < found["late_from"] else None


def _unchecked(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _told(session, notice, person)
    return found if found and found["today"] >= found["late_from"] else None


def _told(session: Session, notice: Notice, person: Person | None) -> Known:
    today, company_id = clock.today(), notice.values["company"]
    entry = entry_by_slug(session, session.get_one(Company, company_id).slug, today)
    if entry is None or entry.standing(today) not in IN_FORCE or not colleague(person, company_id):
        return None
    tried = date.fromisoformat(notice.values["tried"])
    if last_tried(entry) != tried:
        return None
    figures = rules(entry.edition)
    days = {"since": tried, "due_on": due_on(tried, figures), "late_from": figures.unchecked_from(tried)}
    return {**named(session, company_id), **days, "today": today}


FACTS = {
    "ways_due": _due,
    "ways_unchecked": _unchecked,
}
