"""Spot checks: drawn while some wait, told while nothing is found, found while that is the last word."""

import json
from typing import Any

from sqlalchemy.orm import Session

from compliance.actions.spots_late import late_since
from compliance.actions.ties import untied
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Role
from compliance.jobs.facts.companies import colleague, holds, named
from compliance.store.audit import AuditEntry
from compliance.store.holidays import public_holidays
from compliance.store.outbox import Notice
from compliance.store.people import Person, names_of
from compliance.store.rule_changes import rule_history
from compliance.store.spot_checks import Finding, SpotCheck, SpotCheckDraw, waiting_of

Known = dict[str, Any] | None


def _drawn(session: Session, notice: Notice, person: Person | None) -> Known:
    draw = session.get_one(SpotCheckDraw, notice.values["draw"])
    waiting = waiting_of(session, draw.id)
    return {"count": waiting, "on": draw.drawn_on} if waiting and holds(person, Role.REVIEWER) else None


def _told(session: Session, notice: Notice, person: Person | None) -> Known:
    check = session.get_one(SpotCheck, notice.values["check"])
    if check.outcome is not None or not colleague(person, check.company_id, MAY_EDIT | MAY_SIGN):
        return None
    return {**_about(session, check), "asked": check.asked, "due_on": check.due_on}


def _replied(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever holds it now, without a tie."""
    check = session.get_one(SpotCheck, notice.values["check"])
    if check.outcome is Finding.SUSPEND or check.closed_at is not None or person is None:
        return None
    holder = check.checker_id == person.id and holds(person, Role.REVIEWER)
    return _about(session, check) if holder and untied(session, person.id, check.company_id) else None


def _found(session: Session, notice: Notice, person: Person | None) -> Known:
    check = session.get_one(SpotCheck, notice.values["check"])
    if check.outcome in {None, Finding.DROPPED} or not colleague(person, check.company_id):
        return None
    said = {"outcome": check.outcome, "reasons": check.reasons, "mend_by": check.mend_by}
    return {**_about(session, check), **said}


def _late(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever holds it, or for reviewers while nobody does: while the same day is still the one that has passed."""
    check = session.get_one(SpotCheck, notice.values["check"])
    since = late_since(check, rule_history(session), public_holidays(session))
    if since is None or since.isoformat() != notice.values["since"] or person is None:
        return None
    theirs = holds(person, Role.REVIEWER) and check.checker_id in {None, person.id}
    if not theirs or not untied(session, person.id, check.company_id):
        return None
    return {**_about(session, check), "since": since, "told": check.told_at is not None}


def _handed_over(session: Session, notice: Notice, person: Person | None) -> Known:
    """For whoever had it and whoever has it, while it is in the hands that it was given into."""
    check = session.get_one(SpotCheck, notice.values["check"])
    entry = session.get_one(AuditEntry, notice.values["entry"])
    said = json.loads(entry.content)
    if person is None or check.checker_id != said["after"] or check.closed_at or not holds(person, Role.REVIEWER):
        return None
    if not untied(session, person.id, check.company_id):
        return None
    names = names_of(session, {said["before"], said["after"], entry.actor_id or said["after"]})
    return {
        **_about(session, check),
        "by": names.get(entry.actor_id or 0, ""),
        "before": names.get(said["before"], ""),
        "after": names.get(said["after"], ""),
        "reason": said["reason"],
        "mine": person.id == said["after"],
    }


def _about(session: Session, check: SpotCheck) -> dict[str, Any]:
    return {**named(session, check.company_id), "number": check.award.number, "check": check.id}


FACTS = {
    "spot_checks_drawn": _drawn,
    "spot_check_told": _told,
    "spot_check_late": _late,
    "spot_check_replied": _replied,
    "spot_check_found": _found,
    "spot_check_handed_over": _handed_over,
}
