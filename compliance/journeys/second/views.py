"""The list of second scorings, and the acts on one: declared, taken, read, finished, handed back, set free."""

from dataclasses import dataclass
from typing import Any, Literal

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance.actions import excusing, reviewing, second_scoring, weighing
from compliance.actions.second_reading import second_reading
from compliance.actions.ties import require_no_tie, ties_to
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.journeys import scorecard_view
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.forms import DeclarationForm
from compliance.journeys.reviewer.views import row
from compliance.journeys.second.blueprint import has_declared, held, opened, second
from compliance.journeys.working_days import days_left
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from compliance.store.second_scorings import SecondScoring, first_people, open_scorings

Place = Literal["mine", "free", "settle", "held"]


class FreeForm(PortalForm):
    """Why an approver frees a second scoring."""

    reason = TextAreaField(
        _l("Why?"),
        required(_l("Give a reason."), second_scoring.LONGEST_REASON),
        [readable],
        description=_l("Whoever held it is told, and it stays in the audit trail."),
    )
    submit = SubmitField(_l("Set it free"))


@dataclass(frozen=True)
class Line:
    """One second scoring in the list; `holder` is told to approvers alone. Whoever is `tied` can only hand it back."""

    scoring: SecondScoring
    place: Place
    item: dict[str, Any]
    days: int
    holder: str = ""
    tied: bool = False


@second.get("/")
def queue() -> str:
    """What this person may take, holds, or may settle; of what they score on the first side nothing."""
    session = db.session()
    lines = _lines(session, current_actor())
    places = {place: [line for line in lines if line.place == place] for place in ("mine", "free", "settle", "held")}
    return render_template("second/queue.html", places=places, reviews=current_actor().has(Role.REVIEWER))


def _lines(session: Session, actor: Actor) -> list[Line]:
    found = open_scorings(session)
    tied = ties_to(session, actor, [one.assessment.company_id for one in found])
    names = names_of(session, {one.scorer_id for one in found if one.scorer_id})
    lines = []
    for one in found:
        place, is_tied = _place(session, actor, one), one.assessment.company_id in tied
        if place is not None and (place == "mine" or not is_tied):
            holder = names.get(one.scorer_id or 0, "") if place == "held" else ""
            lines.append(Line(one, place, row(one.assessment), days_left(one.due_on), holder, is_tied))
    return lines


def _place(session: Session, actor: Actor, one: SecondScoring) -> Place | None:
    if actor.user_id == one.scorer_id:
        return "mine"
    if actor.user_id in first_people(session, one.assessment_id):
        return None
    if one.to_moderate:
        return None if actor.user_id in one.scorers else "settle"
    if one.scorer_id is None:
        return "free" if actor.has(Role.REVIEWER) else None
    return "held" if actor.has(Role.APPROVER) and one.second_done_at is None else None


@second.route("/<id:assessment_id>/declare", methods=["GET", "POST"])
def declare(assessment_id: int) -> str | Response:
    """Ties first; whoever has none then takes what is free, reads what is to be settled, or frees what is held."""
    session = db.session()
    assessment, scoring = opened(session, assessment_id)
    require_no_tie(session, current_actor(), assessment.company_id)
    form = DeclarationForm()
    if form.validate_on_submit():
        has_tie, free = form.tie.data == "yes", scoring.scorer_id is None
        try:
            with transaction() as writing:
                reviewing.declare(writing, current_actor(), assessment_id, has_tie=has_tie, tie=form.what.data or "")
                if free and not has_tie:
                    second_scoring.take(writing, current_actor(), assessment_id)
        except InvalidError:
            form.refuse(InvalidError("what", _("Say which tie it is.")))
        else:
            return _declared(assessment_id, scoring, has_tie=has_tie)
    return render_template("reviewer/declare.html", form=form, item=row(assessment))


def _declared(assessment_id: int, scoring: SecondScoring, *, has_tie: bool) -> Response:
    if has_tie:
        flash(_("Thank you. You have a tie, so this assessment is for somebody else."), "success")
        return redirect(url_for("second.queue"))
    if scoring.to_moderate:
        return redirect(url_for("second.moderate", assessment_id=assessment_id))
    if scoring.scorer_id == current_actor().user_id:
        return redirect(url_for("second.assessment", assessment_id=assessment_id))
    if current_actor().has(Role.APPROVER):
        return redirect(url_for("second.set_free", assessment_id=assessment_id))
    flash(_("A colleague took it a moment before you."), "error")
    return redirect(url_for("second.queue"))


