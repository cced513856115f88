"""The improvement plan: what will be done about a criterion, who and by when."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField, TextAreaField

from compliance.actions import planning
from compliance.actions.answering import question_of
from compliance.domain.errors import InvalidError
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.forms import DateField, PortalForm, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import OPEN, Desk, open_desk
from compliance.journeys.officer.words import reader
from compliance.store.base import db, transaction
from compliance.store.plans import PlanItem, plan_of
from questionnaires import Question


class PlanForm(PortalForm):
    """One step of the plan."""

    action = TextAreaField(
        _l("What will the company do?"),
        required(_l("Write what the company will do."), planning.LONGEST_ACTION),
        [squeeze],
        render_kw={"limit": planning.LONGEST_ACTION},
    )
    responsible = StringField(
        _l("Who does it?"),
        required(_l("Write who will do it."), planning.LONGEST_NAME),
        [squeeze],
        description=_l("A name or a position."),
    )
    due_on = DateField(
        _l("By when?"), required(_l("Enter a day.")), format="%d %m %Y", description=_l("For example 27 3 2026.")
    )
    submit = SubmitField(_l("Save the step"))


@officer.get(f"{ASSESSMENT}/plan")
def plan(assessment_id: int) -> str:
    """The steps by date, and the criteria that could be improved."""
    session = db.session()
    desk = open_desk(session, current_actor(), assessment_id)
    items = plan_of(session, assessment_id)
    return render_template(
        "officer/plan.html",
        desk=desk,
        items=[(desk.edition.question(item.question), item) for item in items.values()],
        wanting=[question for question in wanting(desk) if question.id not in items],
        may_plan=desk.may_edit and desk.assessment.state in OPEN,
    )


def wanting(desk: Desk) -> list[Question]:
    """Asked criteria that are answered and not fully met."""
    findings = desk.score.findings
    short = ("partly_met", "not_met")
    return [asked for asked in desk.asked if asked.id in findings and findings[asked.id].outcome in short]


@officer.route(f"{ASSESSMENT}/plan/<question_id>", methods=["GET", "POST"])
def plan_step(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    """Adds or changes a step; `drop` takes it off."""
    actor = current_actor()
    desk = open_desk(db.session(), actor, assessment_id)
    actor.require_company(desk.company.id, MAY_EDIT)
    question = question_of(desk.edition.id, question_id)
    item = plan_of(db.session(), assessment_id).get(question_id)
    if request.method == "POST" and "drop" in request.form:
        with transaction() as session:
            planning.drop(session, current_actor(), assessment_id, question_id)
        return redirect(url_for("officer.plan", assessment_id=assessment_id))
    form = PlanForm(obj=item, data=None if item else {"action": proposal(question)})
    if form.validate_on_submit() and _planned(form, assessment_id, question_id):
        flash(_("The step is in your plan."), "success")
        return redirect(url_for("officer.plan", assessment_id=assessment_id))
    return _step_page(desk, question, item, form)


def proposal(question: Question) -> str:
    """A first sentence for a step: the answer that earns most."""
    if not question.good:
        return ""
    return str(_("Reach: %(answer)s", answer="; ".join(option.label[reader()] for option in question.good)))


def _step_page(desk: Desk, question: Question, item: PlanItem | None, form: PlanForm) -> tuple[str, int]:
    shown = render_template("officer/plan_step.html", desk=desk, question=question, item=item, form=form)
    return shown, 422 if form.is_submitted() else 200


def _planned(form: PlanForm, assessment_id: int, question_id: str) -> bool:
    try:
        with transaction() as session:
            planning.plan(
                session, current_actor(), assessment_id, question_id,
                form.action.data, form.responsible.data, form.due_on.data,
            )  # fmt: skip
    except InvalidError as error:
        form.refuse(error)
        return False
    return True
