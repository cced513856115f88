"""A spot check as its company reads and answers it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance.actions import spot_checking
from compliance.actions.scorecards import snapshot_of
from compliance.clock import today
from compliance.domain.errors import InvalidError
from compliance.domain.roles import MAY_EDIT, MAY_SIGN
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.journeys.spot_check_view import answers_of
from compliance.store.assessments import Assessment
from compliance.store.base import db, transaction


class ReplyForm(PortalForm):
    """The company's answer."""

    reply = TextAreaField(
        _l("Your answer"),
        required(_l("Write your answer."), spot_checking.LONGEST),
        [readable],
        description=_l(
            "Say where the reviewer finds what is asked for, such as a page, a document or a person to call."
        ),
        render_kw={"limit": spot_checking.LONGEST},
    )
    submit = SubmitField(_l("Send the answer"))


@officer.route("/spot-checks/<id:check_id>", methods=["GET", "POST"])
def spot_check(check_id: int) -> str | tuple[str, int] | Response:
    """What is looked at, by when, and what came of it; the answer can be written anew until something is found."""
    session, actor = db.session(), current_actor()
    check = spot_checking.own_check(session, actor, check_id)
    may_reply = actor.companies[check.company_id] in MAY_EDIT | MAY_SIGN and check.closed_at is None
    form = ReplyForm(reply=check.reply)
    if form.is_submitted():
        actor.require_company(check.company_id, MAY_EDIT | MAY_SIGN)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                spot_checking.reply(writing, current_actor(), check_id, form.reply.data or "")
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Sent. The reviewer has been told."), "success")
            return redirect(url_for("officer.spot_check", check_id=check_id))
    snapshot = snapshot_of(session, session.get_one(Assessment, check.award.assessment_id))
    page = render_template(
        "officer/spot_check.html",
        check=check,
        form=form,
        may_reply=may_reply,
        answers=answers_of(check, snapshot.replies, current_language()),
        on=today(),
    )
    return page, 422 if form.is_submitted() else 200
