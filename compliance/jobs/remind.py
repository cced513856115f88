"""Queues the reminders that are due today; a missed day is caught up, a reminder nobody needs any more is not."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.check_ins_due import remind_of_check_ins
from compliance.actions.ways_due import remind_of_ways
from compliance.domain.renewal import RenewalRules
from compliance.domain.roles import SYSTEM
from compliance.store.audit import AuditEntry, record
from compliance.store.base import transaction
from compliance.store.reminders import Due, editions_in_force, queue_reminders
from compliance.store.rule_changes import lifecycle_now
from questionnaires.lifecycle import Lifecycle

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
        editions = editions_in_force(session)
        due = [one for code in editions for one in due_days(code, rules(lifecycle_now(session, code)), today, since)]
        queued = queue_reminders(session, due, clock.now())
        remind_of_check_ins(session, today, since)
        remind_of_ways(session, today, since)
        if done is None or done < today:
            record(session, clock.now(), SYSTEM, DONE, "reminders", 0, day=today.isoformat(), queued=queued)
    return queued


def _done_until(session: Session) -> date | None:
    query = sa.select(AuditEntry.at).where(AuditEntry.tag == DONE).order_by(AuditEntry.seq.desc()).limit(1)
    moment = session.scalar(query)
    return clock.day_of(moment) if moment else None


def rules(lifecycle: Lifecycle) -> RenewalRules:
    """The figures of an edition, as they stand in it or as they are in force."""
    return RenewalRules(
        opens_before=lifecycle.renewal.window_opens_days_before_expiry,
        remind_before=tuple(lifecycle.renewal.reminders_days_before_expiry),
        remind_after=tuple(lifecycle.renewal.reminders_days_after_expiry),
        grace=lifecycle.grace.days,
    )


def due_days(edition_id: str, figures: RenewalRules, today: date, since: date) -> list[Due]:
    """What fell due from `since` to `today`, by the day on which awards end.

    A reminder gives way to the next one: after days without a worker a company gets the newest reminder once, and
    none that has grown stale.
    """
    newest: dict[date, Due] = {}
    for offset in sorted(set(figures.offsets())):
        for day in range((today - since).days + 1):
            ends = since + timedelta(days=day - offset)
            newest[ends] = Due(edition_id, offset, ends)
    return list(newest.values())
