"""Who may do what: proposals while another administrator can confirm them, and what two of them agreed on."""

from typing import Any

from sqlalchemy.orm import Session

from compliance.domain.roles import MAY_SEE, Role
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.access import AccessProposal
from compliance.store.awards import Outcome
from compliance.store.outbox import Notice
from compliance.store.people import Invitation, Person

Known = dict[str, Any] | None
NO_COMPANY = {"company_km": "", "company_latin": ""}


def _proposal(session: Session, notice: Notice) -> AccessProposal:
    return session.get_one(AccessProposal, notice.values["access"])


def _name(session: Session, person_id: int | None) -> str:
    return session.get_one(Person, person_id).actor().name


def _facts(session: Session, found: AccessProposal) -> dict[str, Any]:
    company = named(session, found.company_id) if found.company_id is not None else NO_COMPANY
    proposer = _name(session, found.proposed_by)
    about = {"access": found.id, "act": found.act.value, "email": found.email, "roles": found.roles}
    return {**company, **about, "proposer": proposer}


def _waiting(session: Session, notice: Notice, person: Person | None) -> Known:
    found = _proposal(session, notice)
    if not found.open or not holds(person, Role.ADMINISTRATOR):
        return None
    return {**_facts(session, found), "until": found.lapses_at}


def _confirmed(session: Session, notice: Notice, _person: Person | None) -> Known:
    """What happened stays true."""
    found = _proposal(session, notice)
    return {**_facts(session, found), "confirmer": _name(session, found.closed_by), "at": found.closed_at}


def _off(session: Session, notice: Notice, person: Person | None) -> Known:
    """While the account is off."""
    found = session.get_one(Person, notice.values["off"])
    if found.active or not holds(person, Role.ADMINISTRATOR):
        return None
    return {"email": found.email, "by": _name(session, notice.values["by"]), "at": notice.queued_at}


def _factor(session: Session, notice: Notice, _person: Person | None) -> Known:
    """What happened stays true."""
    found = session.get_one(Person, notice.values["reset"])
    return {"email": found.email, "by": _name(session, notice.values["by"]), "at": notice.queued_at}


def _command(session: Session, notice: Notice, person: Person | None) -> Known:
    made = session.get_one(Invitation, notice.values["invited"])
    if not holds(person, Role.ADMINISTRATOR) or made.cancelled_at is not None:
        return None
    return {"email": made.email, "role": made.staff_role, "at": made.invited_at}


def _owner(session: Session, notice: Notice, person: Person | None) -> Known:
    """While it waits, or (restored) for good."""
    found = _proposal(session, notice)
    company_id = found.company_id or 0
    so = found.open if notice.kind == "owner_waiting" else found.outcome is Outcome.CONFIRMED
    if not so or not colleague(person, company_id, MAY_SEE):
        return None
    told = {**named(session, company_id), "email": found.email}
    return told if notice.kind == "owner_waiting" else {**told, "at": found.closed_at}


FACTS = {
    "access_waiting": _waiting,
    "access_confirmed": _confirmed,
    "access_off": _off,
    "access_factor": _factor,
    "access_command": _command,
    "owner_waiting": _owner,
    "owner_restored": _owner,
}
