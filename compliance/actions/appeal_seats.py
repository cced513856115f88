"""A seat on a panel becomes free: its holder left, or may sit there no more."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.roles import Actor
from compliance.store.appeals import AppealSeat
from compliance.store.audit import record


def free(session: Session, actor: Actor, seat: AppealSeat) -> None:
    """Somebody else may sit there; what was voted is kept and not counted."""
    seat.left_at = clock.now()
    session.flush()
    record(session, clock.now(), actor, "panel:appeal:left", "appeal", seat.appeal_id, person=seat.person_id)
