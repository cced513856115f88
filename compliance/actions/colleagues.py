"""Colleagues of a company: their roles, handing ownership over, leaving. A company always keeps an owner."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import company_people, notify
from compliance.actions.undoing import contradiction
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError
from compliance.domain.roles import MAY_MANAGE, MAY_SEE, Actor, CompanyRole
from compliance.store.audit import record
from compliance.store.calendar_feeds import close_feed
from compliance.store.colleague_acts import ColleagueAct, ColleagueChange, to_undo
from compliance.store.companies import Company, company_of
from compliance.store.people import Membership, Person, colleagues, rights_now


def _hold(session: Session, actor: Actor, company_id: int, allowed: frozenset[CompanyRole] = MAY_SEE) -> None:
    """Holds the company and only then reads what the actor may: two owners act on each other one after the other."""
    company = company_of(session, actor, company_id)
    session.refresh(company, with_for_update=True)
    rights_now(session, actor).require_company(company_id, allowed)


def _colleague(session: Session, company_id: int, membership_id: int) -> Membership:
    found = session.get(Membership, membership_id, populate_existing=True)
    if found is None or found.company_id != company_id or found.ended_at is not None:
        raise NotFoundError
    return found


def _own(session: Session, actor: Actor, company_id: int) -> Membership:
    return next(row for row in colleagues(session, company_id) if row.person_id == actor.user_id)


def _other(session: Session, actor: Actor, company_id: int, membership_id: int) -> Membership:
    """Somebody else, for an owner to act on. Who handed the ownership over keeps their place while they can undo it.

    Raises ForbiddenError, InvalidError.
    """
    _hold(session, actor, company_id, MAY_MANAGE)
    colleague = _colleague(session, company_id, membership_id)
    if colleague.person_id == actor.user_id:
        raise ForbiddenError("own_role")
    if any(change.actor_membership_id == colleague.id for change in _handed_over(session, company_id)):
        raise InvalidError(
            "colleague", "This person handed the ownership over and can undo it for a day. Do this after that day."
        )
    return colleague


def _handed_over(session: Session, company_id: int) -> list[ColleagueChange]:
    """What whoever handed over can still undo."""
    found = [one for one in to_undo(session, company_id, clock.now()) if one.act is ColleagueAct.HANDED_OVER]
    return [one for one in found if not contradiction(session, one)]


def set_role(session: Session, actor: Actor, company_id: int, membership_id: int, role: CompanyRole) -> Membership:
    """An owner gives a colleague another role; nobody changes their own."""
    colleague = _other(session, actor, company_id, membership_id)
    before, colleague.role = colleague.role, role
    if before is not role:
        _note(session, actor, colleague, ColleagueAct.ROLE_CHANGED, before)
        _record(session, actor, colleague, "role_changed", before=before, after=role)
    return colleague


def hand_over(session: Session, actor: Actor, company_id: int, membership_id: int) -> Membership:
    """An owner makes a colleague the owner in their place and stays as editor. For a day it can be undone."""
    _hold(session, actor, company_id, MAY_MANAGE)
    heir = _colleague(session, company_id, membership_id)
    if heir.person_id == actor.user_id:
        raise ForbiddenError("own_role")
    own = _own(session, actor, company_id)
    if any(change.membership_id == own.id for change in _handed_over(session, company_id)):
        raise InvalidError(
            "colleague", "The ownership was handed to you, and that can be undone for a day. Hand it on after that day."
        )
    before, heir.role = heir.role, CompanyRole.OWNER
    own.role = CompanyRole.EDITOR
    change = _note(session, actor, heir, ColleagueAct.HANDED_OVER, before, own.id)
    _record(session, actor, heir, "ownership_handed_over", before=before)
    _tell(session, change, heir.person)
    return heir


def remove(session: Session, actor: Actor, company_id: int, membership_id: int) -> Membership:
    """An owner ends a colleague's work for the company; they see nothing of it from now on. Undone for a day."""
    colleague = _other(session, actor, company_id, membership_id)
    _end(session, colleague)
    change = _note(session, actor, colleague, ColleagueAct.REMOVED, colleague.role)
    _record(session, actor, colleague, "removed", role=colleague.role)
    _tell(session, change, colleague.person)
    return colleague


def _end(session: Session, row: Membership) -> None:
    """Also the secret address of their calendar: who comes back makes another."""
    row.ended_at = clock.now()
    close_feed(session, row.person_id, row.company_id)


def leave(session: Session, actor: Actor, company_id: int) -> Membership:
    """The actor stops working for the company. For a day it can be undone. Raises InvalidError for its last owner."""
    _hold(session, actor, company_id)
    own = _own(session, actor, company_id)
    owners = [row for row in colleagues(session, company_id) if row.role is CompanyRole.OWNER]
    if owners == [own]:
        raise InvalidError("colleague", "You are the only owner: hand the ownership over first.")
    _end(session, own)
    change = _note(session, actor, own, ColleagueAct.LEFT, own.role)
    _record(session, actor, own, "left", role=own.role)
    _tell(session, change, own.person)
    return own


def require_may_own(person: Person, company_id: int) -> None:
    """Raises InvalidError on `email` for an account that cannot be made the company's owner."""
    if person.staff:
        raise InvalidError("email", "An account on the Ministry's side cannot work for a company.")
    if not person.active or person.confirmed_at is None:
        raise InvalidError("email", "This account is switched off, or its address is not confirmed yet.")
    if person.actor().companies.get(company_id) is CompanyRole.OWNER:
        raise InvalidError("email", "This person owns the company already.")


def make_owner(session: Session, actor: Actor, company_id: int, person: Person) -> Membership:
    """Two administrators give a company that lost its owner another one. Raises InvalidError."""
    session.refresh(session.get_one(Company, company_id), with_for_update=True)
    session.refresh(person, with_for_update={"of": Person})
    require_may_own(person, company_id)
    row = next((row for row in colleagues(session, company_id) if row.person_id == person.id), None)
    if row is None:
        row = Membership(company_id=company_id, since=clock.now(), role=CompanyRole.OWNER, person=person)
        session.add(row)
    before, row.role = row.role, CompanyRole.OWNER
    session.flush()
    _note(session, None, row, ColleagueAct.MADE_OWNER, before)
    _record(session, actor, row, "made_owner")
    return row


def _note(
    session: Session,
    actor: Actor | None,
    row: Membership,
    act: ColleagueAct,
    before: CompanyRole,
    own_id: int | None = None,
) -> ColleagueChange:
    """What was done, so that it can be undone, or shows that something cannot."""
    change = ColleagueChange(
        company_id=row.company_id,
        act=act,
        membership_id=row.id,
        role_before=before,
        actor_membership_id=own_id,
        acted_by=actor.user_id if actor else None,
        acted_at=clock.now(),
    )
    session.add(change)
    session.flush()
    return change


def _tell(session: Session, change: ColleagueChange, person: Person) -> None:
    """Whom it is about, who did it, and every owner."""
    owners = company_people(session, change.company_id, CompanyRole.OWNER)
    told = {one.id: one for one in (person, session.get_one(Person, change.acted_by), *owners)}
    notify(session, told.values(), f"colleague_{change.act}", str(change.id), {"change": change.id})


def _record(session: Session, actor: Actor, row: Membership, act: str, **content: object) -> None:
    tag = f"account:colleague:{act}"
    record(session, clock.now(), actor, tag, "company", row.company_id, person=row.person_id, **content)
    session.expire(row.person, ["memberships"])
