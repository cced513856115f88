"""An essential point that is left to discretion: its page, where a person decides with the edition's factors."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from compliance.actions import excusing
from compliance.actions.excusing import LONGEST_REASON, Excuse, discretionary
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.domain.lifecycle import State
from compliance.journeys.answer_text import answer_text
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, show_number
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.blueprint import mine, reviewer
from compliance.journeys.reviewer.blueprint import readable as readable_case
from compliance.journeys.reviewer.views import row
from compliance.store.base import db, transaction
from questionnaires import Reply
from questionnaires.answers import load


class ExcuseForm(PortalForm):
    """Whether the point passes, by which factors, and why."""

    passes = RadioField(
        _l("Does this essential point pass all the same?"),
        choices=[
            SelectChoice("yes", _l("Yes: it is excused")),
            SelectChoice("no", _l("No: it is not met, so there is no award at any level")),
        ],
        validators=[InputRequired(_l("Choose whether it passes."))],
    )
    factors = SelectMultipleField(
        _l("Which mitigating factors did you find?"),
        validate_choice=False,
    )
    reason = TextAreaField(
        _l("Reason"),
        required(_l("Give a reason; the company will read it."), LONGEST_REASON),
        [readable],
        description=_l("The company, the approver and an appeal panel read it."),
    )
    submit = SubmitField(_l("Decide on this point"))


@reviewer.route("/<id:assessment_id>/essential/<question_id>", methods=["GET", "POST"])
def essential(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    """The answer, its ruling, and the decision; whoever decides here approves nothing of this assessment."""
    session = db.session()
    case = readable_case(session, assessment_id)
    read = under_review(session, case)
    if question_id not in discretionary(read) or not mine(case) or case.state is not State.IN_REVIEW:
        raise NotFoundError
    return decide_on_point(read, question_id, excusing.excuse, "reviewer.assessment")


def decide_on_point(
    read: UnderReview, question_id: str, excuse: Callable[..., object], back: str
) -> str | tuple[str, int] | Response:
    """The page of a point as one side rules it; `excuse` is the act of that side, `back` where it leads."""
    case, form = read.assessment, _form(read, question_id)
    if form.validate_on_submit():
        said = Excuse(form.passes.data == "yes", form.factors.data or (), form.reason.data or "")
        try:
            with transaction() as writing:
                excuse(writing, current_actor(), case.id, question_id, said)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Decided. The approver and the company read why."), "success")
            return redirect(url_for(back, assessment_id=case.id))
    question, lang, ruling = read.edition.question(question_id), current_language(), read.rulings[question_id]
    page = render_template(
        "reviewer/essential.html",
        form=form,
        item=row(case),
        back=url_for(back, assessment_id=case.id),
        question=question,
        answer=answer_text(question, read.snapshot.replies.get(question_id), lang),
        ruling=ruling,
        adjusted="" if ruling.adjusted is None else answer_text(question, Reply(load(question, ruling.adjusted)), lang),
        because=read.verified.essentials[question_id].because(lang),
    )
    return page, 422 if form.is_submitted() else 200


def _form(read: UnderReview, question_id: str) -> ExcuseForm:
    """Filled with what was decided, if anything was."""
    ruling = read.rulings[question_id]
    said = {"pass": "yes", "fail": "no"}.get(ruling.essential)
    form = ExcuseForm(data={"passes": said, "factors": ruling.factors, "reason": ruling.excuse} if said else None)
    lang, rule = current_language(), read.edition.lifecycle.discretion
    form.factors.choices = [(one.id, one.text[lang]) for one in rule.factors]
    least = show_number(rule.least)
    form.factors.description = _(
        "Those of this edition of the Code. To excuse, choose at least %(least)s.", least=least
    )
    return form
