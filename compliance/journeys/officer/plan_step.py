"""One step of the plan: for a question, or the company's own."""

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length

from compliance.actions import aims, planning
from compliance.actions.answering import question_of
from compliance.domain.errors import InvalidError, NotFoundError, StaleError
from compliance.journeys.forms import DateField, PortalForm, readable, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.language import show_date
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk
from compliance.journeys.officer.plan import editable_desk, names
from compliance.journeys.officer.words import aim_words, reader
from compliance.store.base import db, transaction
from compliance.store.plans import PlanStep, step_for
from questionnaires import Question


class PlanForm(PortalForm):
    """One step of the plan. Where an answer is aimed at, `action` may stay empty: the aim is told.

    `seen` names what the step said when the form was shown.
    """

    seen = HiddenField()
    action = TextAreaField(
        _l("What will the company do?"),
        [Length(max=planning.LONGEST_ACTION)],
        [readable],
        render_kw={"limit": planning.LONGEST_ACTION},
    )
    responsible = StringField(
        _l("Who does it?"),
        required(_l("Write who will do it."), planning.LONGEST_NAME),
        [squeeze],
        description=_l("A name or a position."),
        render_kw={"list": "colleagues", "autocomplete": "off"},
    )
    due_on = DateField(
        _l("By when?"), required(_l("Enter a day.")), format="%d %m %Y", description=_l("For example 27 3 2026.")
    )
    submit = SubmitField(_l("Save the step"))


@officer.route(f"{ASSESSMENT}/plan/own", methods=["GET", "POST"])
def plan_own(assessment_id: int) -> str | tuple[str, int] | Response:
    """Adds a step of the company's own."""
    return _own(assessment_id, None)


@officer.route(f"{ASSESSMENT}/plan/own/<id:step_id>", methods=["GET", "POST"])
def plan_own_step(assessment_id: int, step_id: int) -> str | tuple[str, int] | Response:
    """Changes a step of the company's own."""
    return _own(assessment_id, step_id)


def _own(assessment_id: int, step_id: int | None) -> str | tuple[str, int] | Response:
    session = db.session()
    desk = editable_desk(session, assessment_id)
    step = planning.own_step(session, assessment_id, step_id)
    if step is None and step_id is not None and request.method == "GET":
        raise NotFoundError
    form = PlanForm(obj=step)
    return _written(desk, None, step, form, partial(planning.plan_own, step_id=step_id))


@officer.route(f"{ASSESSMENT}/plan/<question_id>", methods=["GET", "POST"])
def plan_step(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    """Adds or changes the step for a question."""
    session = db.session()
    desk = editable_desk(session, assessment_id)
    question = question_of(desk.edition.id, question_id)
    step = step_for(session, assessment_id, question_id)
    form = PlanForm(obj=step, data=None if step else {"action": proposal(question)})
    return _written(desk, question, step, form, partial(planning.plan, question=question_id))


def _written(
    desk: Desk, question: Question | None, step: PlanStep | None, form: PlanForm, plan: Callable[..., PlanStep]
) -> str | tuple[str, int] | Response:
    """The step's page, or back to the plan once `plan` has written what was typed."""
    number, status = desk.assessment.id, 200
    if form.is_submitted():
        status = 422
    else:
        form.seen.data = planning.version(step)
    if form.validate_on_submit():
        typed = {"action": form.action.data or "", "responsible": form.responsible.data, "due_on": form.due_on.data}
        try:
            with transaction() as writing:
                plan(writing, current_actor(), number, **typed, seen=form.seen.data)
        except InvalidError as error:
            form.refuse(error)
        except StaleError:
            status = _beside(form, step)
        else:
            return _saved(number)
    return _step_page(db.session(), desk, question, step, form), status


def _beside(form: PlanForm, step: PlanStep | None) -> int:
    """Says what a colleague wrote meanwhile above what was typed; saved again, it takes its place."""
    if step is not None:
        said = " · ".join(part for part in (step.action, step.responsible, show_date(step.due_on)) if part)
        form.form_errors.append(
            _(
                "A colleague has changed this step meanwhile: %(said)s. What you typed stands below, not saved yet;"
                " save again to put it in the place of theirs.",
                said=said,
            )
        )
    form.seen.data = planning.version(step)
    return 409


def _saved(assessment_id: int) -> Response:
    flash(_("The step is in your plan."), "success")
    return redirect(url_for("officer.plan", assessment_id=assessment_id))


def proposal(question: Question) -> str:
    """A first sentence for a step: the answer that earns most."""
    if not question.good:
        return ""
    return str(_("Reach: %(answer)s.", answer="; ".join(option.label[reader()] for option in question.good)))


def _step_page(session: Session, desk: Desk, question: Question | None, step: PlanStep | None, form: PlanForm) -> str:
    aim = aims.read(step.aim) if step else None
    return render_template(
        "officer/plan_step.html",
        desk=desk,
        question=question,
        form=form,
        aim=aim_words(question, aim, reader()) if question and aim else "",
        people=names(session, desk),
    )
