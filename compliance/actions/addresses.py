"""Another address for one's account: asked for with the password, real once somebody who reads the new one says so."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy.exc
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.accounts import existing, require_some_password
from compliance.actions.invitations import take_back_all
from compliance.actions.notifying import notify
from compliance.actions.passwords import is_right
from compliance.domain.addresses import normal_address
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor
from compliance.store.audit import record
from compliance.store.outbox import insert_once
from compliance.store.people import Person, person_by_email
from compliance.store.sessions import digest, end_browsers
from compliance.store.ties import FormerDomain

WITHIN = timedelta(hours=24)


class SpentAddressLinkError(NotFoundError):
    """The link was used, has run out or is somebody else's; which of them is nobody's business."""


@dataclass(frozen=True)
class Wish:
    """What a link to a new address carries, under the portal's seal. `state` is the account's as it was then."""

    person_id: int
    email: str
    state: str
    until: datetime


def wish_for(person: Person, email: str) -> Wish:
    return Wish(person.id, normal_address(email), state_of(person), clock.now() + WITHIN)


def state_of(person: Person) -> str:
    """Differs after each change of address or password, so that a link works once and dies with the old password."""
    return digest(f"{person.fs_uniquifier}:{person.email}")


def require_password(person: Person, password: str) -> None:
    """The person's own, once more. Raises InvalidError. Slow: call it before a write transaction begins."""
    require_some_password(person)
    if not is_right(password, person.password):
        raise InvalidError("password", "This is not your password.")


def ask(session: Session, actor: Actor, wish: Wish, link: str, reset_link: str) -> None:
    """Owes the mail with `link` to the new address and a notice to the present one; nothing changes yet.

    An address that has an account gets no mail, and the asker cannot tell. Raises InvalidError for one's own address.
    """
    person = existing(session, actor.user_id or 0)
    if wish.email == person.email:
        raise InvalidError("email", "This is your address already.")
    about = f"{person.id}:{secrets.token_hex(8)}"
    values = {"link": link, "until": wish.until.isoformat(), "state": wish.state}
    if person_by_email(session, wish.email) is None:
        moment = clock.now()
        notice = {
            "key": f"account_address_confirm:{about}",
            "kind": "account_address_confirm",
            "person_id": person.id,
            "email": wish.email,
            "language": person.language,
            "values": values,
            "queued_at": moment,
            "due_at": moment,
            "attempts": 0,
            "last_error": "",
        }
        insert_once(session, [notice])
    notify(session, [person], "account_address_asked", about, {"reset_link": reset_link})
    record(session, clock.now(), actor, "account:address:asked", "person", person.id)


def change(session: Session, actor: Actor, wish: Wish, keep: str | None = None) -> Person:
    """The new address is the account's from now on; other browsers than `keep` are signed out, older links are dead.

    Only whoever is signed in as the person may: a mail to a mistyped address must not open the account to its reader.
    """
    person = session.get(Person, actor.user_id or 0, with_for_update={"of": Person}, populate_existing=True)
    person = require_open(session, person, wish)
    notify(session, [person], "account_address_changed", f"{person.id}:{wish.state}", {})
    _keep_former(session, person)
    take_back_all(session, wish.email)
    person.email = wish.email
    person.confirmed_at = clock.now()
    person.fs_uniquifier = uuid.uuid4().hex
    try:
        session.flush()
    except sqlalchemy.exc.IntegrityError as error:
        raise SpentAddressLinkError from error
    ended = end_browsers(session, person.id, keep=keep)
    record(session, clock.now(), actor, "account:address:changed", "person", person.id, ended=ended)
    return person


def _keep_former(session: Session, person: Person) -> None:
    """Moving to another address unties nobody from the companies of its domain, and makes nobody somebody else."""
    domain = person.email.rpartition("@")[2]
    former = FormerDomain(person_id=person.id, domain=domain, address_sha256=digest(person.email), left_at=clock.now())
    session.add(former)


def require_open(session: Session, person: Person | None, wish: Wish) -> Person:
    """The person, for whom the link still works. Raises SpentAddressLinkError."""
    if person is None or person.id != wish.person_id or state_of(person) != wish.state or clock.now() >= wish.until:
        raise SpentAddressLinkError
    if person_by_email(session, wish.email) is not None:
        raise SpentAddressLinkError
    return person
