"""When an edition follows another: until when a draft of the earlier one can be submitted, and how it is taken over."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import company_people, notify
from compliance.actions.renewing import start
from compliance.actions.submitting import withdraw
from compliance.domain.errors import WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.assessments import Assessment, assessment_of
from compliance.store.edition_succession import succession
from questionnaires import current, editions

TELL_FOR = timedelta(days=30)
"""A worker that stood still tells of what began in the last month."""


def take_over(session: Session, actor: Actor, assessment_id: int, seen_version: int) -> Assessment:
    """A draft of an earlier edition is taken back, and one of the edition in force begun with its answers.

    Pressed twice, it leads to the one that was begun. Raises WrongStateError for all but a draft of an earlier one.
    """
    assessment = assessment_of(session, actor, assessment_id, MAY_EDIT)
    if assessment.state is State.WITHDRAWN:
        return start(session, actor, assessment.company_id)
    if assessment.state is not State.DRAFT or assessment.edition == current().id:
        raise WrongStateError("take_over", assessment.state)
    withdraw(session, actor, assessment_id, seen_version)
    return start(session, actor, assessment.company_id)


def tell_of_new_edition(session: Session) -> None:
    """Companies whose draft is of an earlier edition hear once that another one is in force, and until when theirs
    can be submitted."""
    today = clock.today()
    earlier = {name: found for name in editions()[:-1] if (found := succession(name)) is not None}
    for name, found in earlier.items():
        if not found.begins <= today < found.begins + TELL_FOR:
            continue
        query = sa.select(Assessment).where(Assessment.state == State.DRAFT, Assessment.edition == name)
        for draft in session.scalars(query.order_by(Assessment.id)):
            people = company_people(session, draft.company_id)
            notify(session, people, "edition_begun", f"{draft.id}:{found.name}", {"assessment": draft.id})
