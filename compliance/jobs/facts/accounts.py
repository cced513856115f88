"""Accounts: links that still open something, and acts with the moment they happened."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.addresses import state_of
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.people import Invitation, Person, person_by_email


def _happened(_session: Session, notice: Notice, _person: Person | None) -> dict[str, Any]:
    """What happened stays true when its moment is told."""
    return {**notice.values, "at": notice.queued_at}


def _address_asked(session: Session, notice: Notice, person: Person | None) -> dict[str, Any] | None:
    """Once the address has changed another letter says so."""
    changed = person is not None and person.email != notice.email
    return None if changed else _happened(session, notice, person)


def _link(_session: Session, notice: Notice, person: Person | None) -> dict[str, Any] | None:
    """A link that is sealed with the account's state works until that changes or the time is over."""
    until = datetime.fromisoformat(notice.values["until"])
    state = notice.values.get("state")
    dead = person is None or (state is not None and state != state_of(person))
    return None if dead or clock.now() >= until else {**notice.values, "until": until}


def _confirm(session: Session, notice: Notice, person: Person | None) -> dict[str, Any] | None:
    confirmed = person is not None and person.confirmed_at is not None
    return None if confirmed else _link(session, notice, person)


def _new_address(session: Session, notice: Notice, person: Person | None) -> dict[str, Any] | None:
    """Nobody can take an address that has an account by now."""
    return _link(session, notice, person) if person_by_email(session, notice.email) is None else None


def _invited(session: Session, notice: Notice, _person: Person | None) -> dict[str, Any] | None:
    made = session.get_one(Invitation, notice.values["invitation"])
    if made.accepted_at or made.cancelled_at or made.expires_at <= clock.now():
        return None
    inviter = session.get(Person, made.invited_by) if made.invited_by is not None else None
    company = session.get(Company, made.company_id) if made.company_id is not None else None
    names = {"company_km": company.name_km, "company_latin": company.name_latin} if company else {}
    return {
        **names,
        "link": notice.values["link"],
        "until": made.expires_at,
        "inviter": inviter.actor().name if inviter else "system",
        "role": made.company_role or made.staff_role,
    }


FACTS = {
    "account_confirm": _confirm,
    "account_exists": _happened,
    "account_reset": _link,
    "account_password_changed": _happened,
    "account_address_confirm": _new_address,
    "account_address_asked": _address_asked,
    "account_address_changed": _happened,
    "account_new_second_factor": _happened,
    "account_identity_bound": _happened,
    "account_invited": _invited,
    "account_staff_invited": _invited,
}
