"""A reviewer asks for more: the questioned answers reopen, the company mends them and replies."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance import clock
from compliance.actions import submitting
from compliance.domain.errors import InvalidError, OutstandingError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT
from compliance.journeys.forms import PortalForm, VersionField, required, squeeze
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.working_days import counted
from compliance.store.assessments import assessment_of
from compliance.store.base import db, transaction
from compliance.store.reviews import clarifications


class ReplyForm(PortalForm):
    """The text that goes to the reviewer with the mended answers."""

    version = VersionField()
    reply = TextAreaField(
        _l("Your reply to the reviewer"),
        required(_l("Write a reply for the reviewer."), 4_000),
        [squeeze],
        description=_l("Say in short what you changed or why an answer stays."),
        render_kw={"limit": 4_000},
    )
    submit = SubmitField(_l("Send the reply"))


@officer.get(f"{ASSESSMENT}/clarification")
def clarification(assessment_id: int) -> str | tuple[str, int]:
    """The reviewer's questions, now and in earlier rounds."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    return _page(desk, ReplyForm(data={"version": desk.assessment.version}))


def _page(desk: Desk, form: ReplyForm) -> tuple[str, int]:
    rounds = clarifications(db.session(), desk.assessment.id)
    may_reply = desk.may_edit and desk.assessment.state is State.CLARIFYING
    waiting = next((one for one in rounds if one.replied_at is None), None)
    shown = render_template(
        "officer/clarification.html",
        desk=desk,
        rounds=rounds,
        reply_counted=counted(clock.day_of(waiting.asked_at), waiting.due_on) if waiting else None,
        form=form if may_reply else None,
    )
    return shown, 422 if form.is_submitted() else 200


@officer.post(f"{ASSESSMENT}/clarification")
def reply(assessment_id: int) -> tuple[str, int] | Response:
    """Sends the reply; a second click finds it sent already."""
    actor = current_actor()
    assessment_of(db.session(), actor, assessment_id, MAY_EDIT)
    form = ReplyForm()
    back = redirect(url_for("officer.assessment", assessment_id=assessment_id))
    if not form.validate_on_submit():
        return _page(open_desk(db.session(), actor, assessment_id), form)
    try:
        with transaction() as session:
            submitting.reply(session, current_actor(), assessment_id, form.reply.data, form.version.seen)
    except InvalidError as error:
        form.refuse(error)
        return _page(open_desk(db.session(), actor, assessment_id), form)
    except OutstandingError:
        form.form_errors.append(_("Some answers are not complete. Mend them first."))
        return _page(open_desk(db.session(), actor, assessment_id), form)
    except WrongStateError as error:
        if error.state != State.IN_REVIEW:
            raise
    flash(_("Your reply is sent. The review goes on."), "success")
    return back
