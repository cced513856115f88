"""Whatever one administrator proposes, the others are told of: it waits for one of them."""

from typing import Literal

from sqlalchemy.orm import Session

from compliance.actions.notifying import notify
from compliance.domain.roles import Actor, Role
from compliance.store.people import people_with_role

What = Literal["signatory", "mark", "rule"]


def tell_others(session: Session, actor: Actor, what: What, number: int) -> None:
    """In the transaction of the proposal; the mail is dropped once it waits no more."""
    others = [one for one in people_with_role(session, Role.ADMINISTRATOR) if one.id != actor.user_id]
    notify(session, others, "admin_waiting", f"{what}:{number}", {"what": what, "waits": number})
