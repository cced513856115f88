"""The town's spot checks: all that is in force is drawn; some companies are told, in words that mean harm."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions import reviewing, spot_drawing
from compliance.domain.working_days import add_working_days
from compliance.store.people import Person, person_by_email
from compliance.store.reviews import declaration_of
from compliance.store.spot_checks import SpotCheck


def play(session: Session, words: str) -> None:
    """Every check is in the hands of somebody who did not verify its award; the reply waits for an outcome."""
    administrator, checker = (_person(session, name) for name in ("administrator", "reviewer2"))
    drawn = spot_drawing.awards_in_force(session, clock.today())
    spot_drawing.draw(session, administrator.actor(), len(drawn))
    for check in session.scalars(sa.select(SpotCheck)):
        check.checker_id, check.taken_at = checker.id, clock.now()
        session.flush()
        if declaration_of(session, check.award.assessment_id, checker.id) is None:
            reviewing.declare(session, checker.actor(), check.award.assessment_id, has_tie=False)
        check.questions, check.asked, check.due_on = ["gov_policy"], words, add_working_days(clock.today(), 5)
        check.told_at, check.reply, check.replied_at = clock.now(), words, clock.now()
        check.replied_by = check.company.registered_by
        session.flush()


def _person(session: Session, name: str) -> Person:
    found = person_by_email(session, f"{name}@demonstration.example")
    assert found is not None
    return found
