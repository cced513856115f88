"""Asking the company: answers are picked from the list, each with what the reviewer wants to know, until a due date."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.validators import Optional

from compliance import clock
from compliance.actions import noting
from compliance.actions.asking import Terms, ask, terms
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.errors import ForbiddenError, InvalidError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.journeys.answer_text import answer_text
from compliance.journeys.forms import DateField, PortalForm, readable
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language, km_digits, show_date
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.blueprint import mine, reviewer
from compliance.journeys.reviewer.blueprint import readable as readable_by_reviewer
from compliance.journeys.reviewer.desk_view import order_of
from compliance.journeys.reviewer.views import row
from compliance.journeys.working_days import counted
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.review_notes import to_ask
from compliance.store.reviews import Clarification, clarifications, open_clarification


class RoundForm(PortalForm):
    """The due date; what is asked of each answer has fields of the answers' names."""

    due_on = DateField(_l("The reply is due by"), format="%d %m %Y", validators=[Optional()])


@dataclass(frozen=True)
class Typed:
    """`picked` are the answers that are ticked, `texts` what stands beside each answer."""

    picked: frozenset[str]
    texts: Mapping[str, str]

    @property
    def wanted(self) -> dict[str, str]:
        return {question: self.texts[question] for question in self.texts if question in self.picked}


@reviewer.route("/<id:assessment_id>/ask", methods=["GET", "POST"], endpoint="ask")
def ask_company(assessment_id: int) -> str | tuple[str, int] | Response:
    """Only what is ticked is asked; what else is written waits for the next round. Pressed twice, it is asked once."""
    session = db.session()
    assessment = readable_by_reviewer(session, assessment_id)
    found = under_review(session, assessment)
    if request.method == "GET":
        return _first(session, found)
    typed, form = _typed(found), RoundForm()
    if _sent_before(open_clarification(session, assessment_id), assessment, typed):
        return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))
    wrong = _wrong(typed) if request.form.get("act") != "keep" else {}
    if form.validate() and not wrong:
        try:
            return _keep(found, typed) if request.form.get("act") == "keep" else _send(found, typed, form)
        except InvalidError as error:
            _refuse(form, wrong, error, terms(db.session(), assessment))
        except (ForbiddenError, WrongStateError) as error:
            return _page(form, _anew(session, found), typed, wrong, _why(error)), HTTPStatus.CONFLICT
    return _page(form, _anew(session, found), typed, wrong), HTTPStatus.UNPROCESSABLE_ENTITY


def _first(session: Session, found: UnderReview) -> str | Response:
    assessment = found.assessment
    if assessment.state is State.CLARIFYING and assessment.reviewer_id == current_actor().user_id:
        return redirect(url_for("reviewer.assessment", assessment_id=assessment.id))
    if not mine(assessment):
        raise ForbiddenError("not_claimed")
    waiting = {question: note.text for question, note in to_ask(session, assessment.id).items()}
    about = request.args.get("about", "")
    typed = Typed(frozenset(waiting) | {about}, {question: waiting.get(question, "") for question in order_of(found)})
    return _page(RoundForm(due_on=terms(session, assessment).first), found, typed, {})


def _typed(found: UnderReview) -> Typed:
    texts = {question: readable(request.form.get(question, "")) or "" for question in order_of(found)}
    return Typed(frozenset(request.form.getlist("pick")) & texts.keys(), texts)


def _sent_before(asked: Clarification | None, assessment: Assessment, typed: Typed) -> bool:
    mine_too = asked is not None and asked.asked_by == current_actor().user_id
    return mine_too and assessment.state is State.CLARIFYING and asked is not None and asked.questions == typed.wanted


def _wrong(typed: Typed) -> dict[str, str]:
    """What is wrong beside each answer; a mistake stands in the way of all."""
    most = noting.LONGEST_NOTE
    empty = {question: str(_("Write what you want to know.")) for question, text in typed.wanted.items() if not text}
    words = _("Use at most %(length)s characters.", length=km_digits(most))
    return empty | {question: str(words) for question, text in typed.texts.items() if len(text) > most}


def _send(found: UnderReview, typed: Typed, form: RoundForm) -> Response:
    """What is not ticked waits; then the round is asked: all of it or nothing."""
    with transaction() as session:
        _put_aside(session, found, {one: text for one, text in typed.texts.items() if one not in typed.picked})
        ask(session, current_actor(), found.assessment.id, typed.wanted, form.due_on.data)
    flash(_("Sent. The company can change only these answers; you will be told when it replies."), "success")
    return redirect(url_for("reviewer.queue"))


def _keep(found: UnderReview, typed: Typed) -> Response:
    with transaction() as session:
        _put_aside(session, found, typed.texts)
    flash(_("Kept for the next round of questions. Nothing was sent."), "success")
    return redirect(url_for("reviewer.assessment", assessment_id=found.assessment.id))


def _put_aside(session: Session, found: UnderReview, texts: Mapping[str, str]) -> None:
    waiting = to_ask(session, found.assessment.id)
    for question, text in texts.items():
        if text or question in waiting:
            noting.put_aside(session, current_actor(), found.assessment.id, question, text)


def _refuse(form: RoundForm, wrong: dict[str, str], error: InvalidError, now: Terms) -> None:
    first, last = show_date(now.first), show_date(now.last)
    words: dict[str, str] = {
        "too_early": _("The company has %(days)s working days at least: choose %(day)s or a later day.",
                       days=km_digits(now.days), day=first),
        "too_late": _("A reply may be due in %(days)s working days at most: choose %(day)s or an earlier day.",
                      days=km_digits(now.most_days), day=last),
        "no_working_day": _("Choose a working day."),
    }  # fmt: skip
    if error.field == "due_on":
        form.refuse(InvalidError("due_on", words[error.message]))
    elif error.field in {"questions", "question"}:
        form.form_errors.append(_("Tick at least one answer and write what you want to know."))
    else:
        wrong[error.field] = str(_("This is not possible here."))


def _why(error: Exception) -> str:
    if isinstance(error, ForbiddenError) and error.reason == "rounds_used":
        return str(_("All rounds of questions to this company are used."))
    return str(_("This assessment is not in your hands now, or the company is asked already."))


def _anew(session: Session, found: UnderReview) -> UnderReview:
    session.expire_all()
    return under_review(session, found.assessment)


def _page(form: RoundForm, found: UnderReview, typed: Typed, wrong: Mapping[str, str], failed: str = "") -> str:
    session, assessment, lang = db.session(), found.assessment, current_language()
    now, asked = terms(session, assessment), clarifications(session, assessment.id)
    for question, text in wrong.items():
        form.form_errors.append(f"{found.edition.question(question).title[lang]}: {text}")
    lines: list[dict[str, Any]] = [
        {
            "question": found.edition.question(question),
            "answer": answer_text(found.edition.question(question), found.snapshot.replies.get(question), lang),
            "ruling": found.rulings.get(question),
            "text": typed.texts.get(question, ""),
            "picked": question in typed.picked,
            "wrong": wrong.get(question, ""),
        }
        for question in order_of(found)
    ]
    return render_template(
        "reviewer/ask.html",
        form=form,
        item=row(assessment),
        lines=sorted(lines, key=lambda line: not (line["picked"] or line["text"])),
        terms=now,
        rounds=asked,
        failed=failed,
        counted=counted(clock.today(), now.first),
    )
