"""Who may do what on the ministry's side, and who owns a company that lost its owner: two administrators each.

One administrator proposes, another confirms; nobody confirms what is about themselves.
"""

from collections.abc import Collection

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.accounts import (
    existing,
    give_roles,
    require_administrator,
    require_apart,
    require_no_company,
    switch_on,
)
from compliance.actions.colleagues import make_owner, require_may_own
from compliance.actions.invitations import LinkFor, invite_owner, invite_staff, require_nobody_else_s, require_staff_may
from compliance.actions.notifying import company_people, notify
from compliance.actions.second_administrator import require_proposer
from compliance.actions.ties import require_no_tie, require_other_untied
from compliance.actions.two_people import close, is_confirmed_by, locked, require_second, to_withdraw
from compliance.domain.addresses import normal_address
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor, CompanyRole, Role
from compliance.store.access import AccessAct, AccessProposal, unclosed_access
from compliance.store.audit import record
from compliance.store.awards import Outcome
from compliance.store.companies import Company
from compliance.store.people import Person, people_with_role, person_by_email, rights_now

LONGEST_REASON = 2_000


def propose_invitation(
    session: Session, actor: Actor, email: str, role: Role, lang: str, reason: str = ""
) -> AccessProposal:
    """Somebody shall be invited to the ministry's side. Raises InvalidError on `email`, `roles`."""
    require_administrator(session, actor)
    email = normal_address(email)
    person = person_by_email(session, email)
    if person is not None:
        if person.id == actor.user_id:
            raise InvalidError("email", "Nobody changes their own role.")
        require_staff_may(person, role)
    require_nobody_else_s(session, email, person and person.id)
    return _open(session, actor, AccessAct.INVITE, email, person, [role], lang, reason)


def propose_roles(
    session: Session, actor: Actor, person_id: int, roles: Collection[Role], reason: str = ""
) -> AccessProposal:
    """Somebody else shall have exactly `roles`. Raises InvalidError on `roles`."""
    require_administrator(session, actor)
    person = _other(session, actor, person_id)
    wanted = sorted(set(roles))
    require_apart(frozenset(wanted))
    require_no_company(person, "roles")
    if wanted == _roles_of(person):
        raise InvalidError("roles", "These are the roles already.")
    return _open(session, actor, AccessAct.ROLES, person.email, person, wanted, person.language, reason)


def propose_enabling(session: Session, actor: Actor, person_id: int, reason: str = "") -> AccessProposal:
    """An account with staff roles shall be switched on again."""
    require_administrator(session, actor)
    person = _other(session, actor, person_id)
    if person.active:
        raise WrongStateError("enable", "active")
    roles = [Role(role) for role in _roles_of(person)]
    return _open(session, actor, AccessAct.ENABLE, person.email, person, roles, person.language, reason)


def propose_owner(session: Session, actor: Actor, company_id: int, email: str, proof: str, lang: str) -> AccessProposal:
    """A company that lost its owner shall have another; `proof` is what was seen. The company's people are told.

    Raises InvalidError on `email`, `reason`; ForbiddenError for a tie.
    """
    require_administrator(session, actor)
    if session.get(Company, company_id) is None:
        raise NotFoundError
    require_no_tie(session, actor, company_id)
    email = normal_address(email)
    person = person_by_email(session, email)
    if person is not None:
        require_may_own(person, company_id)
    require_nobody_else_s(session, email, person and person.id, staff_only=True)
    if not proof.strip():
        raise InvalidError("reason", "Write what you have seen.")
    proposal = _open(session, actor, AccessAct.OWNER, email, person, [], lang, proof, company_id)
    notify(
        session, company_people(session, company_id, *CompanyRole), "owner_waiting", str(proposal.id), _about(proposal)
    )
    return proposal


