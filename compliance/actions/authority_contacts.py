"""Whom authorities may call at a company: given by its people, sealed at once, read for a reason that is recorded."""

import json
from dataclasses import asdict, dataclass

from cryptography.fernet import MultiFernet
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.ties import require_no_tie
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor, Role
from compliance.store.audit import record
from compliance.store.contact_keys import unsealed
from compliance.store.law_contacts import LawContact, all_law_contacts, law_contact_of
from compliance.store.people import require_colleague_now

MAY_GIVE = MAY_EDIT | MAY_SIGN
LONGEST, LONGEST_REASON = 120, 500


@dataclass(frozen=True)
class AuthorityContact:
    """A person and a deputy, how to reach them, and when."""

    name: str
    telephone: str
    hours: str
    deputy: str = ""
    email: str = ""

    def checked(self) -> "AuthorityContact":
        """Tidy. Raises InvalidError."""
        tidy = AuthorityContact(**{name: text.strip() for name, text in asdict(self).items()})
        for name, text in asdict(tidy).items():
            if len(text) > LONGEST:
                raise InvalidError(name, "Use at most %(length)s characters.", length=LONGEST)
            if not text and name in {"name", "telephone", "hours"}:
                raise InvalidError(name, "Fill this in.")
        return tidy


def give(session: Session, actor: Actor, company_id: int, contact: AuthorityContact, keys: MultiFernet) -> LawContact:
    """Sealed in the place of what was given before. Raises InvalidError."""
    hold_company(session, company_id)
    require_colleague_now(session, actor, company_id, MAY_GIVE)
    sealed = keys.encrypt(json.dumps(asdict(contact.checked()), ensure_ascii=False).encode())
    found = law_contact_of(session, company_id)
    if found is None:
        found = LawContact(company_id=company_id, sealed=sealed, saved_by=actor.user_id or 0, saved_at=clock.now())
        session.add(found)
    else:
        found.sealed, found.saved_by, found.saved_at = sealed, actor.user_id or 0, clock.now()
    session.flush()
    record(session, clock.now(), actor, "officer:company:authority_contact_given", "company", company_id)
    return found


def read_contact(
    session: Session, actor: Actor, company_id: int, reason: str, keys: MultiFernet
) -> tuple[AuthorityContact, LawContact]:
    """The contact, for somebody of the ministry without a tie, who says why; who read it, and why, is recorded.

    Raises ForbiddenError, NotFoundError when none was given, InvalidError without a reason, SealedError.
    """
    actor.require(Role.REVIEWER, Role.APPROVER)
    require_no_tie(session, actor, company_id)
    words = reason.strip()
    if not words:
        raise InvalidError("reason", "Say why you need to read it.")
    if len(words) > LONGEST_REASON:
        raise InvalidError("reason", "Use at most %(length)s characters.", length=LONGEST_REASON)
    found = law_contact_of(session, company_id)
    if found is None:
        raise NotFoundError
    contact = AuthorityContact(**json.loads(unsealed(keys, found.sealed)))
    record(session, clock.now(), actor, "staff:law_contact:read", "law_contact", found.id, reason=words)
    return contact, found


def seal_anew(session: Session, keys: MultiFernet) -> int:
    """Every contact with the newest key; returns how many. Raises SealedError when one cannot be opened."""
    found = all_law_contacts(session)
    for one in found:
        one.sealed = keys.encrypt(unsealed(keys, one.sealed))
    session.flush()
    return len(found)
