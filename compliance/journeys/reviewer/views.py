"""The queue, the declaration, one assessment as a whole."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from compliance.actions import excusing, reviewing, weighing
from compliance.actions.advance import require_holder
from compliance.actions.blind import may_change, require_not_second, require_sees_first
from compliance.actions.scorecards import seen_digest
from compliance.actions.ties import require_no_tie
from compliance.actions.under_review import under_review
from compliance.domain.errors import InvalidError, WrongStateError
from compliance.domain.lifecycle import By, State, steps_from
from compliance.journeys import scorecard_view
from compliance.journeys.appeal_view import upheld
from compliance.journeys.change_view import identity
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import declared, mine, reviewer, submitted
from compliance.journeys.reviewer.forms import DeclarationForm, FactsForm, ReleaseForm
from compliance.journeys.working_days import counted_reply, counted_review, days_left
from compliance.store.appeals import shut_out
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.people import Person
from compliance.store.review_notes import to_ask
from compliance.store.reviews import Clarification, clarifications, open_clarification
from compliance.store.second_scorings import open_scoring, scorings_of
from compliance.store.ties import Tie
from questionnaires import edition

NO_TIES: Mapping[int, Tie] = MappingProxyType({})


def is_free(assessment: Assessment) -> bool:
    """Whether it waits for a reviewer: submitted, or in nobody's hands since an appeal or a tie."""
    loose = assessment.state in {State.IN_REVIEW, State.CLARIFYING} and assessment.reviewer_id is None
    return assessment.state is State.SUBMITTED or loose


def row(
    assessment: Assessment, ties: Mapping[int, Tie] = NO_TIES, asked: Clarification | None = None
) -> dict[str, Any]:
    """One line of a queue; `ties` are the reader's, by company, `asked` the clarification that waits for a reply."""
    due = assessment.review_due_on
    return {
        "id": assessment.id,
        "company": assessment.company,
        "kinds": [
            edition(assessment.edition).kind(kind).label[current_language()] for kind in assessment.company.kinds
        ],
        "submitted_at": assessment.submitted_at,
        "due_on": due,
        "days_left": days_left(due) if due else None,
        "reply_due_on": asked and asked.due_on,
        "reply_days_left": days_left(asked.due_on) if asked else None,
        "state": assessment.state,
        "tie": ties.get(assessment.company_id),
        "held": assessment.state is State.IN_REVIEW,
        "version": assessment.version,
        "after_appeal": is_free(assessment) and bool(shut_out(db.session(), assessment)),
    }


@reviewer.route("/<id:assessment_id>/declare", methods=["GET", "POST"])
def declare(assessment_id: int) -> str | Response:
    """Ties first; without one, a submitted assessment is claimed in the same act."""
    session = db.session()
    assessment = submitted(session, assessment_id)
    require_no_tie(session, current_actor(), assessment.company_id)
    require_not_second(session, current_actor(), assessment)
    form = DeclarationForm(version=str(assessment.version))
    if form.validate_on_submit():
        has_tie = form.tie.data == "yes"
        try:
            with transaction() as writing:
                reviewing.declare(writing, current_actor(), assessment_id, has_tie=has_tie, tie=form.what.data or "")
                if has_tie:
                    reviewing.stand_aside(writing, current_actor(), assessment_id)
                else:
                    _claim(writing, assessment_id, form.version.seen)
        except InvalidError as error:
            error.field = {"tie": "what"}.get(error.field, error.field)
            form.refuse(InvalidError("what", _("Say which tie it is.")))
        else:
            if has_tie:
                flash(_("Thank you. You have a tie, so this assessment is for somebody else."), "success")
                return redirect(url_for("reviewer.queue"))
            return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))
    return render_template("reviewer/declare.html", form=form, item=row(assessment))


