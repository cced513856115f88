"""Colleagues who left, were removed, were handed the ownership, and came back."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.jobs.facts.companies import named
from compliance.store.colleague_acts import ColleagueChange
from compliance.store.outbox import Notice
from compliance.store.people import Person

Known = dict[str, Any] | None


def _about(session: Session, found: ColleagueChange, by: int | None, person: Person | None) -> dict[str, Any]:
    about = session.get_one(Person, found.membership.person_id)
    return {
        **named(session, found.company_id),
        "change": found.id,
        "colleague": about.actor().name,
        "by": session.get_one(Person, by).actor().name,
        "role": found.role_before,
        "act": found.act,
        "about_reader": person is not None and person.id == about.id,
    }


def _changed(session: Session, notice: Notice, person: Person | None) -> Known:
    """While it stands; the letter tells how long it can be undone, and nothing of that once it cannot."""
    found = session.get_one(ColleagueChange, notice.values["change"])
    if found.undone_at is not None:
        return None
    until = found.undo_until if clock.now() < found.undo_until else None
    return {**_about(session, found, found.acted_by, person), "at": found.acted_at, "until": until}


def _restored(session: Session, notice: Notice, person: Person | None) -> Known:
    """What happened stays true."""
    found = session.get_one(ColleagueChange, notice.values["change"])
    return {**_about(session, found, found.undone_by, person), "at": found.undone_at}


FACTS = {
    "colleague_left": _changed,
    "colleague_removed": _changed,
    "colleague_handed_over": _changed,
    "colleague_restored": _restored,
}
