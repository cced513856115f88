"""The calendar entry that a mail carries: the one day that its letter asks its reader to keep."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from icalendar import Calendar, Event

from compliance import clock
from compliance.jobs.facts import Told
from compliance.jobs.letters import Letter
from compliance.store.outbox import Notice


class Kept(NamedTuple):
    """Which value of a letter is the day, and under which name the company's own calendar feed holds it (if it does).

    The same name makes a calendar program show the day once, however many mails and feeds bring it.
    """

    day: str
    name: str = ""
    subject: str = ""


DAYS: Mapping[str, Kept] = {
    "appeal_due": Kept("decide_by"),
    "appeal_ends": Kept("appeal_until", "appeal", "contests"),
    "appeal_waiting": Kept("take_up_by"),
    "assessment_refused": Kept("appeal_until", "appeal", "contests"),
    "award_hearing": Kept("until", "hearing", "proposal"),
    "award_revoked": Kept("appeal_until", "appeal", "contests"),
    "award_suspended": Kept("appeal_until", "appeal", "contests"),
    "check_in_due": Kept("due_on", "check_in", "code"),
    "clarification_asked": Kept("due_on", "reply", "clarification"),
    "clarification_due": Kept("due_on", "reply", "clarification"),
    "concern_asked": Kept("reply_by", "concern", "concern"),
    "concern_reply_due": Kept("reply_by", "concern", "concern"),
    "concern_waiting": Kept("acknowledge_by"),
    "reminder_after": Kept("grace_ends", "grace", "code"),
    "reminder_before": Kept("ends", "end", "code"),
    "spot_check_found": Kept("mend_by", "spot_check", "check"),
    "spot_check_told": Kept("due_on", "spot_check", "check"),
    "ways_due": Kept("due_on", "ways", "company_id"),
}


def day_of(notice: Notice, told: Told, letter: Letter, page: str, host: str) -> bytes | None:
    """The entry as RFC 5545 writes it; None for a letter that tells no day, or one that is over."""
    kept = DAYS.get(notice.kind)
    day = told.values.get(kept.day) if kept else None
    if kept is None or day is None or _date(day) < clock.today():
        return None
    event = Event()
    event.add("uid", f"{_name(kept, notice, told)}@{host}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", _date(day))
    event.add("summary", letter.subject)
    event.add("url", page)
    event.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", "-//Champion Companies//Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _date(day: date | datetime) -> date:
    return clock.day_of(day) if isinstance(day, datetime) else day


def _name(kept: Kept, notice: Notice, told: Told) -> str:
    subject = told.values.get(kept.subject) or notice.values.get(kept.subject)
    return f"{kept.name}-{subject}" if subject else f"{notice.kind}-{notice.id}"
