"""Publishes the signed head of the audit trail: whenever something was recorded since the last, and once a day."""

from datetime import date, datetime
from pathlib import Path

from compliance import clock
from compliance.settings import Settings
from compliance.store import audit_heads
from compliance.store.audit_heads import Head, HeadError
from compliance.store.base import db
from compliance.store.keys import keyring
from compliance.store.signed_heads import current_head, newest_signed


def publish_head(settings: Settings, *, always: bool = False) -> Head | None:
    """Publishes when it is time; returns the new head, or None when the last one still serves."""
    directory = audit_heads.folder(settings)
    head_now = current_head(db.session(), clock.now())
    if not always and _says(directory / audit_heads.LATEST, head_now):
        return None
    audit_heads.publish(directory, head_now, keyring(settings))
    return head_now


def _says(latest: Path, now: Head) -> bool:
    """Whether the newest head still serves; one of another day, a missing or a damaged one does not."""
    try:
        said = audit_heads.read(latest, None)
        return said.facts == now.facts and _day(said) == _day(now)
    except (HeadError, ValueError):
        return False


def _day(head: Head) -> date:
    """In Phnom Penh: a renewal takes effect at its midnight, and a head of the day stands over it."""
    return clock.day_of(datetime.fromisoformat(head.at))


def publish_signed(settings: Settings) -> Head | None:
    """Publishes soon after an act that changed an award: its own head is in the store, and a copy outside follows."""
    newest = newest_signed(db.session())
    if newest is None or newest.seq <= _latest(settings):
        return None
    return publish_head(settings)


def _latest(settings: Settings) -> int:
    """The entry of the newest published head; 0 when there is none that can be read."""
    try:
        return audit_heads.read(audit_heads.folder(settings) / audit_heads.LATEST, None).seq
    except HeadError:
        return 0
