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
from compliance.store.register_search import narrow_entries

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

    While a check-in can be sent in time it asks the same, and its own reminders tell of it.
    """
    for entry in narrow_entries(session, today):
        tried = last_tried(entry) if entry.services and entry.standing(today) in IN_FORCE else None
        kind, day = _newest(tried, rules(entry.edition), today, since) if tried else ("", None)
        if tried and kind and not (kind == DUE and _check_in_asks(session, entry.award_id)):
            about = {"company": entry.company_id, "award": entry.award_id, "tried": tried.isoformat()}
            notify(session, company_people(session, entry.company_id), kind, f"{entry.company_id}:{tried}:{day}", about)


def _newest(tried: date, figures: CheckInRules, today: date, since: date) -> tuple[str, date | None]:
    """Which reminder fell due last in these days, and when; empty for none."""
    due = due_on(tried, figures)
    days = {due - timedelta(days=before): DUE for before in figures.remind_before}
    days[figures.unchecked_from(tried)] = UNCHECKED
    day = max((day for day in days if since <= day <= today), default=None)
    return (days[day], day) if day else ("", None)


def _check_in_asks(session: Session, award_id: int) -> bool:
    """Until its day has passed; one that is late is another matter."""
    due = due_under(session, session.get(Award, award_id))
    return due is not None and due.open and not due.passed
