"""The company's home: what comes next, the award's life from its first day to its last, and what follows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.agenda import Entry, Records, agenda
from compliance.actions.renewing import renewal_opens
from compliance.domain.standing import HELD, IN_FORCE, Standing
from compliance.journeys.agenda_words import Words, words_of
from compliance.journeys.language import gettext as _
from compliance.store.awards import Award, holding_certificate


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


def days(session: Session, records: Records) -> list[Day]:
    """What the company owes or waits for, the earliest first; the next reply stands above them as the next step."""
    return [Day(one, words_of(one, records.company_id), one.late(records.today)) for one in agenda(session, records)]


def awards(session: Session, found: list[Award], today: date) -> dict[str, Any]:
    """Every award, and the one to show beside the page: in force or suspended, with what of its certificate is made."""
    shown = next((award for award in found if award.standing(today) in HELD), None)
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
