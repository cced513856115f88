"""Reads the audit trail through once a night, and says so: the administrators are told when it does not hold."""

import logging
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.roles import Role
from compliance.settings import Settings
from compliance.store import trail_check
from compliance.store.audit import AuditEntry, Break
from compliance.store.base import abandon, db, transaction
from compliance.store.people import people_with_role
from compliance.store.upkeep import UpkeepKind, newest_upkeep, note_upkeep

log = logging.getLogger(__name__)

FROM_HOUR = 2
"""In Phnom Penh, when nobody waits for the processor."""
SETTLED = timedelta(hours=1)
"""A trail that began so long ago has a published head."""
TOLD = 5


def read_through(settings: Settings) -> bool | None:
    """Whether it holds; None when it was read today, or is not to be read yet."""
    if not _due(db.session()):
        return None
    after, read, breaks = 0, 0, list[Break]()
    while True:
        found = trail_check.check(db.session(), settings, after)
        read, breaks = read + found.part.read, [*breaks, *(one for one in found.breaks if one not in breaks)]
        if found.part.whole or found.part.to <= after:
            break
        after = found.part.to
        abandon()
    abandon()
    _note(read, breaks)
    return not breaks


def _due(session: Session) -> bool:
    now, newest = clock.now(), newest_upkeep(session, UpkeepKind.TRAIL)
    if newest is not None:
        late = now.astimezone(clock.PHNOM_PENH).hour >= FROM_HOUR
        return late and clock.day_of(newest.at) < clock.today()
    began = session.scalar(sa.select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))
    return began is not None and now - began >= SETTLED


def _note(read: int, breaks: list[Break]) -> None:
    with transaction() as session:
        said = [f"{one.seq}: {one.why}" for one in breaks[:TOLD]]
        made = note_upkeep(
            session, UpkeepKind.TRAIL, clock.now(), good=not breaks, entries=read, broken=len(breaks), said=said
        )
        if breaks:
            log.error("the audit trail does not hold: %s", "; ".join(said))
            people = people_with_role(session, Role.ADMINISTRATOR)
            notify(session, people, "trail_broken", str(made.id), {"look": made.id})
