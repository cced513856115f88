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
from compliance.store.edition_succession import Succession, succession
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


def to_tell(session: Session) -> list[tuple[Assessment, Succession]]:
    """Drafts of earlier editions in the month after another one began, and what is in force instead."""
    today = clock.today()
    earlier = {name: found for name in editions()[:-1] if (found := succession(name)) is not None}
    begun = {name: found for name, found in earlier.items() if found.begins <= today < found.begins + TELL_FOR}
    query = sa.select(Assessment).where(Assessment.state == State.DRAFT, Assessment.edition.in_(begun))
    return [(draft, begun[draft.edition]) for draft in session.scalars(query.order_by(Assessment.id))] if begun else []


def tell_of_new_edition(session: Session) -> None:
    """Their companies hear once of each edition that it is in force, and until when their draft can be submitted."""
    for draft, found in to_tell(session):
        people = company_people(session, draft.company_id)
        about = {"assessment": draft.id, "edition": found.name}
        notify(session, people, "edition_begun", f"{draft.id}:{found.name}", about)
