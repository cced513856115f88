"""Invitations: a colleague to a company, a person to the ministry's side; a link works once, for two weeks."""

import secrets
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.accounts import create_person, existing, require_apart, require_no_company
from compliance.actions.identities import IdentityRefusedError, require_verified
from compliance.actions.invitation_links import find
from compliance.actions.notifying import notify
from compliance.actions.passwords import require_good
from compliance.domain.addresses import normal_address
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from compliance.domain.identity import Identity
from compliance.domain.roles import MAY_MANAGE, SYSTEM, Actor, CompanyRole, Role
from compliance.store.access import AccessProposal
from compliance.store.audit import record
from compliance.store.companies import Company, company_of
from compliance.store.identities import bound_identity
from compliance.store.outbox import insert_once
from compliance.store.people import (
    Invitation,
    Membership,
    Person,
    colleagues,
    people_with_role,
    person_by_email,
    rights_now,
    role_row,
)
from compliance.store.sessions import digest, end_browsers
from compliance.store.ties import former_holders

VALID_FOR = timedelta(days=14)
LinkFor = Callable[[str, str], str]


def invite_colleague(
    session: Session, actor: Actor, company_id: int, email: str, role: CompanyRole, lang: str, link_for: LinkFor
) -> Invitation:
    """An owner invites somebody to work for the company. `link_for(token, lang)` makes the mail's link."""
    company = company_of(session, actor, company_id, MAY_MANAGE)
    session.refresh(company, with_for_update=True)
    rights_now(session, actor).require_company(company_id, MAY_MANAGE)
    email = normal_address(email)
    if any(colleague.person.email == email for colleague in colleagues(session, company_id)):
        raise InvalidError("email", "This person works for the company already.")
    take_back_earlier(session, email, company_id=company_id)
    made = Invitation(email=email, company_id=company_id, company_role=role)
    return _sent(session, actor, made, "account_invited", lang, link_for)


def invite_staff(
    session: Session,
    actor: Actor,
    email: str,
    role: Role,
    lang: str,
    link_for: LinkFor,
    name: str = "",
    proposal: AccessProposal | None = None,
) -> Invitation:
    """Somebody is invited to the ministry's side: as two administrators agreed (`proposal`), or by the command line.

    Raises StaleError when the address has another account than they saw.
    """
    if proposal is None and actor is not SYSTEM:
        raise ForbiddenError("four_eyes")
    email = normal_address(email)
    person = person_by_email(session, email)
    if proposal is not None and proposal.person_id != (person.id if person else None):
        raise StaleError
    if person is not None:
        require_staff_may(person, role)
    require_nobody_else_s(session, email, person.id if person else None)
    take_back_earlier(session, email, company_id=None)
    made = Invitation(email=email, staff_role=role, proposal_id=proposal.id if proposal else None)
    sent = _sent(session, actor, made, "account_staff_invited", lang, link_for, name)
    if proposal is None:
        administrators = people_with_role(session, Role.ADMINISTRATOR)
        notify(session, administrators, "access_command", str(sent.id), {"invited": sent.id})
    return sent


def invite_owner(session: Session, actor: Actor, proposal: AccessProposal, link_for: LinkFor) -> Invitation:
    """To own a company that lost its owner, as two administrators agreed."""
    require_nobody_else_s(session, proposal.email, None, staff_only=True)
    take_back_earlier(session, proposal.email, company_id=proposal.company_id)
    made = Invitation(
        email=proposal.email, company_id=proposal.company_id, company_role=CompanyRole.OWNER, proposal_id=proposal.id
    )
    return _sent(session, actor, made, "account_invited", proposal.language, link_for)


def require_nobody_else_s(session: Session, email: str, person_id: int | None, *, staff_only: bool = False) -> None:
    """Raises InvalidError when another account had the address: a second account there may be the same person.

    With `staff_only`, an account of the ministry's side: a company's mailbox may go to whoever follows in office.
    """
    others = former_holders(session, digest(email)) - {person_id}
    if any(not staff_only or session.get_one(Person, other).staff for other in others):
        raise InvalidError("email", "Another account had this address before, so nobody can be invited at it.")


def require_staff_may(person: Person, role: Role) -> None:
    """Raises InvalidError when the person may not hold `role` beside what they are already."""
    require_no_company(person, "email")
    require_apart(frozenset({Role(row.name) for row in person.roles} | {role}))


def _sent(
    session: Session,
    actor: Actor,
    made: Invitation,
    kind: str,
    lang: str,
    link_for: LinkFor,
    name: str = "",
) -> Invitation:
    """Stores the invitation with the digest of its token, and owes the mail that carries the token."""
    token, moment = secrets.token_urlsafe(32), clock.now()
    person = person_by_email(session, made.email)
    lang = person.language if person is not None else lang
    made.token_sha256, made.invited_by = digest(token), actor.user_id
    made.person_id = person.id if person else None
    made.invited_at, made.expires_at = moment, moment + VALID_FOR
    session.add(made)
    session.flush()
    notice = {
        "key": f"{kind}:{made.id}",
        "kind": kind,
        "person_id": person.id if person else None,
        "email": made.email,
        "language": lang,
        "values": {
            "name": name,
            "invitation": made.id,
            "link": link_for(token, lang),
        },
        "queued_at": moment,
        "due_at": moment,
        "attempts": 0,
        "last_error": "",
    }
    insert_once(session, [notice])
    _record(session, actor, made, "invited")
    return made


