"""One mail a day for whoever wants what can wait together: queued in the morning, its words made when it is sent."""

from datetime import time

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.notices import DIGEST
from compliance.store.base import abandon, db, transaction
from compliance.store.outbox import who_waits

MORNING = time(7)
"""In Phnom Penh; what comes later that day waits for the next one."""


def queue_digests() -> int:
    """Queues the mail of today for everybody for whom something waits, each once; returns for how many."""
    now = clock.now()
    if now.astimezone(clock.PHNOM_PENH).time() < MORNING:
        return 0
    readers = len(who_waits(db.session()))
    abandon()
    if readers:
        with transaction() as session:
            notify(session, who_waits(session), DIGEST, clock.day_of(now).isoformat(), {})
    return readers
