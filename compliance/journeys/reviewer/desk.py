"""The desk: one answer, its evidence, what was asked before, and the ruling."""

from typing import Any

from flask import redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions import reviewing
from compliance.actions.pieces import submitted_pieces
from compliance.actions.reviewing import Judgement
from compliance.actions.scorecards import frozen_reply
from compliance.actions.under_review import UnderReview, under_review
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys import scorecard_view
from compliance.journeys.answer_text import answer_text
from compliance.journeys.appeal_view import upheld
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import mine, readable, reviewer
from compliance.journeys.reviewer.forms import RulingForm
from compliance.journeys.reviewer.views import row
from compliance.store.assessments import Assessment, submissions
from compliance.store.base import db, transaction
from compliance.store.reviews import Ruling, Verdict, clarifications
from questionnaires import Question
from questionnaires.answers import dump

YES_NO = {"yes": True, "no": False}


@reviewer.route("/<id:assessment_id>/answer/<question_id>", methods=["GET", "POST"])
def answer(assessment_id: int, question_id: str) -> str | Response:
    session = db.session()
    found = under_review(session, readable(session, assessment_id))
    order = _order(found)
    if question_id not in order:
        raise NotFoundError
    question = found.edition.question(question_id)
    form = _form(found, question)
    if form.validate_on_submit():
        if form.verdict.data == "ask":
            return redirect(url_for("reviewer.ask", assessment_id=assessment_id, about=question_id))
        try:
            with transaction() as writing:
                reviewing.rule(writing, current_actor(), assessment_id, question_id, _judgement(form, question))
        except InvalidError as error:
            form.refuse(InvalidError(error.field, _refusal(error), **error.values))
        else:
            return _next(assessment_id, question_id)
    return render_template("reviewer/answer.html", form=form, **_desk(session, found, question, order))


def _order(found: UnderReview) -> list[str]:
    return scorecard_view.deciding_order(found.edition, found.claimed, found.to_rule)


def _form(found: UnderReview, question: Question) -> RulingForm:
    """Filled with the standing ruling, so that changing one's mind starts from what was said."""
    standing = found.rulings.get(question.id)
    words = {True: "yes", False: "no", None: None}
    form = RulingForm(
        data=standing
        and {
            "verdict": standing.verdict,
            "adjusted": standing.adjusted if isinstance(standing.adjusted, str) else "",
            "evidence": words[standing.evidence_accepted],
            "not_applicable": words[standing.na_accepted],
            "reason": standing.reason,
            "note": standing.note,
        }
    )
    form.offer(question, current_language())
    return form


def _judgement(form: RulingForm, question: Question) -> Judgement:
    verdict = Verdict(form.verdict.data)
    adjusted = None
    if verdict is Verdict.ADJUST and form.adjusted.data in {option.value for option in question.options}:
        adjusted = dump((form.adjusted.data,) if question.kind == "multiple_choice" else form.adjusted.data)
    return Judgement(
        verdict=verdict,
        adjusted=adjusted,
        evidence_accepted=YES_NO.get(form.evidence.data or ""),
        na_accepted=YES_NO.get(form.not_applicable.data or ""),
        reason="" if verdict is Verdict.CONFIRM else form.reason.data or "",
        note=form.note.data or "",
    )


def _refusal(error: InvalidError) -> str:
    words: dict[str, str] = {
        "adjusted": _("Choose what the evidence does support."),
        "reason": _("Choose a reason; the company will read it."),
        "note": _("Write a note; the company will read it."),
        "evidence": _("Say whether the evidence is accepted."),
        "not_applicable": _("Say whether the question really does not apply."),
    }
    return words.get(error.field) or str(_("This ruling is not possible here."))


def _next(assessment_id: int, question_id: str) -> Response:
    """The next answer without a ruling after this one, else the first one left, else the whole assessment."""
    session = db.session()
    found = under_review(session, readable(session, assessment_id))
    order = _order(found)
    place = order.index(question_id) if question_id in order else 0
    for question in [*order[place + 1 :], *order[:place]]:
        if question not in found.rulings:
            return redirect(url_for("reviewer.answer", assessment_id=assessment_id, question_id=question))
    return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))


def _desk(session: Session, found: UnderReview, question: Question, order: list[str]) -> dict[str, Any]:
    lang, code, assessment = current_language(), found.edition, found.assessment
    claimed, verified, reply = found.claimed, found.verified, found.snapshot.replies.get(question.id)
    place = order.index(question.id)
    return {
        "assessment": assessment,
        "item": row(assessment),
        "mine": mine(assessment),
        "question": question,
        "section": code.section(question.section).title[lang],
        "answer": answer_text(question, reply, lang),
        "reply": reply,
        "finding": claimed.findings.get(question.id),
        "pieces": submitted_pieces(session, found.snapshot, question),
        "decides": scorecard_view.decides(code, claimed, question.id),
        "place": place + 1,
        "count": len(order),
        "left": len(found.unruled),
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
        "asked_before": [one for one in clarifications(session, assessment.id) if question.id in one.questions],
        "earlier": _earlier(session, assessment, question),
        "appeals": upheld(assessment),
        "ruling": found.rulings.get(question.id),
        "bars": scorecard_view.pair_bars(code, claimed, verified, lang, found.unruled),
        "claimed": claimed.levels[scorecard_view.AWARD].reached,
        "verified": verified.levels[scorecard_view.AWARD].reached,
        "tried": _tried(found, question),
    }


def _earlier(session: Session, assessment: Assessment, question: Question) -> list[dict[str, Any]]:
    """What the company answered here in earlier rounds of this assessment."""
    lang = current_language()
    return [
        {"round": one.round, "answer": answer_text(question, frozen_reply(one, question), lang)}
        for one in submissions(session, assessment.id)[:-1]
    ]


def _tried(found: UnderReview, question: Question) -> dict[str, Any]:
    """How the section would stand if this answer were not supported: what the ruling weighs."""
    refused = Ruling(question=question.id, verdict=Verdict.NOT_SUPPORTED, reason="other")
    worst = found.verified_with({**found.rulings, question.id: refused})
    lang = current_language()
    return {
        "level": worst.levels[scorecard_view.AWARD].reached,
        "before": scorecard_view.points(found.verified, question.section, lang),
        "after": scorecard_view.points(worst, question.section, lang),
    }
