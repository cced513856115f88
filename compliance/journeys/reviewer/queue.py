"""The queue: what waits, sifted and sorted by the address; taken, and given to somebody else."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired

from compliance.actions import handing_over, reviewing
from compliance.actions.advance import require_holder
from compliance.actions.ties import require_no_tie
from compliance.clock import today
from compliance.domain.errors import InvalidError, TakenError, WrongStateError
from compliance.domain.provinces import province_name
from compliance.journeys.forms import PortalForm, VersionField, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.reviewer.blueprint import declared, reviewer, submitted
from compliance.journeys.reviewer.forms import ReleaseForm
from compliance.journeys.reviewer.queue_asked import SOON, Asked, read_address
from compliance.journeys.reviewer.queue_items import Place, reviewers_items
from compliance.journeys.reviewer.queue_page import (
    LINES,
    counts_of,
    groups_of,
    known_of,
    loads_of,
    next_holiday,
    urgency,
)
from compliance.journeys.reviewer.queue_words import choices, kind_words, sign_words
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction
from compliance.store.change_declarations import unseen_count
from compliance.store.people import names_of
from questionnaires import current

UNDER_EACH_OTHER: tuple[Place, ...] = ("mine", "free", "waiting")


class HandOverForm(PortalForm):
    """To whom, and why."""

    to = RadioField(_l("Who takes it?"), validators=[InputRequired(_l("Choose who takes it."))], coerce=int)
    reason = TextAreaField(
        _l("Why?"),
        required(_l("Give a reason."), handing_over.LONGEST),
        [readable],
        description=_l("Both reviewers are told, and it stays in the audit trail."),
        render_kw={"limit": handing_over.LONGEST, "rows": 3},
    )
    version = VersionField()
    submit = SubmitField(_l("Hand over"))


@reviewer.get("/")
def show_queue() -> str:
    """Mine, free and waiting under each other, or one of them alone with all its lines."""
    session, actor, lang = db.session(), current_actor(), current_language()
    asked, items = read_address(request.args), reviewers_items(session, actor.user_id or 0)
    found = [item for item in items if asked.takes(item)]
    groups, pages = groups_of(found, asked, lang, UNDER_EACH_OTHER)
    lines = [item for group in groups for item in group.items]
    return render_template(
        "reviewer/queue.html",
        asked=asked,
        groups=groups,
        pages=pages,
        page=min(asked.page, pages),
        lines=LINES,
        counts=counts_of(found),
        known=known_of(session, actor, lines),
        loads=loads_of(session, items, actor.user_id),
        urgent=urgency(items, SOON),
        soon=SOON,
        on=today(),
        holiday=next_holiday(session),
        choices=choices(asked, lang),
        declared=unseen_count(session),
        **tools(asked),
    )


reviewer.add_url_rule("/queue", "queue", show_queue)


def tools(asked: Asked) -> dict[str, Any]:
    """What the lists of reviewers and approvers share."""
    return {
        "every": asked.address(q="", what="", due="", level="", kind="", mark=""),
        "fits": current().lifecycle.review.assessments_at_once,
        "kind_words": kind_words,
        "sign_words": sign_words,
        "province_name": province_name,
    }


@reviewer.post("/<id:assessment_id>/claim")
def claim(assessment_id: int) -> Response:
    """Takes what is free; whoever has declared no tie yet is asked first. The second of two is told who was quicker."""
    found = submitted(db.session(), assessment_id)
    if not declared(db.session(), found):
        return redirect(url_for("reviewer.declare", assessment_id=assessment_id))
    try:
        with transaction() as session:
            reviewing.claim(session, current_actor(), assessment_id, ReleaseForm().version.seen)
    except TakenError as error:
        flash(_("%(name)s took it a moment before you.", name=error.name), "error")
        return redirect(url_for("reviewer.queue"))
    return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))


@reviewer.route("/<id:assessment_id>/hand-over", methods=["GET", "POST"])
def hand_over(assessment_id: int) -> str | tuple[str, int] | Response:
    """A reviewer gives what they hold to a colleague."""
    found = submitted(db.session(), assessment_id)
    require_no_tie(db.session(), current_actor(), found.company_id)
    require_holder(current_actor(), found)
    handing_over.require_may_give(db.session(), current_actor(), found)
    return give(found, "reviewer.queue")


def give(found: Assessment, back: str) -> str | tuple[str, int] | Response:
    """The form and its answer, for whoever holds it and for approvers."""
    session, form = db.session(), HandOverForm(version=str(found.version))
    if found.state not in handing_over.HELD or found.reviewer_id is None:
        raise WrongStateError("hand_over", found.state)
    people = handing_over.may_take(session, found)
    form.to.choices = [(person.id, person.full_name) for person in people]
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                handing_over.hand_over(
                    writing, current_actor(), found.id, form.to.data, form.reason.data or "", form.version.seen
                )
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Handed over. The colleague has been told."), "success")
            return redirect(url_for(back))
    page = render_template(
        "reviewer/hand_over.html",
        form=form,
        found=found,
        people=people,
        holder=names_of(session, {found.reviewer_id}).get(found.reviewer_id, ""),
        back=url_for(back),
    )
    return page, 422 if form.is_submitted() else 200
