"""Check-ins: when they are due, while they are not sent and the award stands."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.checking_in import MAY_CHECK_IN, rules
from compliance.domain.standing import IN_FORCE
from compliance.jobs.facts.awards import STANDING, award_facts
from compliance.jobs.facts.companies import colleague
from compliance.store.awards import Award
from compliance.store.check_ins import check_in_of
from compliance.store.outbox import Notice
from compliance.store.people import Person

Known = dict[str, Any] | None


def _due(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _told(session, notice, person)
    return found if found and found["days"] >= 0 else None


def _late(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _told(session, notice, person)
    return found if found and found["days"] < 0 else None


def _told(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever may save or send it; `days` are left, or (negative) have gone by."""
    award, today = session.get_one(Award, notice.values["award"]), clock.today()
    due_on = date.fromisoformat(notice.values["check_in"])
    if award.last_act not in STANDING or award.standing(today) not in IN_FORCE:
        return None
    found = check_in_of(session, award.id, due_on)
    if (found is not None and found.sent_at is not None) or not colleague(person, award.company_id, MAY_CHECK_IN):
        return None
    return {
        **award_facts(session, award),
        "today": today,
        "due_on": due_on,
        "late_from": rules(award.edition).late_from(due_on),
        "days": (due_on - today).days,
    }


FACTS = {
    "check_in_due": _due,
    "check_in_late": _late,
}
