"""A seat on a panel becomes free: its holder left, or may sit there no more."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.roles import Actor, Role
from compliance.store.appeals import AppealSeat
from compliance.store.audit import record
from compliance.store.people import people_with_role


def free(session: Session, actor: Actor, seat: AppealSeat) -> None:
    """Somebody else may sit there and is told so; what was voted is kept and not counted."""
    seat.left_at = clock.now()
    session.flush()
    record(session, clock.now(), actor, "panel:appeal:left", "appeal", seat.appeal_id, person=seat.person_id)
    others = [one for one in people_with_role(session, Role.PANEL_MEMBER) if one.id != seat.person_id]
    notify(session, others, "appeal_waiting", f"{seat.appeal_id}:{seat.id}", {"appeal": seat.appeal_id})