@second.post("/<id:assessment_id>/take")
def take(assessment_id: int) -> Response:
    """Takes what is free; whoever has declared no tie yet is asked first."""
    opened(db.session(), assessment_id)
    if not has_declared(db.session(), assessment_id):
        return redirect(url_for("second.declare", assessment_id=assessment_id))
    try:
        with transaction() as session:
            second_scoring.take(session, current_actor(), assessment_id)
    except WrongStateError as error:
        if error.state != "taken":
            raise
        flash(_("A colleague took it a moment before you."), "error")
        return redirect(url_for("second.queue"))
    return redirect(url_for("second.assessment", assessment_id=assessment_id))


@second.get("/<id:assessment_id>")
def assessment(assessment_id: int) -> str:
    session = db.session()
    found, scoring = held(session, assessment_id)
    return render_template("second/assessment.html", **_overview(session, found, scoring))


def _overview(session: Session, assessment: Assessment, scoring: SecondScoring) -> dict[str, Any]:
    """The answers with this side's rulings, and what they give while nothing is known of visits and findings."""
    lang, read = current_language(), second_reading(session, assessment)
    code, claimed, deciding = read.edition, read.claimed, weighing.deciding(read)
    order = scorecard_view.deciding_order(code, claimed, read.to_rule, deciding)
    questions = [
        {
            "id": name,
            "title": code.question(name).title[lang],
            "section": code.section(code.question(name).section).title[lang],
            "essential": scorecard_view.decides(code, claimed, name) == "essential",
            "decides": name in deciding,
            "ruling": read.rulings.get(name),
        }
        for name in order
    ]
    return {
        "item": row(assessment),
        "scoring": scoring,
        "days": days_left(scoring.due_on),
        "questions": questions,
        "left": len(read.unruled),
        "next": next((name for name in order if name not in read.rulings), None),
        "discretion_points": excusing.points(read),
        "undecided": bool(excusing.undecided(read)),
        "bars": scorecard_view.pair_bars(code, claimed, read.so_far, lang),
        "claimed": claimed.levels[scorecard_view.AWARD].reached,
        "verified": read.so_far.levels[scorecard_view.AWARD].reached,
    }


@second.post("/<id:assessment_id>/finish")
def finish(assessment_id: int) -> Response:
    """The last word of this side; pressed twice it is said once."""
    try:
        with transaction() as session:
            second_scoring.finish(session, current_actor(), assessment_id)
    except InvalidError:
        flash(_("Some answers wait for your ruling or decision."), "error")
        return redirect(url_for("second.assessment", assessment_id=assessment_id))
    except (NotFoundError, WrongStateError):
        return redirect(url_for("second.queue"))
    flash(_("Finished. You read the outcome once the assessment is recommended."), "success")
    return redirect(url_for("second.queue"))


@second.post("/<id:assessment_id>/release")
def release(assessment_id: int) -> Response:
    """Hands it back, with a tie too; pressing twice is the same as once."""
    try:
        with transaction() as session:
            second_scoring.release(session, current_actor(), assessment_id)
    except ForbiddenError as error:
        if error.reason != "not_claimed":
            raise
    else:
        flash(_("Handed back. Your rulings are put aside: whoever takes it begins anew."), "success")
    return redirect(url_for("second.queue"))


@second.route("/<id:assessment_id>/set-free", methods=["GET", "POST"])
def set_free(assessment_id: int) -> str | tuple[str, int] | Response:
    """An approver frees what a second scorer does not finish."""
    session, form = db.session(), FreeForm()
    current_actor().require(Role.APPROVER)
    found, scoring = opened(session, assessment_id)
    require_no_tie(session, current_actor(), found.company_id)
    if not has_declared(session, assessment_id):
        return redirect(url_for("second.declare", assessment_id=assessment_id))
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                second_scoring.set_free(writing, current_actor(), assessment_id, form.reason.data or "")
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("It is free again. Whoever held it is told why."), "success")
            return redirect(url_for("second.queue"))
    holder = names_of(session, {scoring.scorer_id}).get(scoring.scorer_id, "") if scoring.scorer_id else ""
    page = render_template("second/set_free.html", form=form, item=row(found), holder=holder)
    return page, 422 if form.is_submitted() else 200
