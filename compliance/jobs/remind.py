"""Queues the reminders that are due today; a missed day is caught up, a reminder nobody needs any more is not."""

from datetime import date, timedelta

from compliance import clock
from compliance.domain.renewal import RenewalRules
from compliance.store.base import transaction
from compliance.store.reminders import Window, editions_in_force, queue_reminders
from questionnaires import edition

CATCH_UP = timedelta(days=14)


def remind() -> int:
    """Queues every reminder due among all awards, each once for ever; returns how many are new."""
    today = clock.today()
    with transaction() as session:
        due = [window for code in editions_in_force(session) for window in windows(code, rules(code), today)]
        return queue_reminders(session, due, clock.now())


def rules(edition_id: str) -> RenewalRules:
    """The figures of an edition."""
    lifecycle = edition(edition_id).lifecycle
    return RenewalRules(
        opens_before=lifecycle.renewal.window_opens_days_before_expiry,
        remind_before=tuple(lifecycle.renewal.reminders_days_before_expiry),
        remind_after=tuple(lifecycle.renewal.reminders_days_after_expiry),
        grace=lifecycle.grace.days,
    )


def windows(edition_id: str, figures: RenewalRules, today: date) -> list[Window]:
    """For each offset the last days of the awards that it is due for today.

    A reminder is due from its day until the next one takes its place, at the most `CATCH_UP` long: after days
    without a worker a company gets the newest reminder once, and none that has grown stale.
    """
    offsets = sorted(set(figures.offsets()))
    found = []
    for offset, following in zip(offsets, [*offsets[1:], None], strict=True):
        until = today - timedelta(days=offset)
        after = until - CATCH_UP
        if following is not None:
            after = max(after, today - timedelta(days=following))
        found.append(Window(edition_id, offset, after, until))
    return found
