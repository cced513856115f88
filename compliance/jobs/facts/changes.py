"""Change requests of awarded companies: while they wait, and what became of them while that is the last word; what
companies declare, while nobody has seen it."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import Role
from compliance.jobs.facts.awards import counts
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.awards import award_by_number, certificate_by_number
from compliance.store.change_declarations import ChangeDeclaration
from compliance.store.changes import Answered, ChangeRequest, confirmed_changes, names_before
from compliance.store.outbox import Notice
from compliance.store.people import Person
from compliance.store.ties import ties_of

Known = dict[str, Any] | None


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    found = session.get_one(ChangeRequest, notice.values["change"])
    waits = found.answered is None and holds(person, Role.REVIEWER)
    return named(session, found.company_id) if waits else None


def _confirmed(session: Session, notice: Notice, person: Person | None) -> Known:
    """Until the register shows something newer."""
    found = session.get_one(ChangeRequest, notice.values["change"])
    if not colleague(person, found.company_id):
        return None
    if confirmed_changes(session, found.company_id)[-1].id != found.id:
        return None
    waiting = [number for number in notice.values.get("numbers", ()) if _in_the_making(session, number)]
    awards = [award for number in waiting if (award := award_by_number(session, number))]
    return {
        **named(session, found.company_id),
        "renamed": bool(names_before(found)),
        "numbers": waiting,
        "follows": any(counts(award) for award in awards),
    }


def _in_the_making(session: Session, number: str) -> bool:
    """Whether a certificate is still to be issued; another letter tells when it is."""
    certificate = certificate_by_number(session, number)
    return certificate is not None and certificate.issued_at is None and certificate.replaced_at is None


def _declined(session: Session, notice: Notice, person: Person | None) -> Known:
    found = session.get_one(ChangeRequest, notice.values["change"])
    if found.answered is not Answered.DECLINED or not colleague(person, found.company_id):
        return None
    later = confirmed_changes(session, found.company_id)[-1:]
    overtaken = any(one.id > found.id for one in later)
    return None if overtaken else {**named(session, found.company_id), "reason": found.reason}


def _declared(session: Session, notice: Notice, person: Person | None) -> Known:
    """For a reviewer without a tie, while nobody has seen it."""
    found = session.get_one(ChangeDeclaration, notice.values["declaration"])
    if found.seen_at is not None or person is None or not holds(person, Role.REVIEWER):
        return None
    if ties_of(session, person.id, [found.company_id], clock.now()):
        return None
    return {**named(session, found.company_id), "award_number": found.award.number}


FACTS = {
    "declaration_waiting": _declared,
    "change_waiting": _waiting,
    "change_confirmed": _confirmed,
    "change_declined": _declined,
}
