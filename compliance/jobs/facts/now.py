"""From a notice to whom it is told and what its letter may say now; None when it is no longer true at all."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from compliance.domain.notices import DIGEST, OPTIONAL, OptionalMail
from compliance.jobs.facts import (
    access,
    accounts,
    administration,
    appeals,
    assessments,
    awards,
    changes,
    check_ins,
    clarifications,
    colleagues,
    concerns,
    editions,
    holidays,
    reminders,
    second_scorings,
    spot_checks,
    ways,
)
from compliance.store.outbox import Notice, held, is_newest
from compliance.store.people import Person

Values = Mapping[str, Any]
Facts = Callable[[Session, Notice, Person | None], Values | None]


def _together(session: Session, _notice: Notice, person: Person | None) -> Values | None:
    """The mail of the day: what is held for it and still true; one that tells of nothing known is left out."""
    if person is None or person.optional_mail is not OptionalMail.DAILY:
        return None
    waiting = []
    for one in held(session, person.id):
        with suppress(LookupError, NoResultFound):
            told = told_now(session, one)
            waiting += [{"kind": one.kind, "values": told.values, "notice": one.id}] if told else []
    return {"waiting": waiting, "notices": [one["notice"] for one in waiting]} if waiting else None


FACTS: Mapping[str, Facts] = {
    DIGEST: _together,
    **access.FACTS,
    **accounts.FACTS,
    **administration.FACTS,
    **appeals.FACTS,
    **assessments.FACTS,
    **awards.FACTS,
    **changes.FACTS,
    **check_ins.FACTS,
    **clarifications.FACTS,
    **colleagues.FACTS,
    **concerns.FACTS,
    **editions.FACTS,
    **holidays.FACTS,
    **reminders.FACTS,
    **second_scorings.FACTS,
    **spot_checks.FACTS,
    **ways.FACTS,
}


@dataclass(frozen=True)
class Told:
    """A letter about to be written: to which address, in which language, from which values."""

    email: str
    language: str
    values: Values


def told_now(session: Session, notice: Notice) -> Told | None:
    """None when the notice has been overtaken: the letter would say what is so no more, or to the wrong person.

    Raises LookupError for a notice whose kind or references are not known.
    """
    account = notice.kind.startswith("account_")
    person = session.get(Person, notice.person_id) if notice.person_id is not None else None
    if not account and person is not None and not person.active:
        return None
    if person is not None and notice.kind in OPTIONAL and person.optional_mail is OptionalMail.NONE:
        return None
    values = FACTS[notice.kind](session, notice, person)
    if values is None or (not account and not is_newest(session, notice)):
        return None
    name = person.full_name if person else notice.values.get("name", "")
    if person is None or account:  # these go to the address that the act was about
        return Told(notice.email, notice.language, {"name": name, **values})
    return Told(person.email, person.language, {"name": name, **values})
