"""Queues the reminders that are due today; a missed day is caught up, a reminder nobody needs any more is not."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.renewal import RenewalRules
from compliance.domain.roles import SYSTEM
from compliance.store.audit import AuditEntry, record
from compliance.store.base import transaction
from compliance.store.reminders import Window, editions_in_force, queue_reminders
from questionnaires import edition

CATCH_UP = timedelta(days=14)
DONE = "system:reminders:queued"


def remind() -> int:
    """Queues every reminder due among all awards, each once for ever; returns how many are new.

    The audit trail says up to which day this was done; a usual night looks at one day's awards.
    """
    today = clock.today()
    with transaction() as session:
        done = _done_until(session)
        since = today - CATCH_UP if done is None else max(today - CATCH_UP, min(done, today))
        due = [window for code in editions_in_force(session) for window in windows(code, rules(code), today, since)]
        queued = queue_reminders(session, due, clock.now())
        if done is None or done < today:
            record(session, clock.now(), SYSTEM, DONE, "reminders", 0, day=today.isoformat(), queued=queued)
    return queued


def _done_until(session: Session) -> date | None:
    query = sa.select(AuditEntry.at).where(AuditEntry.tag == DONE).order_by(AuditEntry.seq.desc()).limit(1)
    moment = session.scalar(query)
    return clock.day_of(moment) if moment else None


def rules(edition_id: str) -> RenewalRules:
    """The figures of an edition."""
    lifecycle = edition(edition_id).lifecycle
    return RenewalRules(
        opens_before=lifecycle.renewal.window_opens_days_before_expiry,
        remind_before=tuple(lifecycle.renewal.reminders_days_before_expiry),
        remind_after=tuple(lifecycle.renewal.reminders_days_after_expiry),
        grace=lifecycle.grace.days,
    )


def windows(edition_id: str, figures: RenewalRules, today: date, since: date) -> list[Window]:
    """For each offset the last days of the awards that it fell due for from `since` to `today`.

    A reminder gives way to the next one: after days without a worker a company gets the newest reminder once, and
    none that has grown stale.
    """
    offsets = sorted(set(figures.offsets()))
    found = []
    for offset, following in zip(offsets, [*offsets[1:], None], strict=True):
        until = today - timedelta(days=offset)
        after = since - timedelta(days=offset + 1)
        if following is not None:
            after = max(after, today - timedelta(days=following))
        found.append(Window(edition_id, offset, after, until))
    return found
