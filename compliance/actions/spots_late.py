"""Spot checks that stand still: nobody told the company in time, or its day to answer or to mend has passed."""

from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify
from compliance.domain.roles import Role
from compliance.domain.working_days import add_working_days
from compliance.store.holidays import public_holidays
from compliance.store.people import Person, people_with_role
from compliance.store.rule_changes import RuleHistory, rule_history
from compliance.store.spot_checks import SpotCheck, open_checks


def late_since(check: SpotCheck, rules: RuleHistory, off: frozenset[date]) -> date | None:
    """The day that has passed, by the figures of the day on which it was opened; None while none has."""
    if check.closed_at is not None:
        return None
    begin = rules.at(check.award.edition, check.opened_at).spot_checks.begin_working_days
    due = check.answer_due_on or add_working_days(clock.day_of(check.opened_at), begin, off)
    return due if clock.today() > due else None


def late_checks(session: Session) -> list[tuple[SpotCheck, date]]:
    """Open checks with the day that they let pass."""
    rules, off = rule_history(session), public_holidays(session)
    found = ((check, late_since(check, rules, off)) for check in open_checks(session))
    return [(check, since) for check, since in found if since is not None]


def remind_of_late(session: Session) -> None:
    """Whoever holds it is told once of each day that passed, all reviewers while nobody does."""
    for check, since in late_checks(session):
        holder = session.get(Person, check.checker_id) if check.checker_id else None
        people = [holder] if holder else people_with_role(session, Role.REVIEWER)
        about = {"check": check.id, "since": since.isoformat()}
        notify(session, people, "spot_check_late", f"{check.id}:{since}", about)
