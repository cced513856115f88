"""What one administrator proposes waits for another one, who confirms or declines it, and for nobody else."""

from typing import Any, Literal, Protocol, TypeVar

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.actions.two_people import locked
from compliance.domain.errors import ForbiddenError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.store.people import people_with_role, rights_now

What = Literal["signatory", "mark", "rule"]


class Waiting(Protocol):
    """The columns of a proposal that waits until it is confirmed or withdrawn."""

    proposed_by: Any
    confirmed_by: Any
    confirmed_at: Any
    withdrawn_at: Any


Kind = TypeVar("Kind", bound=Waiting)


def tell_others(session: Session, actor: Actor, what: What, number: int) -> None:
    """In the transaction of the proposal; the mail is dropped once it waits no more."""
    others = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id != actor.user_id]
    notify(session, others, "admin_waiting", f"{what}:{number}", {"what": what, "waits": number})


def confirm(session: Session, actor: Actor, kind: type[Kind], number: int) -> Kind | None:
    """The proposal, confirmed by this other administrator; None where it was already: the same button, pressed twice.

    Raises ForbiddenError, NotFoundError, and WrongStateError for one that waits no more.
    """
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    found = locked(session, kind, number)
    if found.confirmed_at is not None and found.confirmed_by == actor.user_id:
        return None
    require_two(session, actor, found.proposed_by)
    _require_waiting(found)
    found.confirmed_by, found.confirmed_at = actor.user_id, clock.now()
    session.flush()
    return found


def withdraw(session: Session, actor: Actor, kind: type[Kind], number: int) -> Kind | None:
    """The proposal, taken back by its proposer or declined by another administrator; None where it was already."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    found = locked(session, kind, number)
    if found.withdrawn_at is not None:
        return None
    _require_waiting(found)
    found.withdrawn_at = clock.now()
    session.flush()
    return found


def _require_waiting(found: Waiting) -> None:
    if found.confirmed_at is not None or found.withdrawn_at is not None:
        raise WrongStateError("confirm", "closed")


def require_two(session: Session, actor: Actor, proposed_by: int) -> None:
    """Raises ForbiddenError for the proposer, and when the proposer is no administrator any more: two are to agree."""
    if proposed_by == actor.user_id:
        raise ForbiddenError("four_eyes")
    require_proposer(session, proposed_by)


def require_proposer(session: Session, proposed_by: int) -> None:
    """Raises ForbiddenError when whoever proposed is no administrator any more."""
    if not rights_now(session, Actor(proposed_by, "")).has(Role.ADMINISTRATOR):
        raise ForbiddenError("proposer_left")