def _record(session: Session, actor: Actor, made: Invitation, act: str) -> None:
    role = made.company_role or made.staff_role
    company = {"company": made.company_id} if made.company_id else {}
    record(session, clock.now(), actor, f"account:invitation:{act}", "invitation", made.id, role=role, **company)


def take_back_earlier(session: Session, email: str, company_id: int | None) -> None:
    """A new invitation replaces an open one to the same address and the same side."""
    for earlier in open_invitations(session, company_id):
        if earlier.email == email:
            earlier.cancelled_at = clock.now()


def take_back_all(session: Session, email: str) -> None:
    """Somebody with an account comes to have the address: what two administrators agreed on was for somebody else."""
    agreed = sa.or_(Invitation.staff_role.is_not(None), Invitation.proposal_id.is_not(None))
    for made in session.scalars(_open().where(Invitation.email == email, agreed)):
        made.cancelled_at = clock.now()


def open_invitations(session: Session, company_id: int | None) -> list[Invitation]:
    """Invitations that still wait, to a company or (None) to the ministry's side; the newest first."""
    side = Invitation.company_id == company_id if company_id is not None else Invitation.company_id.is_(None)
    return list(session.scalars(_open().where(side).order_by(Invitation.id.desc())))


def _open() -> sa.Select[Invitation]:
    return sa.select(Invitation).where(
        Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None), Invitation.expires_at > clock.now()
    )


def cancel(session: Session, actor: Actor, invitation_id: int) -> Invitation:
    """Whoever could have sent it takes it back. Raises NotFoundError for strangers."""
    actor = rights_now(session, actor)
    made = session.get(Invitation, invitation_id, with_for_update=True)
    if made is None:
        raise NotFoundError
    if made.company_id is not None:
        company_of(session, actor, made.company_id, MAY_MANAGE)
    elif not actor.has(Role.ADMINISTRATOR):
        raise NotFoundError
    if made.accepted_at is None and made.cancelled_at is None:
        made.cancelled_at = clock.now()
        _record(session, actor, made, "cancelled")
    return made


def accept_as_new(session: Session, token: str, full_name: str, language: str, password: str) -> Person:
    """Makes the account the invitation was sent to; its address is confirmed, the mail arrived there."""
    made = find(session, token, lock=True)
    require_good(password, "password", (full_name, made.email))
    person = create_person(session, made.email, full_name, language, password)
    _take_up(session, person, made)
    return person


def accept_with_identity(session: Session, token: str, identity: Identity, language: str) -> Person:
    """Makes the account for whom a provider vouches: same address, no password. The caller binds the identity.

    Raises SpentInvitationError, IdentityRefusedError.
    """
    made = find(session, token, lock=True)
    require_verified(identity)
    if identity.email != made.email:
        raise IdentityRefusedError("identity_other_invitation")
    if bound_identity(session, identity) is not None:
        raise IdentityRefusedError("identity_other_account")
    person = create_person(session, made.email, identity.name.strip() or made.email, language, None)
    _take_up(session, person, made)
    return person


def accept(session: Session, actor: Actor, token: str) -> Person:
    """Links the invitation to the actor's account. Raises NotFoundError when it was sent to another address."""
    made = find(session, token, lock=True)
    person = existing(session, actor.user_id or 0)
    if person.email != made.email:
        raise NotFoundError
    _take_up(session, person, made)
    return person


def _require_meant(session: Session, person: Person, made: Invitation) -> None:
    """An invitation is for the account that the address had then, or for a new one: nobody moves to an address to take
    up what waits there. Neither of two administrators takes up what they agreed on themselves.
    """
    if made.person_id != person.id and person.registered_at < made.invited_at:
        raise NotFoundError
    require_nobody_else_s(session, made.email, person.id, staff_only=made.staff_role is None)
    proposal = session.get(AccessProposal, made.proposal_id) if made.proposal_id is not None else None
    if proposal is not None and person.id in {proposal.proposed_by, proposal.closed_by}:
        raise ForbiddenError("own_role")


def _take_up(session: Session, person: Person, made: Invitation) -> None:
    session.refresh(person, with_for_update={"of": Person})
    made.accepted_at = clock.now()
    if made.staff_role is not None or made.proposal_id is not None:
        _require_meant(session, person, made)
    if made.staff_role is not None:
        require_staff_may(person, made.staff_role)
        person.roles = [*person.roles, role_row(session, made.staff_role)]
        end_browsers(session, person.id)
    elif made.company_role is not None:
        if person.roles:
            raise InvalidError("email", "An account on the Ministry's side cannot work for a company.")
        if made.company_id not in person.actor().companies:
            company = session.get_one(Company, made.company_id)
            session.add(Membership(company_id=company.id, role=made.company_role, since=clock.now(), person=person))
    session.flush()
    _record(session, person.actor(), made, "accepted")