def confirm(session: Session, actor: Actor, proposal_id: int, link_for: LinkFor) -> AccessProposal:
    """Another administrator makes it so. `link_for(token, lang)` makes the link of an invitation's mail.

    The same button pressed twice finds it done.
    Raises WrongStateError when it is no longer open, StaleError when the account changed since, ForbiddenError for its
    own proposer, for whom it is about, for a tie, and when the proposer is no administrator any more.
    """
    require_administrator(session, actor)
    proposal = locked(session, AccessProposal, proposal_id)
    if is_confirmed_by(proposal, actor):
        return proposal
    require_second(proposal, actor)
    if proposal.person_id == actor.user_id:
        raise ForbiddenError("own_role")
    require_proposer(session, proposal.proposed_by)
    if proposal.company_id is not None:
        require_no_tie(session, actor, proposal.company_id)
        require_other_untied(session, proposal.proposed_by, proposal.company_id)
    close(session, [proposal], Outcome.CONFIRMED, actor)
    _do(session, actor, proposal, link_for)
    _record(session, actor, proposal, "confirmed")
    administrators = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id != actor.user_id]
    subject = [existing(session, proposal.person_id)] if proposal.person_id and not proposal.company_id else []
    notify(session, [*administrators, *subject], "access_confirmed", str(proposal.id), _about(proposal))
    return proposal


def _do(session: Session, actor: Actor, proposal: AccessProposal, link_for: LinkFor) -> None:
    match proposal.act:
        case AccessAct.INVITE:
            invite_staff(
                session, actor, proposal.email, Role(proposal.roles[0]), proposal.language, link_for, proposal=proposal
            )
        case AccessAct.ROLES:
            give_roles(session, proposal)
        case AccessAct.ENABLE:
            switch_on(session, proposal)
        case AccessAct.OWNER:
            _give_company(session, actor, proposal, link_for)


def _give_company(session: Session, actor: Actor, proposal: AccessProposal, link_for: LinkFor) -> None:
    """To the account, or by an invitation where there is none yet; the company's people are told."""
    company_id = proposal.company_id or 0
    people = company_people(session, company_id, *CompanyRole)
    person = person_by_email(session, proposal.email)
    if person is None:
        invite_owner(session, actor, proposal, link_for)
    else:
        make_owner(session, actor, company_id, person)
    notify(session, [one for one in people if one is not person], "owner_restored", str(proposal.id), _about(proposal))


def withdraw(session: Session, actor: Actor, proposal_id: int) -> AccessProposal:
    """Whoever proposed takes it back; the same button pressed twice finds it done."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    proposal = locked(session, AccessProposal, proposal_id)
    if not to_withdraw(proposal, actor):
        return proposal
    close(session, [proposal], Outcome.WITHDRAWN, actor)
    record(session, clock.now(), actor, "admin:access:withdrawn", "access", proposal.id, act=proposal.act)
    return proposal


def _other(session: Session, actor: Actor, person_id: int) -> Person:
    if actor.user_id == person_id:
        raise ForbiddenError("own_role")
    return existing(session, person_id)


def _roles_of(person: Person) -> list[str]:
    return sorted(role.name for role in person.roles)


def _open(
    session: Session,
    actor: Actor,
    act: AccessAct,
    email: str,
    person: Person | None,
    roles: Collection[Role],
    lang: str,
    reason: str,
    company_id: int | None = None,
) -> AccessProposal:
    unclosed = unclosed_access(session, email, company_id)
    if any(one.open for one in unclosed):
        field = "roles" if act is AccessAct.ROLES else "email"
        raise InvalidError(field, "Something is proposed here already: confirm or withdraw that first.")
    close(session, unclosed, Outcome.LAPSED)
    proposal = AccessProposal(
        act=act,
        person_id=person.id if person else None,
        email=email,
        company_id=company_id,
        before=_roles_of(person) if person else [],
        roles=[role.value for role in roles],
        language=lang,
        reason=reason.strip()[:LONGEST_REASON],
        proposed_by=actor.user_id or 0,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    _record(session, actor, proposal, "proposed")
    others = {actor.user_id, proposal.person_id}
    administrators = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id not in others]
    notify(session, administrators, "access_waiting", str(proposal.id), _about(proposal))
    return proposal


def _about(proposal: AccessProposal) -> dict[str, int]:
    return {"access": proposal.id}


def _record(session: Session, actor: Actor, proposal: AccessProposal, done: str) -> None:
    content = {"proposal": proposal.id, "email": proposal.email, "before": proposal.before, "roles": proposal.roles}
    if proposal.company_id is not None:
        tag = f"admin:company:owner_{done}"
        record(session, clock.now(), actor, tag, "company", proposal.company_id, **content, proof=proposal.reason)
    else:
        tag = f"admin:access:{proposal.act}_{done}"
        record(session, clock.now(), actor, tag, "access", proposal.id, **content, person=proposal.person_id)
