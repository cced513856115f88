"""One answer on the second scorer's screen: the desk of reviewers, without a word of the first side."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from compliance.actions import second_scoring
from compliance.actions.second_reading import second_reading
from compliance.actions.under_review import UnderReview
from compliance.domain.errors import InvalidError, NotFoundError, StaleError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.desk_view import desk, order_of
from compliance.journeys.reviewer.forms import RulingForm
from compliance.journeys.reviewer.ruling_form import ASK, adjusted_value, judgement, press_quick, refusal, ruling_form
from compliance.journeys.second.blueprint import held, second
from compliance.journeys.working_days import days_left
from compliance.store.base import db, transaction
from compliance.store.second_scorings import SecondScoring
from questionnaires import Question


@second.route("/<id:assessment_id>/answer/<question_id>", methods=["GET", "POST"])
def answer(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    session = db.session()
    assessment, scoring = held(session, assessment_id)
    found = second_reading(session, assessment)
    if question_id not in order_of(found):
        raise NotFoundError
    question = found.edition.question(question_id)
    form = ruling_form(found, question, None)
    if not form.is_submitted():
        return _page(form, found, question, scoring)
    try:
        if form.validate() and (done := _act(form, found, question)) is not None:
            return done
    except StaleError:
        form.form_errors.append(
            _("The answer or its ruling changed since you opened this page. Read it again, then save.")
        )
    session.expire_all()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _page(form, second_reading(session, scoring.assessment), question, scoring), status


def _act(form: RulingForm, found: UnderReview, question: Question) -> Response | None:
    """What was pressed; None when the page is shown again."""
    act = request.form.get("act", "save")
    if act == "quick" and not press_quick(form, found, question, None):
        return None
    try:
        if act == "try":
            form.tried = adjusted_value(form, question)
            return None
        _save(form, found, question)
    except InvalidError as error:
        form.refuse(InvalidError(error.field, refusal(error), **error.values))
        return None
    return _next(found.assessment.id, question.id)


def _save(form: RulingForm, found: UnderReview, question: Question) -> None:
    if form.verdict.data in {None, "", "None", ASK}:
        raise InvalidError("verdict", _("Choose a ruling."))
    said = judgement(form, found, question)
    with transaction() as session:
        second_scoring.rule(session, current_actor(), found.assessment.id, question.id, said, form.seen.data or "")


def _page(form: RulingForm, found: UnderReview, question: Question, scoring: SecondScoring) -> str:
    shown = desk(db.session(), found, question, form, second=True)
    shown |= {"mine": scoring.second_done_at is None}
    shown["item"] = {**shown["item"], "days_left": days_left(scoring.due_on)}
    return render_template("reviewer/answer.html", form=form, **shown)


def _next(assessment_id: int, question_id: str) -> Response:
    """The next answer without a ruling, else the whole assessment."""
    assessment, _scoring = held(db.session(), assessment_id)
    found = second_reading(db.session(), assessment)
    order = order_of(found)
    place = order.index(question_id) if question_id in order else 0
    for name in [*order[place + 1 :], *order[:place]]:
        if name not in found.rulings:
            there = url_for("second.answer", assessment_id=assessment_id, question_id=name, after=question_id)
            return redirect(there)
    return redirect(url_for("second.assessment", assessment_id=assessment_id))
