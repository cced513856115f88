"""Decisions: the queue, the case, the act."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions import awarding, deciding, reviewing
from compliance.actions.advance import require_approver
from compliance.actions.scorecards import seen_digest
from compliance.actions.signing_for import signatory_now
from compliance.actions.ties import require_no_tie
from compliance.bounded.runner import Sender
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.lifecycle import DECIDED, State
from compliance.journeys.approver.blueprint import approver
from compliance.journeys.approver.case_view import case
from compliance.journeys.approver.forms import DecisionForm
from compliance.journeys.approver.letter_form import draft_anew, put_draft
from compliance.journeys.approver.proof import grant_once_drawn
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.forms import DeclarationForm
from compliance.journeys.reviewer.views import row
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.base import db, transaction
from compliance.store.reviews import Deciding, decisions
from questionnaires import edition

RESULTS = {Deciding.APPROVE: State.APPROVED, Deciding.REFUSE: State.REFUSED, Deciding.RETURN: State.IN_REVIEW}


@approver.route("/<id:assessment_id>", methods=["GET", "POST"])
def assessment(assessment_id: int) -> str | Response:
    session = db.session()
    found = session.get(Assessment, assessment_id)
    if found is None:
        raise NotFoundError
    if found.state not in {State.RECOMMENDED, *DECIDED}:
        return _sent_back_already(found)
    try:
        require_approver(session, current_actor(), found)
    except ForbiddenError as error:
        if error.reason != "not_declared":
            raise
        return redirect(url_for("approver.declare", assessment_id=assessment_id))
    against = awarding.objections(session, found.company_id) if found.state is State.RECOMMENDED else ()
    form = DecisionForm(seen=seen_digest(session, found), told=awarding.told(against))
    look = bool(request.form.get("look"))
    if not form.is_submitted():
        put_draft(form, session, found)
    if not look and form.validate_on_submit() and (done := _decide(form, found)) is not None:
        return done
    shown = case(found)
    form.tell(_granted(shown))
    return render_template("approver/assessment.html", form=form, objections=against, sheet=look, **shown)


def _granted(shown: dict[str, Any]) -> str:
    level = shown["recommendation"].level
    if level is None:
        return _("No level is reached, so there is nothing to grant.")
    name = edition(shown["assessment"].edition).level(level).title[current_language()]
    return _("%(level)s, %(months)s months", level=name, months=km_digits(shown["months"]))


def _sent_back_already(found: Assessment) -> Response:
    """What is not with the approvers is nobody's page; a decision sent to it after one was made came second."""
    if request.method == "GET" or not decisions(db.session(), found.id):
        raise NotFoundError
    require_approver(db.session(), current_actor(), found)
    if not _is_mine(found.id):
        raise WrongStateError("decide", found.state)
    return redirect(url_for("approver.queue"))


def _decide(form: DecisionForm, found: Assessment) -> Response | None:
    """Takes the decision; None when the form has to be shown again. The same button pressed twice is no error."""
    act, reason, seen, assessment_id = Deciding(form.act.data), form.reason.data or "", form.seen.data or "", found.id
    if found.state is State.RECOMMENDED and act is not Deciding.RETURN and form.drafted_for.data != act.value:
        draft_anew(form, db.session(), found, act)
        return None
    letter = deciding.Letter(form.letter_km.data or "", form.letter_en.data or "")
    try:
        if act is Deciding.APPROVE:
            _grant(form, assessment_id, letter)
        else:
            with transaction() as session:
                if act is Deciding.REFUSE:
                    deciding.refuse(session, current_actor(), assessment_id, seen=seen, reason=reason, letter=letter)
                else:
                    deciding.send_back(session, current_actor(), assessment_id, seen=seen, reason=reason)
    except InvalidError as error:
        if error.field in {"letter_km", "letter_en"}:
            form.refuse(error)
            return None
        words = {
            "required": _("Give a reason."),
            "no_level": _("No level is reached, so there is nothing to grant."),
            "kinds": _("The company does something else now than it was asked about; it can change that back."),
            "drawing": _("The certificate could not be drawn, so nothing was decided. Tell an administrator."),
            "busy": _("The certificate could not be drawn at this moment, so nothing was decided. Try again."),
            "brands": _("The company no longer names something that the award would cover: return it to the reviewer."),
        }
        form.refuse(InvalidError(error.field, words.get(error.message, _("This is not possible here."))))
        return None
    except WrongStateError as error:
        if error.state != RESULTS[act] or not _is_mine(assessment_id):
            raise
    flash(
        {
            Deciding.APPROVE: _("The award is granted and in the register. The certificate is being made."),
            Deciding.REFUSE: _("Refused. The company is told, with the reason."),
            Deciding.RETURN: _("Returned to the reviewer."),
        }[act],
        "success",
    )
    return redirect(url_for("approver.queue"))


def _grant(form: DecisionForm, assessment_id: int, letter: deciding.Letter) -> None:
    kept = settings()

    def grant(session: Session) -> Award:
        return deciding.approve(
            session,
            current_actor(),
            assessment_id,
            seen=form.seen.data or "",
            public_url=kept.public_url,
            signatory=signatory_now(session, kept),
            note=form.reason.data or "",
            told=form.told.data or "",
            letter=letter,
        )

    grant_once_drawn(grant, Sender(f"person {current_actor().user_id}", known=True))


def _is_mine(assessment_id: int) -> bool:
    """Whether the newest decision is this approver's own: the same button, pressed twice."""
    made = decisions(db.session(), assessment_id)
    return bool(made) and made[-1].decided_by == current_actor().user_id


@approver.route("/<id:assessment_id>/declare", methods=["GET", "POST"])
def declare(assessment_id: int) -> str | Response:
    """Ties first, for approvers too."""
    session = db.session()
    found = session.get(Assessment, assessment_id)
    if found is None or found.state not in {State.RECOMMENDED, *DECIDED}:
        raise NotFoundError
    require_no_tie(session, current_actor(), found.company_id)
    form = DeclarationForm(version=str(found.version))
    if form.validate_on_submit():
        has_tie = form.tie.data == "yes"
        try:
            with transaction() as writing:
                reviewing.declare(writing, current_actor(), assessment_id, has_tie=has_tie, tie=form.what.data or "")
        except InvalidError:
            form.refuse(InvalidError("what", _("Say which tie it is.")))
        else:
            if has_tie:
                flash(_("Thank you. You have a tie, so this assessment is for somebody else."), "success")
                return redirect(url_for("approver.queue"))
            return redirect(url_for("approver.assessment", assessment_id=assessment_id))
    return render_template("reviewer/declare.html", form=form, item=row(found))
