"""The improvement plan: what will be done, who and by when; the way to the next level fills it at one press."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance import clock
from compliance.actions import aims, improving, planning
from compliance.actions.aims import Proposal
from compliance.actions.claims import claim_of
from compliance.domain.errors import InvalidError, StaleError, WrongStateError
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.forms import refusal_text
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.plan_history import happenings
from compliance.journeys.officer.plan_view import plan_view
from compliance.store.base import db, transaction
from compliance.store.people import colleagues
from compliance.store.plans import plan_of
from questionnaires import Question

SHORT = frozenset({"partly_met", "not_met"})


@officer.get(f"{ASSESSMENT}/plan")
def plan(assessment_id: int) -> str:
    """The steps by when they are due, what is done, and the criteria that could be improved."""
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    shown = plan_view(session, desk)
    return render_template(
        "officer/plan.html",
        desk=desk,
        plan=shown,
        wanting=[question for question in wanting(desk) if question.id not in shown.planned],
        may_plan=may_plan(session, desk),
        happenings=happenings(session, desk),
        people=names(session, desk),
    )


def may_plan(session: Session, desk: Desk) -> bool:
    """Whether this person may change the plan, in this state."""
    return desk.may_edit and planning.is_worked_on(session, desk.assessment)


def names(session: Session, desk: Desk) -> list[str]:
    """The colleagues, as owners to choose from."""
    return [one.person.full_name or one.person.email for one in colleagues(session, desk.company.id)]


def wanting(desk: Desk) -> list[Question]:
    """Asked criteria that are answered and not fully met."""
    findings = desk.score.findings
    return [asked for asked in desk.asked if asked.id in findings and findings[asked.id].outcome in SHORT]


@officer.post(f"{ASSESSMENT}/plan/make")
def make_plan(assessment_id: int) -> Response:
    """Makes the way that the page showed the plan: all its steps, with owner and day."""
    session = db.session()
    desk = editable_desk(session, assessment_id)
    if not desk.draft:
        raise WrongStateError("plan", desk.assessment.state)
    read = claim_of(session, desk.assessment, clock.today())
    found = aims.propose(read.edition, read.scored, read.asked)
    proposed, seen = found if isinstance(found, Proposal) else None, request.form.get("seen", "")
    try:
        with transaction() as writing:
            improving.make_plan(writing, current_actor(), assessment_id, proposed, read, seen)
    except StaleError:
        return _changed_meanwhile(assessment_id)
    flash(_("This is your plan now. Change owners and days as you need."), "success")
    return redirect(url_for("officer.plan", assessment_id=assessment_id))


def _changed_meanwhile(assessment_id: int) -> Response:
    """Pressed twice, the steps are there already; else an answer has changed, and the new way is shown."""
    asked = set(request.form.getlist("step"))
    if asked and asked <= {step.question for step in plan_of(db.session(), assessment_id)}:
        return redirect(url_for("officer.plan", assessment_id=assessment_id))
    flash(_("Your answers have changed since. Nothing was planned: this is the way now."), "warning")
    return redirect(url_for("officer.score", assessment_id=assessment_id))


def editable_desk(session: Session, assessment_id: int) -> Desk:
    """The desk, for whoever may change its plan."""
    actor = current_actor()
    desk = open_desk(session, actor, assessment_id)
    actor.require_company(desk.company.id, MAY_EDIT)
    return desk


@officer.post(f"{ASSESSMENT}/plan/step/<id:step_id>")
def plan_mark(assessment_id: int, step_id: int) -> Response:
    """Ticks a step, takes the tick back, or takes the step off the plan."""
    editable_desk(db.session(), assessment_id)
    try:
        with transaction() as writing:
            if "drop" in request.form:
                planning.drop(writing, current_actor(), assessment_id, step_id)
            else:
                planning.mark(writing, current_actor(), assessment_id, step_id, done="done" in request.form)
    except InvalidError as error:
        flash(refusal_text(error), "warning")
    except StaleError:
        flash(_("This step is no longer in the plan: a colleague took it off."), "warning")
    return redirect(url_for("officer.plan", assessment_id=assessment_id))
