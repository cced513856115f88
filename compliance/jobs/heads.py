"""Publishes the signed head of the audit trail, asked each minute: whenever something was recorded since the last."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.settings import Settings
from compliance.store import audit_heads
from compliance.store.audit import head
from compliance.store.audit_heads import Head, HeadError
from compliance.store.awards import numbers_with
from compliance.store.base import db
from compliance.store.keys import keyring


def publish_head(settings: Settings, *, always: bool = False) -> Head | None:
    """Publishes when it is time; returns the new head, or None when the last one still serves."""
    directory = audit_heads.folder(settings)
    head_now = current_head(db.session(), clock.now())
    if not always and _says(directory / audit_heads.LATEST, head_now):
        return None
    audit_heads.publish(directory, head_now, keyring(settings))
    return head_now


def _says(latest: Path, now: Head) -> bool:
    """Whether the newest head still serves; a missing or damaged one does not."""
    try:
        return audit_heads.read(latest, None).facts == now.facts
    except HeadError:
        return False


def current_head(session: Session, moment: datetime) -> Head:
    """The trail as it stands."""
    seq, digest = head(session)
    return Head(
        seq=seq,
        hash=digest,
        at=moment.isoformat(timespec="microseconds"),
        revoked=numbers_with(session, AwardAct.REVOKED),
        suspended=numbers_with(session, AwardAct.SUSPENDED),
    )
