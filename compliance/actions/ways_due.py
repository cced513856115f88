"""When a company should try its ways to report again, and the reminders of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.checking_in import due_under, rules
from compliance.actions.notifying import company_people, notify
from compliance.domain.check_in import CheckInRules
from compliance.domain.renewal import add_months
from compliance.domain.reporting import WAYS
from compliance.domain.standing import IN_FORCE
from compliance.store.awards import Award
from compliance.store.register import RegisterEntry
from compliance.store.register_search import everything

DUE, UNCHECKED = "ways_due", "ways_unchecked"


def last_tried(entry: RegisterEntry) -> date | None:
    """The day since which the company has said of all its ways nothing new: named or tried the longest ago."""
    days = [_last(one, way) for one in entry.services for way in WAYS if one[way]]
    return min(days, default=None)


def _last(service: Mapping[str, Any], way: str) -> date:
    return date.fromisoformat(max(service["since"], service.get("checked", {}).get(way, "")))


def due_on(tried: date, figures: CheckInRules) -> date:
    """A year later, as check-ins are."""
    return add_months(tried, figures.every_months)


def remind_of_ways(session: Session, today: date, since: date) -> None:
    """Queues the reminders that fell due from `since` to `today`, of each company the newest alone.

    While a check-in is open it asks the same, and its own reminders tell of it.
    """
    for entry in everything(session, today):
        tried = last_tried(entry) if entry.services and entry.standing(today) in IN_FORCE else None
        kind = _kind(tried, rules(entry.edition), today, since) if tried else ""
        if tried and kind and not (kind == DUE and _check_in_open(session, entry.award_id)):
            about = {"company": entry.company_id, "tried": tried.isoformat()}
            key = f"{entry.company_id}:{tried}" + (f":{today}" if kind == DUE else "")
            notify(session, company_people(session, entry.company_id), kind, key, about)


def _kind(tried: date, figures: CheckInRules, today: date, since: date) -> str:
    """Which reminder fell due in these days; empty for none."""
    if since <= figures.unchecked_from(tried) <= today:
        return UNCHECKED
    days = (due_on(tried, figures) - timedelta(days=before) for before in figures.remind_before)
    return DUE if any(since <= day <= today for day in days) else ""


def _check_in_open(session: Session, award_id: int) -> bool:
    due = due_under(session, session.get(Award, award_id))
    return due is not None and due.open
