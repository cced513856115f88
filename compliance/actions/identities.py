"""Signing in as somebody whom another organisation knows: which account that opens, bound once, removed again."""

import sqlalchemy.exc
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.errors import ForbiddenError
from compliance.domain.identity import Identity
from compliance.domain.roles import Actor, Role
from compliance.store.audit import record
from compliance.store.identities import BoundIdentity, bound_identity, identities_of, identity_of
from compliance.store.people import Person, person_by_email


class IdentityRefusedError(ForbiddenError):
    """The provider knows this person, but no account opens to them. `reason` says why."""


def person_for(session: Session, identity: Identity) -> Person:
    """The account that this identity opens. Nothing is bound yet. Raises IdentityRefusedError.

    A bound subject decides, whatever address the provider tells by now. Only at first is the account found by the
    address, and only one that no other subject has: an address that was given to somebody else opens nothing.
    """
    require_verified(identity)
    bound = bound_identity(session, identity)
    named = person_by_email(session, identity.email)
    person = session.get_one(Person, bound.person_id) if bound is not None else named
    if person is None:
        raise IdentityRefusedError("identity_unknown")
    if named is not None and named.id != person.id:
        raise IdentityRefusedError("identity_other_account")
    if bound is None and identity_of(session, identity.issuer, person.id) is not None:
        raise IdentityRefusedError("identity_other_subject")
    if not person.active:
        raise IdentityRefusedError("identity_inactive")
    if person.confirmed_at is None:
        raise IdentityRefusedError("identity_unconfirmed")
    return person


def require_verified(identity: Identity) -> None:
    """An address that nobody verified could be anybody's."""
    if not identity.email or not identity.email_verified:
        raise IdentityRefusedError("identity_unverified")


def bind(session: Session, person: Person, identity: Identity, link: str) -> bool:
    """From now on the subject alone opens the account; its owner gets a mail. False when it was bound to it already.

    Raises IdentityRefusedError when somebody was faster: two accounts, or two subjects.
    """
    bound = bound_identity(session, identity)
    if bound is not None and bound.person_id == person.id:
        return False
    if bound is not None or identity_of(session, identity.issuer, person.id) is not None:
        raise IdentityRefusedError("identity_other_subject")
    row = BoundIdentity(issuer=identity.issuer, subject=identity.subject, person_id=person.id, since=clock.now())
    session.add(row)
    try:
        session.flush()
    except sqlalchemy.exc.IntegrityError as error:
        raise IdentityRefusedError("identity_other_subject") from error
    record(session, clock.now(), person.actor(), "account:identity:bound", "person", person.id, identity=row.id)
    notify(session, [person], "account_identity_bound", f"{person.id}:{row.id}", {"account_link": link})
    return True


def unbind(session: Session, actor: Actor, person_id: int) -> int:
    """Removes what binds the person's account to providers: their own act or an administrator's. Returns how many."""
    if actor.user_id != person_id:
        actor.require(Role.ADMINISTRATOR)
    rows = identities_of(session, person_id)
    for row in rows:
        session.delete(row)
        record(session, clock.now(), actor, "account:identity:removed", "person", person_id, identity=row.id)
    session.flush()
    return len(rows)
