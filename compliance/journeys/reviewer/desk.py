"""The desk: one answer, its evidence, the cycle before, and the ruling, on one screen."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions import noting, reviewing
from compliance.actions.asking import terms
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import readable, reviewer
from compliance.journeys.reviewer.desk_view import desk, order_of
from compliance.journeys.reviewer.forms import RulingForm
from compliance.journeys.reviewer.ruling_form import (
    ASK,
    adjusted_value,
    judgement,
    press_quick,
    refusal,
    ruling_form,
)
from compliance.store.base import db, transaction
from compliance.store.review_notes import to_ask
from questionnaires import Question

TAKEN = (ForbiddenError, WrongStateError)
"""Somebody else holds the assessment by now, or it waits for the company."""


@reviewer.route("/<id:assessment_id>/answer/<question_id>", methods=["GET", "POST"])
def answer(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    session = db.session()
    found = under_review(session, readable(session, assessment_id))
    if question_id not in order_of(found):
        raise NotFoundError
    question = found.edition.question(question_id)
    form = ruling_form(found, question, to_ask(session, assessment_id).get(question_id))
    if not form.is_submitted():
        return _page(form, found, question)
    try:
        if form.validate() and (done := _act(form, found, question)) is not None:
            return done
    except StaleError:
        form.form_errors.append(
            _("The answer or its ruling changed since you opened this page. Read it again, then save.")
        )
    except TAKEN:
        return _page(form, _anew(session, found), question), HTTPStatus.CONFLICT
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _page(form, _anew(session, found), question), status


def _act(form: RulingForm, found: UnderReview, question: Question) -> Response | None:
    """What was pressed; None when the page is shown again."""
    act, number = request.form.get("act", "save"), found.assessment.id
    waiting = to_ask(db.session(), number).get(question.id)
    if act == "quick" and not press_quick(form, found, question, waiting):
        return None
    try:
        if act == "try":
            form.tried = adjusted_value(form, question)
            return None
        if act == "note":
            with transaction() as session:
                noting.note(session, current_actor(), number, question.id, form.internal.data or "")
            form.internal.data = ""
            return None
        _save(form, found, question)
    except InvalidError as error:
        form.refuse(InvalidError(error.field, refusal(error), **error.values))
        return None
    return _next(number, question.id)


def _save(form: RulingForm, found: UnderReview, question: Question) -> None:
    """The ruling, or the question for the next round, with the internal note: all of it or nothing."""
    number, text = found.assessment.id, form.note.data or ""
    if not form.verdict.data or form.verdict.data == "None":
        raise InvalidError("verdict", _("Choose a ruling."))
    if form.verdict.data == ASK and not text.strip():
        raise InvalidError("note", _("Write what you want to know."))
    with transaction() as session:
        if form.verdict.data == ASK:
            if terms(session, found.assessment).used:
                raise InvalidError("verdict", _("All rounds of questions to this company are used."))
            noting.put_aside(session, current_actor(), number, question.id, text)
        else:
            said = judgement(form, found, question)
            reviewing.rule(session, current_actor(), number, question.id, said, form.seen.data or "")
            noting.put_aside(session, current_actor(), number, question.id, "")
        noting.note(session, current_actor(), number, question.id, form.internal.data or "")


def _anew(session: Session, found: UnderReview) -> UnderReview:
    """As it is stored after what was refused, or kept besides."""
    session.expire_all()
    return under_review(session, found.assessment)


def _page(form: RulingForm, found: UnderReview, question: Question) -> str:
    return render_template("reviewer/answer.html", form=form, **desk(db.session(), found, question, form))


def _next(assessment_id: int, question_id: str) -> Response:
    """The next answer that waits for a word of the reviewer's; then the questions to ask, or the whole assessment."""
    session = db.session()
    found = under_review(session, readable(session, assessment_id))
    order, waiting = order_of(found), to_ask(session, assessment_id)
    place = order.index(question_id) if question_id in order else 0
    for question in [*order[place + 1 :], *order[:place]]:
        if question not in found.rulings and question not in waiting:
            there = url_for("reviewer.answer", assessment_id=assessment_id, question_id=question, after=question_id)
            return redirect(there)
    return redirect(url_for("reviewer.ask" if waiting else "reviewer.assessment", assessment_id=assessment_id))