def _claim(session: Session, assessment_id: int, version: int) -> None:
    """Claims when it still waits; a colleague's claim leaves it readable, and says whose it is."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is not None and is_free(assessment):
        reviewing.claim(session, current_actor(), assessment_id, version)
    elif assessment is not None and assessment.reviewer_id not in {None, current_actor().user_id}:
        holder = session.get_one(Person, assessment.reviewer_id).full_name
        flash(_("%(name)s took it a moment before you.", name=holder), "error")


@reviewer.get("/<id:assessment_id>")
def assessment(assessment_id: int) -> str | Response:
    session = db.session()
    assessment = submitted(session, assessment_id)
    if not declared(session, assessment):
        return redirect(url_for("reviewer.declare", assessment_id=assessment_id))
    require_sees_first(session, current_actor(), assessment)
    return render_template("reviewer/assessment.html", **overview(assessment))


def overview(assessment: Assessment) -> dict[str, Any]:
    """All that the page of one assessment shows."""
    session, lang = db.session(), current_language()
    found = under_review(session, assessment)
    code, claimed, verified, rulings = found.edition, found.claimed, found.so_far, found.rulings
    deciding, waiting = weighing.deciding(found), to_ask(session, assessment.id)
    order = scorecard_view.deciding_order(code, claimed, found.to_rule, deciding)
    asked = open_clarification(session, assessment.id)
    return {
        "item": row(assessment),
        "assessment": assessment,
        "mine": mine(assessment),
        "steps": [step.name for step in steps_from(assessment.state, By.REVIEWER)],
        "questions": [
            {
                "id": question,
                "title": code.question(question).title[lang],
                "section": code.section(code.question(question).section).title[lang],
                "essential": scorecard_view.decides(code, claimed, question) == "essential",
                "decides": question in deciding,
                "to_ask": question in waiting,
                "ruling": rulings.get(question),
            }
            for question in order
        ],
        "left": len(found.unruled),
        "waiting": len(waiting),
        "next": next((one for one in order if one not in rulings and one not in waiting), None),
        "bars": scorecard_view.pair_bars(code, claimed, verified, lang),
        "claimed": claimed.levels[scorecard_view.AWARD].reached,
        "verified": verified.levels[scorecard_view.AWARD].reached,
        "stopping": scorecard_view.stopping(verified, lang),
        "facts_form": FactsForm(
            verification_visit_or_call_passed=assessment.review_facts.get("verification_visit_or_call_passed", False),
            false_statement=not assessment.review_facts.get("no_false_statement", True),
            major_finding=not assessment.review_facts.get("no_open_major_finding", True),
        ),
        "review_counted": counted_review(assessment),
        "reply_days_left": days_left(asked.due_on) if asked else None,
        "reply_counted": counted_reply(asked),
        "rounds": clarifications(session, assessment.id),
        "snapshot": found.snapshot,
        "seen": seen_digest(session, assessment),
        "discretion_points": excusing.points(found),
        "code": code,
        "identity": identity(session, assessment),
        "appeals": upheld(assessment),
        "changeable": may_change(session, assessment),
        "scoring": open_scoring(session, assessment.id),
        "settled": next(iter(scorings_of(session, assessment.id)[::-1]), None),
    }


@reviewer.post("/<id:assessment_id>/facts")
def facts(assessment_id: int) -> Response:
    form = FactsForm()
    if form.validate_on_submit():
        with transaction() as session:
            reviewing.note_facts(session, current_actor(), assessment_id, form.facts())
        flash(_("Saved. The level below takes it into account."), "success")
    return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))


@reviewer.post("/<id:assessment_id>/release")
def release(assessment_id: int) -> Response:
    """Hands it back, with a tie too; pressing twice is the same as once."""
    found = submitted(db.session(), assessment_id)
    if found.state is not State.SUBMITTED:
        require_holder(current_actor(), found)
    try:
        with transaction() as session:
            reviewing.release(session, current_actor(), assessment_id, ReleaseForm().version.seen)
        flash(_("Handed back to the queue. Your rulings are kept for whoever takes it next."), "success")
    except WrongStateError as error:
        if error.state != State.SUBMITTED:
            raise
    return redirect(url_for("reviewer.queue"))
