"""An officer plans improvements; a plan with dates is part of what the first levels ask."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.actions.answering import asked_question
from compliance.domain.errors import InvalidError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.assessments import Assessment, assessments_of
from compliance.store.audit import canonical, record
from compliance.store.plans import PlanStep, has_plan, plan_of, step_for

LONGEST_ACTION = 1_000
LONGEST_NAME = 120
MOST_OWN_STEPS = 50
YEARS_AHEAD = 5
"""What is planned for later is a slip, such as a year of the Buddhist era."""
OPEN = frozenset({State.DRAFT, State.CLARIFYING})


def plan(
    session: Session,
    actor: Actor,
    assessment_id: int,
    question: str,
    action: str,
    responsible: str,
    due_on: date,
    seen: str | None = None,
) -> PlanStep:
    """Stores what will be done about one criterion; an earlier step for it is replaced, what it aims at stays.

    An empty `action` is for a step that aims at an answer: the aim says what is to be done.
    """
    assessment = held(session, actor, assessment_id)
    asked_question(assessment, question)
    step = step_for(session, assessment_id, question)
    return _write(session, actor, step or _new(assessment_id, question), action, responsible, due_on, seen)


def plan_own(
    session: Session,
    actor: Actor,
    assessment_id: int,
    step_id: int | None,
    action: str,
    responsible: str,
    due_on: date,
    seen: str | None = None,
) -> PlanStep:
    """Stores a step of the company's own, a new one for None; one that a colleague took off meanwhile comes back."""
    held(session, actor, assessment_id)
    step = own_step(session, assessment_id, step_id)
    if step is not None:
        return _write(session, actor, step, action, responsible, due_on, seen)
    if sum(not step.question for step in plan_of(session, assessment_id)) >= MOST_OWN_STEPS:
        raise InvalidError("action", "A plan holds at most %(most)s steps of your own.", most=MOST_OWN_STEPS)
    return _write(session, actor, _new(assessment_id, ""), action, responsible, due_on)


def own_step(session: Session, assessment_id: int, step_id: int | None) -> PlanStep | None:
    """A step of the company's own; None for one that is not there."""
    step = session.get(PlanStep, step_id) if step_id is not None else None
    return step if step and step.assessment_id == assessment_id and not step.question else None


def _new(assessment_id: int, question: str) -> PlanStep:
    return PlanStep(assessment_id=assessment_id, question=question, action="", responsible="")


def version(step: PlanStep | None) -> str:
    """Names what a step says: as it was shown, so it still is, or a colleague wrote it anew. A tick changes nothing."""
    return _version(step.action, step.responsible, step.due_on) if step else ""


def _version(action: str, responsible: str, due_on: date) -> str:
    return hashlib.sha256(canonical([action, responsible, due_on.isoformat()]).encode()).hexdigest()[:16]


def _write(
    session: Session, actor: Actor, step: PlanStep, action: str, responsible: str, due_on: date, seen: str | None = None
) -> PlanStep:
    """Raises StaleError where a step says something else than when it was `seen`, and than what is written now."""
    action, responsible = action.strip(), responsible.strip()
    _check(step, action, responsible, due_on)
    stored = step if step.id else None
    if stored and seen not in {None, version(stored), _version(action, responsible, due_on)}:
        raise StaleError
    before = (step.action, step.responsible, step.due_on)
    step.action, step.responsible, step.due_on = action, responsible, due_on
    fields = ("action", "responsible", "due_on")
    changed = [name for name, old in zip(fields, before, strict=True) if getattr(step, name) != old]
    if changed:
        act = "plan_changed" if step.id else "planned"
        stamp(session, actor, step)
        tell(session, actor, step, act, due_on=due_on.isoformat(), changed=changed)
    return step


def _check(step: PlanStep, action: str, responsible: str, due_on: date) -> None:
    """A day that has passed stays allowed where it stands already: the step is late, not wrong."""
    if not action and step.aim is None:
        raise InvalidError("action", "Write what the company will do.")
    if not responsible:
        raise InvalidError("responsible", "Write who will do it.")
    for name, text, most in (("action", action, LONGEST_ACTION), ("responsible", responsible, LONGEST_NAME)):
        if len(text) > most:
            raise InvalidError(name, "Use at most %(length)s characters.", length=most)
    if due_on < clock.today() and due_on != step.due_on:
        raise InvalidError("due_on", "The date must be today or later.")
    first = clock.today().year
    if due_on.year > first + YEARS_AHEAD and due_on != step.due_on:
        raise InvalidError(
            "due_on", "Enter a day of the years %(first)s to %(last)s.", first=first, last=first + YEARS_AHEAD
        )


def mark(session: Session, actor: Actor, assessment_id: int, step_id: int, *, done: bool) -> None:
    """Ticks a step off by hand, or takes the tick back; what stands already is left as it is."""
    held(session, actor, assessment_id)
    step = _step(session, assessment_id, step_id)
    if (step.done_on is not None) == done:
        return
    step.done_on, step.done_by = (clock.today(), actor.user_id) if done else (None, None)
    stamp(session, actor, step)
    tell(session, actor, step, "plan_done" if done else "plan_reopened")


def drop(session: Session, actor: Actor, assessment_id: int, step_id: int) -> None:
    """Takes a step off the plan; one that is gone already is no error.

    Once the assessment was submitted with a plan, something of it stays.
    """
    assessment = held(session, actor, assessment_id)
    step = session.get(PlanStep, step_id)
    if step is None or step.assessment_id != assessment_id:
        return
    tell(session, actor, step, "plan_dropped")
    session.delete(step)
    session.flush()
    if assessment.state not in OPEN and step.question and not has_plan(session, assessment_id):
        raise InvalidError("action", "The Ministry was told that there is a plan: keep at least one step.")


def held(session: Session, actor: Actor, assessment_id: int) -> Assessment:
    """The assessment whose plan is worked on, held; raises unless the actor may.

    A plan lives on after the decision, until the company's next assessment takes it along.
    """
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    if not is_worked_on(session, assessment):
        raise WrongStateError("plan", assessment.state)
    return assessment


def is_worked_on(session: Session, assessment: Assessment) -> bool:
    """Whether the plan of an assessment can be changed: it is the company's newest, and was not withdrawn."""
    newest = assessments_of(session, assessment.company_id)[0]
    return newest.id == assessment.id and assessment.state is not State.WITHDRAWN


def _step(session: Session, assessment_id: int, step_id: int) -> PlanStep:
    """Raises StaleError where a colleague took it off meanwhile."""
    step = session.get(PlanStep, step_id)
    if step is None or step.assessment_id != assessment_id:
        raise StaleError
    return step


def stamp(session: Session, actor: Actor, step: PlanStep) -> None:
    """Notes who wrote the step last."""
    step.saved_by, step.saved_at = actor.user_id or 0, clock.now()
    session.add(step)
    session.flush()


def tell(session: Session, actor: Actor, step: PlanStep, act: str, **about: Any) -> None:
    """An entry in the audit trail. The company's own words stay out of it: others than its colleagues read it."""
    what = {"question": step.question} if step.question else {"step": step.id}
    record(session, clock.now(), actor, f"officer:assessment:{act}", "assessment", step.assessment_id, **what, **about)
