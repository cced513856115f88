"""Which check-ins are due among all awards: listed for reviewers, and reminded of."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.checking_in import Due, rules
from compliance.actions.notifying import notify, repliers
from compliance.domain.renewal import add_months
from compliance.domain.standing import HELD
from compliance.store.awards import Award
from compliance.store.check_ins import awards_that_started, awards_without_check_in, sent_days
from compliance.store.reminders import editions_in_force
from questionnaires import catalogue

CLAMPED = timedelta(days=3)
"""The same day months before differs by so much where a month is shorter."""


def open_check_ins(session: Session) -> list[Due]:
    """Of all awards: what may be sent today and was not, the latest first."""
    today = clock.today()
    found = [due for code in editions_in_force(session) for due in _open_of(session, code, today)]
    return sorted(found, key=lambda due: (due.due_on, due.award.id))


def _open_of(session: Session, edition_id: str, today: date) -> Iterator[Due]:
    figures, but = rules(edition_id), catalogue.edition(edition_id).lifecycle.check_in.not_for_levels
    newest = add_months(figures.latest_open(today), -figures.every_months)
    awards = awards_without_check_in(session, edition_id, newest, today, but)
    sent = sent_days(session, [award.id for award in awards])
    for award in awards:
        if award.standing(today) in HELD:
            for day in figures.due_days(award.starts, award.ends):
                if figures.opens_on(day) <= today and (award.id, day) not in sent:
                    yield Due(award, day, figures.opens_on(day), figures.late_from(day), None)


def remind_of_check_ins(session: Session, today: date, since: date) -> None:
    """Queues the reminders that fell due from `since` to `today`, of each check-in the newest alone."""
    for edition_id in editions_in_force(session):
        newest: dict[tuple[int, date], tuple[Award, int]] = {}
        for offset in rules(edition_id).offsets():
            for award, day in _due_between(session, edition_id, since, today, offset):
                newest[award.id, day] = (award, offset)
        for (_number, day), (award, offset) in newest.items():
            _remind(session, award, day, offset)


def _due_between(
    session: Session, edition_id: str, since: date, today: date, offset: int
) -> Iterator[tuple[Award, date]]:
    """Awards with the check-in whose reminder of this offset fell due in these days."""
    figures, edition = rules(edition_id), catalogue.edition(edition_id)
    first, last = since - timedelta(days=offset), today - timedelta(days=offset)
    longest = max(level.validity_months for level in edition.levels)
    for months in range(figures.every_months, longest, figures.every_months):
        began = add_months(first, -months) - CLAMPED, add_months(last, -months) + CLAMPED
        for award in awards_that_started(session, edition_id, *began, edition.lifecycle.check_in.not_for_levels):
            for day in figures.due_days(award.starts, award.ends):
                if first <= day <= last:
                    yield award, day


def _remind(session: Session, award: Award, due_on: date, offset: int) -> None:
    kind = "check_in_due" if offset < 0 else "check_in_late"
    about = {"award": award.id, "check_in": str(due_on)}
    notify(session, repliers(session, award.company_id), kind, f"{award.id}:{due_on}:{offset}", about)
