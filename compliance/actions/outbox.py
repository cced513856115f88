"""Administrators look after the outbox: a failed mail is tried again, one that waits is cancelled with a reason."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.roles import Actor, Role
from compliance.store import outbox
from compliance.store.audit import record
from compliance.store.outbox import Notice, state_of
from compliance.store.people import rights_now

LONGEST_REASON = 500
PROTECTING = (
    "access_",
    "account_",
    "owner_",
    "colleague_",
    "evidence_quarantined",
    "concern_quarantined",
    "admin_waiting",
    "trail_broken",
)
"""Mails that warn somebody of what is done with an account, a role or a file: nobody keeps them back."""


def may_cancel(notice: Notice) -> bool:
    return state_of(notice) in {"waiting", "failed"} and not notice.kind.startswith(PROTECTING)


def try_again(session: Session, actor: Actor, notice_id: int) -> None:
    """A failed mail goes once more. Raises InvalidError when it is not failed, NotFoundError."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    notice = _notice(session, notice_id)
    if not outbox.try_again(session, notice_id):
        raise InvalidError("", "This email has not failed, so there is nothing to try again.")
    record(session, clock.now(), actor, "admin:notice:tried_again", "notice", notice_id, kind=notice.kind)


def cancel(session: Session, actor: Actor, notice_id: int, reason: str) -> None:
    """A mail is never sent. Raises InvalidError for one that went out, is being sent or protects somebody."""
    rights_now(session, actor).require(Role.ADMINISTRATOR)
    notice, reason = _notice(session, notice_id), reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidError("reason", "Write why this email shall not be sent.")
    if notice.kind.startswith(PROTECTING):
        raise InvalidError("reason", "This email warns somebody of what is done with an account or a file.")
    if not outbox.cancel(session, notice_id, actor.user_id or 0, clock.now(), reason):
        raise InvalidError("reason", "This email was sent, is being sent at this moment, or is not owed any more.")
    record(session, clock.now(), actor, "admin:notice:cancelled", "notice", notice_id, kind=notice.kind, reason=reason)


def _notice(session: Session, notice_id: int) -> Notice:
    found = session.get(Notice, notice_id)
    if found is None:
        raise NotFoundError
    return found
