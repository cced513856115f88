"""Both scorings side by side for a third person: only the answers that differ are open, and each is settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from compliance.actions import moderating
from compliance.actions.comparing import Both
from compliance.actions.moderating import OWN_RULING, Choice
from compliance.actions.pieces import Piece, submitted_pieces
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError
from compliance.journeys import scorecard_view
from compliance.journeys.answer_text import answer_text
from compliance.journeys.approver.case_rows import became, reasons_of
from compliance.journeys.forms import PortalForm, readable, refusal_text
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.forms import RulingForm
from compliance.journeys.reviewer.views import row
from compliance.journeys.second.blueprint import second
from compliance.journeys.second.own_ruling import own_forms, own_judgement
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.reviews import Judged
from compliance.store.second_scorings import SecondScoring, scorings_of
from questionnaires import Question

OwnForms = Mapping[str, RulingForm]


class ModerationForm(PortalForm):
    """What goes to both scorers; what is chosen of each answer has fields of the answers' names."""

    note = TextAreaField(
        _l("What should both look at again?"),
        filters=[readable],
        description=_l("Both read it. Do not tell what either of them ruled: neither knows the other's rulings."),
    )
    seen = HiddenField()


@dataclass(frozen=True)
class SideRuling:
    """One side's ruling of an answer, in words."""

    became: str
    reasons: tuple[str, ...]
    note: str
    excuse: str
    evidence: bool | None


@dataclass(frozen=True)
class Difference:
    """An answer that the two ruled otherwise; `decides` is essential or level where it does."""

    question: Question
    said: str
    decides: str
    first: SideRuling
    second: SideRuling
    pieces: list[Piece]
    not_applicable: bool


@second.route("/<id:assessment_id>/moderate", methods=["GET", "POST"])
def moderate(assessment_id: int) -> str | tuple[str, int] | Response:
    """Settled, or sent back to both; the same button pressed twice finds it done."""
    session = db.session()
    found = session.get(Assessment, assessment_id)
    if found is None:
        raise NotFoundError
    if request.method == "POST" and _settled_by_me(session, assessment_id):
        return redirect(url_for("second.queue"))
    try:
        scoring, both = moderating.to_moderate(session, current_actor(), found)
    except ForbiddenError as error:
        if error.reason != "not_declared":
            raise
        return redirect(url_for("second.declare", assessment_id=assessment_id))
    form = ModerationForm(seen=moderating.seen_of(both))
    if not form.validate_on_submit():
        return _page(form, own_forms(both), both, scoring, {})
    own = own_forms(both)
    try:
        return _act(form, own, both, assessment_id)
    except InvalidError as error:
        return _page(form, own, both, scoring, _beside(form, error)), HTTPStatus.UNPROCESSABLE_ENTITY


def _settled_by_me(session: Session, assessment_id: int) -> bool:
    last = next(iter(scorings_of(session, assessment_id)[::-1]), None)
    mine = last is not None and last.moderator_id == current_actor().user_id
    return mine and last is not None and not last.to_moderate


def _act(form: ModerationForm, own: OwnForms, both: Both, assessment_id: int) -> Response:
    seen = form.seen.data or ""
    with transaction() as session:
        if request.form.get("act") == "back":
            moderating.send_back(session, current_actor(), assessment_id, form.note.data or "", seen)
        else:
            moderating.moderate(session, current_actor(), assessment_id, _choices(own, both), seen)
    words = {"back": _("Both scorers have been told; each goes on without the other's rulings.")}
    settled = _("Settled. The reviewer goes on to the recommendation.")
    flash(words.get(request.form.get("act", ""), settled), "success")
    return redirect(url_for("second.queue"))


def _choices(own: OwnForms, both: Both) -> dict[str, Choice]:
    return {name: _choice(own[name], both, name) for name in both.differing}


def _choice(own: RulingForm, both: Both, name: str) -> Choice:
    side, why = request.form.get(f"side_{name}", ""), readable(request.form.get(f"reason_{name}", "")) or ""
    return Choice(side, why, own_judgement(own, both, name) if side == OWN_RULING else None)


def _beside(form: ModerationForm, error: InvalidError) -> dict[str, str]:
    """By field, for those of the answers; what the form itself has is told there."""
    if error.field == "note":
        form.refuse(error)
        return {}
    return {one.field: refusal_text(one) for one in (error, *error.others)}


def _page(form: ModerationForm, own: OwnForms, both: Both, scoring: SecondScoring, wrong: Mapping[str, str]) -> str:
    session, lang, code = db.session(), current_language(), both.first.edition
    order = scorecard_view.deciding_order(code, both.first.verified, both.differing)
    lines = [_difference(session, both, code.question(name)) for name in order]
    return render_template(
        "second/moderate.html",
        form=form,
        own=own,
        item=row(scoring.assessment),
        scoring=scoring,
        lines=lines,
        same=len(both.first.rulings) - len(lines),
        typed=request.form,
        wrong=wrong,
        totals=[scorecard_view.total(one.verified, lang) for one in (both.first, both.second)],
    )


def _difference(session: Session, both: Both, question: Question) -> Difference:
    read, reply = both.first, both.first.snapshot.replies.get(question.id)
    return Difference(
        question=question,
        said=answer_text(question, reply, current_language()),
        decides=scorecard_view.decides(read.edition, read.verified, question.id),
        first=_side(question, read.rulings[question.id]),
        second=_side(question, both.second.rulings[question.id]),
        pieces=submitted_pieces(session, read.snapshot, question),
        not_applicable=reply is not None and reply.not_applicable,
    )


def _side(question: Question, ruling: Judged) -> SideRuling:
    return SideRuling(
        became(question, ruling), reasons_of(ruling), ruling.note, ruling.excuse, ruling.evidence_accepted
    )
