"""Whatever one administrator proposes, the others are told of: it waits for one of them, and for nobody else."""

from typing import Literal

from sqlalchemy.orm import Session

from compliance.actions.notifying import notify
from compliance.domain.errors import ForbiddenError
from compliance.domain.roles import Actor, Role
from compliance.store.people import people_with_role, rights_now

What = Literal["signatory", "mark", "rule"]


def tell_others(session: Session, actor: Actor, what: What, number: int) -> None:
    """In the transaction of the proposal; the mail is dropped once it waits no more."""
    others = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id != actor.user_id]
    notify(session, others, "admin_waiting", f"{what}:{number}", {"what": what, "waits": number})


def require_two(session: Session, actor: Actor, proposed_by: int) -> None:
    """Raises ForbiddenError for the proposer, and when the proposer is no administrator any more: two are to agree."""
    if proposed_by == actor.user_id:
        raise ForbiddenError("four_eyes")
    require_proposer(session, proposed_by)


def require_proposer(session: Session, proposed_by: int) -> None:
    """Raises ForbiddenError when whoever proposed is no administrator any more."""
    if not rights_now(session, Actor(proposed_by, "")).has(Role.ADMINISTRATOR):
        raise ForbiddenError("proposer_left")
