"""The company's home: what comes next, the award's life from its first day to its last, and what follows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.agenda import Entry, Kind, agenda
from compliance.actions.renewing import renewal_opens
from compliance.domain.standing import IN_FORCE, Standing
from compliance.journeys.agenda_words import Words, words_of
from compliance.journeys.language import gettext as _
from compliance.journeys.working_days import days_left
from compliance.store.awards import Award, awards_of, holding_certificate

SHOWN = IN_FORCE | {Standing.SUSPENDED}


@dataclass(frozen=True)
class Day:
    """A day with its words."""

    entry: Entry
    words: Words
    late: bool


@dataclass(frozen=True)
class Milestone:
    """A day in the life of an award; `when` is past, today or ahead."""

    title: str
    day: date
    when: str


def days(session: Session, company_id: int, today: date) -> list[Day]:
    """What the company owes or waits for, the earliest first; the next reply stands above them as the next step."""
    entries = agenda(session, company_id, today)
    return [Day(one, words_of(one, company_id), one.late(today)) for one in entries]


def reply(days: list[Day]) -> dict[str, Any]:
    """The reply that is awaited, the working days left for it, and its very last day: nothing comes before it."""
    found = next((day for day in days if day.entry.kind is Kind.REPLY), None)
    if found is None:
        return {"reply": None}
    lapses = next(day.entry.day for day in days if day.entry.kind is Kind.LAPSE)
    return {"reply": found, "reply_left": days_left(found.entry.day), "lapses_on": lapses}


def awards(session: Session, company_id: int, today: date) -> dict[str, Any]:
    """Every award, and the one to show beside the page: in force or suspended, with what of its certificate is made."""
    found = awards_of(session, company_id)
    shown = next((award for award in found if award.standing(today) in SHOWN), None)
    certificate = holding_certificate(session, shown.id) if shown else None
    return {
        "awards": found,
        "shown": shown,
        "certificate_ready": bool(certificate and certificate.pdf_sha256),
        "credential_ready": bool(certificate and certificate.credential),
    }


def life(award: Award | None, today: date) -> list[Milestone]:
    """From the first day of an award in force to its last, with today in its place."""
    if award is None or award.standing(today) not in IN_FORCE:
        return []
    known = [
        (_("Award begins"), award.starts),
        (_("Renewal opens"), renewal_opens(award)),
        (_("Last day of the award"), award.ends),
    ]
    if award.standing(today) is Standing.IN_GRACE:
        known.append((_("Last day of grace"), award.term.grace_ends))
    passed = [Milestone(title, day, "past") for title, day in known if day <= today]
    ahead = [Milestone(title, day, "ahead") for title, day in known if day > today]
    return [*passed, Milestone(_("Today"), today, "today"), *ahead]
