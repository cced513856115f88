"""The link of an invitation: what it still opens, and why it opens nothing."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import NotFoundError
from compliance.store.people import Invitation
from compliance.store.sessions import digest


class Spent(StrEnum):
    """Why the link of an invitation opens nothing; told to whoever holds the link that was sent."""

    USED = "used"
    TAKEN_BACK = "taken_back"
    RUN_OUT = "run_out"


class SpentInvitationError(NotFoundError):
    """The link opens nothing. `why` and `email` are missing for a link that was never sent."""

    def __init__(self, why: Spent | None = None, email: str = "") -> None:
        super().__init__()
        self.why = why
        self.email = email


def find(session: Session, token: str, *, lock: bool = False) -> Invitation:
    """The waiting invitation of a link. Raises SpentInvitationError."""
    query = sa.select(Invitation).where(Invitation.token_sha256 == digest(token))
    made = session.scalar(query.with_for_update() if lock else query)
    if made is None:
        raise SpentInvitationError
    why = _spent(made)
    if why is not None:
        raise SpentInvitationError(why, made.email)
    return made


def _spent(made: Invitation) -> Spent | None:
    if made.accepted_at is not None:
        return Spent.USED
    if made.cancelled_at is not None:
        return Spent.TAKEN_BACK
    return Spent.RUN_OUT if made.expires_at <= clock.now() else None
