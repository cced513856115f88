"""Leaving, removing and handing over undone within a day: exactly the earlier roles, or nothing."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.invitations import take_back_earlier
from compliance.actions.notifying import company_people, notify
from compliance.domain.errors import InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import MAY_MANAGE, Actor, CompanyRole
from compliance.store.audit import record
from compliance.store.colleague_acts import ENDED, UNDOABLE, ColleagueAct, ColleagueChange, colleague_changes
from compliance.store.companies import Company
from compliance.store.people import Membership, Person, colleagues, rights_now


def change_to_undo(session: Session, actor: Actor, change_id: int) -> ColleagueChange:
    """For whoever may undo it: who left, who handed over, an owner. Raises ForbiddenError for other colleagues,
    NotFoundError for strangers."""
    found = session.get(ColleagueChange, change_id)
    if found is None or found.act not in UNDOABLE:
        raise NotFoundError
    _require_may(actor, found)
    return found


def undo(session: Session, actor: Actor, change_id: int) -> ColleagueChange:
    """Gives back the roles of before. The same button pressed twice finds it done.

    Raises NotFoundError, WrongStateError after a day or when somebody else undid it, InvalidError when what happened
    since contradicts it: the place was filled, changed or handed on, or the person is not free any more.
    """
    found = change_to_undo(session, actor, change_id)
    company = session.get_one(Company, found.company_id)
    session.refresh(company, with_for_update=True)
    session.refresh(found, with_for_update={"of": ColleagueChange})
    _require_may(rights_now(session, actor), found)
    if found.undone_at is not None:
        if found.undone_by == actor.user_id:
            return found
        raise WrongStateError("undo", "overtaken")
    if clock.now() >= found.undo_until:
        raise WrongStateError("undo", "lapsed")
    person = session.get_one(Person, found.membership.person_id, with_for_update={"of": Person}, populate_existing=True)
    session.refresh(found.membership)
    _require_free(session, found, person)
    _give_back(session, found)
    found.undone_at, found.undone_by = clock.now(), actor.user_id
    session.flush()
    take_back_earlier(session, person.email, company_id=found.company_id)
    tag = "account:colleague:undone"
    said = {"person": person.id, "act": found.act, "role": found.role_before}
    record(session, clock.now(), actor, tag, "company", found.company_id, **said)
    session.expire(person, ["memberships"])
    told = {one.id: one for one in (person, *company_people(session, found.company_id, CompanyRole.OWNER))}
    notify(session, told.values(), "colleague_restored", str(found.id), {"change": found.id})
    return found


def contradiction(session: Session, found: ColleagueChange) -> bool:
    """Whether something happened since that the earlier roles would undo besides."""
    later = [one for one in colleague_changes(session, found.company_id) if one.id > found.id and one.undone_at is None]
    if any(_people(session, one) & _people(session, found) for one in later):
        return True
    owned = found.role_before is CompanyRole.OWNER or found.act is ColleagueAct.HANDED_OVER
    return owned and any(one.act in {ColleagueAct.HANDED_OVER, ColleagueAct.MADE_OWNER} for one in later)


def _people(session: Session, change: ColleagueChange) -> set[int]:
    """Whose places it touched; somebody who came back has another membership."""
    rows = {change.membership_id, change.actor_membership_id} - {None}
    return {session.get_one(Membership, row).person_id for row in rows}


def may_undo(actor: Actor, found: ColleagueChange) -> bool:
    """Owners, whoever left, and whoever handed over while they still work for the company."""
    role = actor.companies.get(found.company_id)
    if role in MAY_MANAGE:
        return True
    own = found.acted_by == actor.user_id
    return own and (found.act is ColleagueAct.LEFT or (found.act is ColleagueAct.HANDED_OVER and role is not None))


def _require_may(actor: Actor, found: ColleagueChange) -> None:
    if not may_undo(actor, found):
        actor.require_company(found.company_id, MAY_MANAGE)


def _require_free(session: Session, found: ColleagueChange, person: Person) -> None:
    if contradiction(session, found):
        raise InvalidError("undo", "Something else changed since: the earlier roles cannot simply come back.")
    if person.roles or not person.active:
        raise InvalidError("undo", "The account of this person cannot work for a company any more.")
    back = found.act in ENDED and any(row.person_id == person.id for row in colleagues(session, found.company_id))
    if back:
        raise InvalidError("undo", "This person works for the company already.")
    if found.act is ColleagueAct.HANDED_OVER:
        giver = session.get_one(Membership, found.actor_membership_id, populate_existing=True)
        as_left = giver.ended_at is None and giver.role is CompanyRole.EDITOR
        if not as_left or found.membership.ended_at is not None or found.membership.role is not CompanyRole.OWNER:
            raise InvalidError("undo", "Something else changed since: the earlier roles cannot simply come back.")


def _give_back(session: Session, found: ColleagueChange) -> None:
    found.membership.role = found.role_before
    if found.act in ENDED:
        found.membership.ended_at = None
    if found.actor_membership_id is not None:
        giver = session.get_one(Membership, found.actor_membership_id)
        giver.role = CompanyRole.OWNER
        session.flush()
        session.expire(giver.person, ["memberships"])
