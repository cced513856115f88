"""One mail a day for whoever wants what can wait together: queued in the morning, its words made when it is sent."""

from contextlib import suppress
from datetime import time

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.notices import DIGEST
from compliance.jobs.facts import told_now
from compliance.store.base import abandon, db, transaction
from compliance.store.outbox import Notice, held, mark_overtaken, who_waits

MORNING = time(7)
"""In Phnom Penh; what comes later that day waits for the next one."""


def queue_digests() -> int:
    """Queues the mail of today for everybody for whom something waits, each once; returns for how many."""
    now = clock.now()
    if now.astimezone(clock.PHNOM_PENH).time() < MORNING:
        return 0
    over = _over(db.session())
    readers = len(who_waits(db.session()))
    abandon()
    if not readers:
        return 0
    with transaction() as session:
        for one in over:
            mark_overtaken(session, session.get_one(Notice, one), now)
        waiting = who_waits(session)
        notify(session, waiting, DIGEST, clock.day_of(now).isoformat(), {})
        return len(waiting)


def _over(session: Session) -> list[int]:
    """What was held for the mail of the day, and is so no more: nobody waits for it, today or later."""
    found = []
    for person in who_waits(session):
        for one in held(session, person.id):
            with suppress(LookupError, NoResultFound):  # what is not known is not over
                found += [one.id] if told_now(session, one) is None else []
    return found
