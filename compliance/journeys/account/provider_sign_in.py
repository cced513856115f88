"""The account behind an identity: signed in to like any other, second factor included, and bound once that is done."""

from dataclasses import asdict
from typing import Any

from flask import session
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import identities, invitations
from compliance.actions.identities import IdentityRefusedError
from compliance.domain.identity import Identity
from compliance.journeys.account.entering import enter
from compliance.journeys.account.links import public_link
from compliance.journeys.account.provider_trip import PROVED, SECONDS, Trip
from compliance.journeys.language import current_language
from compliance.store.base import db
from compliance.store.identities import bound_identity
from compliance.store.people import Person


def sign_in(write: Session, identity: Identity, trip: Trip) -> Response:
    """Signs in, or leads on to the second factor. Raises IdentityRefusedError, SpentInvitationError, InvalidError."""
    person = _person(write, identity, trip)
    session[PROVED] = {"person": person.id, "at": int(clock.now().timestamp()), "identity": asdict(identity)}
    return enter(person, "oidc", trip.wanted, second_factor=identity.second_factor)


def _person(write: Session, identity: Identity, trip: Trip) -> Person:
    if not trip.invitation:
        return identities.person_for(write, identity)
    person = invitations.accept_with_identity(write, trip.invitation, identity, current_language())
    identities.bind(write, person, identity, public_link("account.home", person.language))
    return person


def finish(person: Person) -> bool:
    """After everything asked for was passed: binds what the provider proved in this browser. False without it."""
    proved: dict[str, Any] | None = session.pop(PROVED, None)
    if proved is None or proved["person"] != person.id or clock.now().timestamp() - proved["at"] > SECONDS:
        return False
    identity = Identity(**proved["identity"])
    identities.bind(db.session(), person, identity, public_link("account.home", person.language))
    return True


def forget() -> None:
    """Somebody signs in another way: what was proved before it counts no more."""
    session.pop(PROVED, None)


def again(identity: Identity, trip: Trip) -> None:
    """Whoever is signed in proved once more who they are, just now. Raises IdentityRefusedError."""
    bound = bound_identity(db.session(), identity)
    own = bound is not None and current_user.is_authenticated and bound.person_id == current_user.id
    if not own:
        raise IdentityRefusedError("identity_other_account")
    if identity.authenticated_at is None or identity.authenticated_at < trip.began - 60:
        raise IdentityRefusedError("identity_not_fresh")
    session["fs_paa"] = clock.now().timestamp()
