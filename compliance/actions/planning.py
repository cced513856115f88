"""An officer plans improvements; a plan with dates is part of what the first levels ask."""

from datetime import date

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.actions.answering import asked_question
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.audit import record
from compliance.store.plans import PlanItem

LONGEST_ACTION = 1_000
LONGEST_NAME = 120


def plan(
    session: Session, actor: Actor, assessment_id: int, question: str, action: str, responsible: str, due_on: date
) -> PlanItem:
    """Stores what will be done about one criterion; an earlier item for it is replaced."""
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    if assessment.state not in {State.DRAFT, State.CLARIFYING}:
        raise WrongStateError("plan", assessment.state)
    asked_question(assessment, question)
    if not action.strip():
        raise InvalidError("action", "Write what the company will do.")
    if not responsible.strip():
        raise InvalidError("responsible", "Write who will do it.")
    if len(action) > LONGEST_ACTION:
        raise InvalidError("action", "Use at most %(length)s characters.", length=LONGEST_ACTION)
    if len(responsible.strip()) > LONGEST_NAME:
        raise InvalidError("responsible", "Use at most %(length)s characters.", length=LONGEST_NAME)
    if due_on < clock.today():
        raise InvalidError("due_on", "The date must be today or later.")
    item = session.get(PlanItem, (assessment_id, question)) or PlanItem(assessment_id=assessment_id, question=question)
    item.action, item.responsible, item.due_on = action.strip(), responsible.strip(), due_on
    item.saved_by, item.saved_at = actor.user_id or 0, clock.now()
    session.add(item)
    session.flush()
    record(
        session,
        clock.now(),
        actor,
        "officer:assessment:planned",
        "assessment",
        assessment_id,
        question=question,
        due_on=due_on.isoformat(),
    )
    return item


def drop(session: Session, actor: Actor, assessment_id: int, question: str) -> None:
    """Takes an item off the plan."""
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    if assessment.state not in {State.DRAFT, State.CLARIFYING}:
        raise WrongStateError("plan", assessment.state)
    item = session.get(PlanItem, (assessment_id, question))
    if item is not None:
        session.delete(item)
        session.flush()
        record(
            session,
            clock.now(),
            actor,
            "officer:assessment:plan_dropped",
            "assessment",
            assessment_id,
            question=question,
        )
