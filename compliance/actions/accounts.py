"""Accounts: made, renamed, switched off and on, given and relieved of ministry roles."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.appeal_seats import free
from compliance.actions.blind import free_held_by
from compliance.actions.identities import unbind
from compliance.actions.notifying import notify
from compliance.actions.passwords import hash_password, is_right
from compliance.domain.addresses import normal_address
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError
from compliance.domain.notices import OptionalMail
from compliance.domain.passwords import SHORTEST, normal_form
from compliance.domain.roles import SYSTEM, Actor, Role
from compliance.store.access import AccessProposal, access_by
from compliance.store.appeals import seats_held
from compliance.store.audit import AuditEntry, record
from compliance.store.awards import Outcome, proposals_by
from compliance.store.people import Person, RoleRow, people_with_role, person_by_email, rights_now, role_row
from compliance.store.sessions import end_browsers

MAY_PROPOSE = frozenset({Role.REVIEWER, Role.APPROVER})
APART = MAY_PROPOSE | {Role.PANEL_MEMBER}


def create_person(
    session: Session,
    email: str,
    full_name: str,
    language: str,
    password: str | None,
    roles: Collection[Role] = (),
    *,
    confirmed: bool = True,
    by: Actor = SYSTEM,
) -> Person:
    """A new account; without a password for whoever signs in elsewhere. The caller has checked the password.

    Raises InvalidError when the address has one already.
    """
    email = normal_address(email)
    if person_by_email(session, email) is not None:
        raise InvalidError("email", "This address has an account already.")
    require_apart(frozenset(roles))
    person = Person(
        email=email,
        full_name=named(full_name),
        language=language,
        password=hash_password(password) if password is not None else None,
        active=True,
        confirmed_at=clock.now() if confirmed else None,
        fs_uniquifier=uuid.uuid4().hex,
        fs_webauthn_user_handle=uuid.uuid4().hex,
        roles=[role_row(session, role) for role in sorted(roles)],
        memberships=[],
    )
    session.add(person)
    session.flush()
    record(
        session,
        clock.now(),
        by if by.user_id else person.actor(),
        "account:person:registered",
        "person",
        person.id,
        roles=sorted(roles),
        language=language,
    )
    return person


def named(full_name: str) -> str:
    """The name without needless spaces. Raises InvalidError when nothing is left."""
    name = " ".join(full_name.split())
    if not name:
        raise InvalidError("full_name", "Enter your full name.")
    return name[:120]


def require_apart(roles: frozenset[Role]) -> None:
    """An administrator hands out roles and so must not be one of those who judge."""
    if Role.ADMINISTRATOR in roles and roles & APART:
        raise InvalidError("roles", "An administrator cannot also be a reviewer, an approver or a panel member.")


def require_no_company(person: Person, field: str) -> None:
    """Raises InvalidError on `field` for whoever works for a company."""
    if person.actor().companies:
        raise InvalidError(field, "This person works for a company, so their account cannot join the Ministry's side.")


def edit_profile(session: Session, actor: Actor, full_name: str, language: str, optional_mail: OptionalMail) -> None:
    """The actor's own name, language, and how the optional mails come."""
    person = existing(session, actor.user_id or 0)
    person.full_name = named(full_name)
    person.language, person.optional_mail = language, optional_mail
    said = {"language": language, "optional_mail": optional_mail}
    record(session, clock.now(), actor, "account:person:edited", "person", person.id, **said)


def existing(session: Session, person_id: int) -> Person:
    """Raises NotFoundError."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError
    return person


def give_roles(session: Session, proposal: AccessProposal) -> Person:
    """The roles that two administrators agreed on; the person's browsers are signed out at once.

    Raises StaleError when the account is not what they saw, InvalidError when it works for a company by now.
    """
    person = _as_seen(session, proposal)
    wanted = frozenset(Role(name) for name in proposal.roles)
    require_apart(wanted)
    if wanted:
        require_no_company(person, "roles")
    person.roles = [role_row(session, role) for role in sorted(wanted)]
    session.flush()
    end_browsers(session, person.id)
    _close_proposals(session, person)
    return person


def _close_proposals(session: Session, person: Person) -> None:
    """What somebody proposed who may no longer propose it: nobody could take it back, and it would stand in the way.
    Seats on panels are free again, and so are second scorings that were not finished.
    """
    roles = {Role(row.name) for row in person.roles} if person.active else set()
    awards = [] if roles & MAY_PROPOSE else proposals_by(session, person.id)
    access = [] if Role.ADMINISTRATOR in roles else access_by(session, person.id)
    if Role.REVIEWER not in roles:
        free_held_by(session, person.id)
    if Role.PANEL_MEMBER not in roles:
        for seat in seats_held(session, person.id):
            free(session, SYSTEM, seat)
    for award in awards:
        award.closed_at, award.outcome = clock.now(), Outcome.OVERTAKEN
        record(session, clock.now(), SYSTEM, "staff:award:proposal_overtaken", "award", award.award_id, act=award.act)
    for proposal in access:
        proposal.closed_at, proposal.outcome = clock.now(), Outcome.OVERTAKEN
        record(session, clock.now(), SYSTEM, "admin:access:overtaken", "access", proposal.id, act=proposal.act)


def switch_on(session: Session, proposal: AccessProposal) -> Person:
    """An account of the ministry's side works again. Raises StaleError when it is not what was seen."""
    person = _as_seen(session, proposal)
    person.active = True
    return person


def _as_seen(session: Session, proposal: AccessProposal) -> Person:
    person = session.get(Person, proposal.person_id, with_for_update={"of": Person}, populate_existing=True)
    if person is None:
        raise NotFoundError
    if person.email != proposal.email or sorted(role.name for role in person.roles) != proposal.before:
        raise StaleError
    return person


def require_administrator(session: Session, actor: Actor) -> None:
    """Administrators act on accounts one after the other and on none of their own: so one is always left."""
    session.execute(sa.select(RoleRow.id).where(RoleRow.name == Role.ADMINISTRATOR).with_for_update())
    rights_now(session, actor).require(Role.ADMINISTRATOR)


def require_other(actor: Actor, person_id: int) -> None:
    """Nobody changes their own role or switches themselves off."""
    if actor.user_id == person_id:
        raise ForbiddenError("own_role")


def set_active(session: Session, actor: Actor, person_id: int, *, active: bool) -> Person:
    """Switches somebody's account off (they are signed out at once) or on again.

    Off is one administrator's act, for it may have to be quick; the others are told. On again is two people's where
    the account has staff roles: that raises ForbiddenError here.
    """
    require_administrator(session, actor)
    require_other(actor, person_id)
    person = existing(session, person_id)
    if person.active == active:
        return person
    if active and person.staff:
        raise ForbiddenError("four_eyes")
    person.active = active
    end_browsers(session, person_id)
    _close_proposals(session, person)
    tag = "admin:person:enabled" if active else "admin:person:disabled"
    entry = record(session, clock.now(), actor, tag, "person", person_id)
    if person.staff:
        others = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id != actor.user_id]
        told = {"off": person_id, "by": actor.user_id or 0}
        notify(session, others, "access_off", f"{person_id}:{entry.seq}", told)
    return person


def sign_out_everywhere(
    session: Session, actor: Actor, person_id: int, keep: str | None = None, only: str | None = None
) -> int:
    """Ends a person's browsers (except `keep`, or `only` that one): one's own, or as administrator anybody's."""
    if actor.user_id != person_id:
        actor.require(Role.ADMINISTRATOR)
    ended = end_browsers(session, person_id, keep=keep, only=only)
    record(session, clock.now(), actor, "account:sessions:ended", "person", person_id, ended=ended)
    return ended


def require_some_password(person: Person) -> None:
    """Whoever signs in elsewhere may have none to type. Raises InvalidError."""
    if person.password is None:
        raise InvalidError("password", "Your account has no password yet. Set one first, on the page of your account.")


def switch_second_factor_off(session: Session, actor: Actor, password: str) -> None:
    """The actor's own, with the password once more. Raises InvalidError, ForbiddenError for the ministry's people."""
    if actor.staff:
        raise ForbiddenError("second_factor")
    person = existing(session, actor.user_id or 0)
    require_some_password(person)
    if not is_right(password, person.password):
        raise InvalidError("password", "This is not your password.")
    if len(normal_form(password)) < SHORTEST:
        raise InvalidError(
            "password",
            "Your password has fewer than %(length)s characters: change it to a longer one first.",
            length=SHORTEST,
        )
    forget_second_factor(session, actor, person)


def reset_second_factor(session: Session, actor: Actor, person_id: int) -> Person:
    """An administrator, who checked who is asking, lets a person set up a new second factor at the next sign-in.

    The person and the other administrators are told: nobody takes over a colleague's account in silence.
    """
    require_administrator(session, actor)
    require_other(actor, person_id)
    person = existing(session, person_id)
    entry = forget_second_factor(session, actor, person)
    end_browsers(session, person_id)
    told = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id not in {actor.user_id, person_id}]
    values = {"reset": person_id, "by": actor.user_id or 0}
    notify(session, [person, *told], "access_factor", f"{person_id}:{entry.seq}", values)
    return person


def forget_second_factor(session: Session, actor: Actor, person: Person) -> AuditEntry:
    """Removes app and recovery codes; an administrator's act also passkeys and what binds the account to a provider."""
    person.tf_primary_method = person.tf_totp_secret = person.totp_counter = person.mf_recovery_codes = None
    if actor.user_id != person.id:
        person.webauthn = []
        unbind(session, actor, person.id)
    return record(session, clock.now(), actor, "account:second_factor:removed", "person", person.id)
