"""A reviewer asks for more: the questioned answers reopen, an editor drafts the reply, a signatory attests it."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance.actions import clarifying, submitting
from compliance.actions.clarifying import LONGEST_REPLY
from compliance.actions.submitting import Attestation, draft_digest
from compliance.domain.errors import InvalidError, OutstandingError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN
from compliance.journeys.forms import VersionField, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.journeys.officer.desk import Desk, open_desk
from compliance.journeys.officer.submission import AttestForm
from compliance.journeys.working_days import counted_reply, days_left
from compliance.store.assessments import assessment_of
from compliance.store.base import db, transaction
from compliance.store.people import names_of
from compliance.store.reviews import Clarification, clarifications, open_clarification

SAVE = "save"


class ReplyForm(AttestForm):
    """The text for the reviewer, with what a signatory says to it. Saving keeps the text alone."""

    draft_seen = VersionField()
    reply = TextAreaField(
        _l("Your reply to the reviewer"),
        required(_l("Write a reply for the reviewer."), LONGEST_REPLY),
        [readable],
        description=_l("Say in short what you changed or why an answer stays."),
        render_kw={"limit": LONGEST_REPLY},
    )
    save = SubmitField(_l("Save the draft"))
    submit = SubmitField(_l("Sign and send the reply"))


@officer.get(f"{ASSESSMENT}/clarification")
def clarification(assessment_id: int) -> str | tuple[str, int]:
    """The reviewer's questions, now and in earlier rounds, with the reply as it stands."""
    return _page(open_desk(db.session(), current_actor(), assessment_id), None)


def _page(desk: Desk, form: ReplyForm | None, other: str | None = None, unsent: str | None = None) -> tuple[str, int]:
    """`other` is what a colleague wrote meanwhile, `unsent` what came too late; what was typed is never lost."""
    session, rounds = db.session(), clarifications(db.session(), desk.assessment.id)
    waiting = open_clarification(session, desk.assessment.id) if desk.assessment.state is State.CLARIFYING else None
    fresh = ReplyForm(
        formdata=None,
        data={
            "version": desk.assessment.version,
            "seen": draft_digest(session, desk.assessment.id),
            "draft_seen": waiting.draft_version if waiting else 0,
            "reply": waiting.draft if waiting else "",
            "name": current_user.full_name,
        },
    )
    shown = render_template(
        "officer/clarification.html",
        desk=desk,
        rounds=rounds,
        receipts=_receipts(rounds),
        waiting=waiting,
        changed=clarifying.changed(session, waiting) if waiting else frozenset(),
        most_rounds=desk.edition.lifecycle.review.more_information_rounds,
        days_to_lapse=days_left(waiting.lapses_on) if waiting else None,
        left=days_left(waiting.due_on) if waiting else None,
        counted=counted_reply(waiting),
        drafted_by=names_of(session, {waiting.drafted_by}) if waiting and waiting.drafted_by else {},
        form=(form or fresh) if waiting and (desk.may_edit or desk.may_sign) else None,
        other=other,
        unsent=unsent,
    )
    return shown, 422 if form else 200


def _receipts(rounds: list[Clarification]) -> dict[int, int]:
    """Which submission each round's reply made: the first was made without one, and a round that lapsed made none."""
    replied = [one.id for one in rounds if one.replied_at is not None]
    return {one.id: replied.index(one.id) + 2 if one.id in replied else 1 for one in rounds}


@officer.post(f"{ASSESSMENT}/clarification")
def reply(assessment_id: int) -> tuple[str, int] | Response:
    """Keeps the draft, or sends what a signatory attests; a second click finds it sent already."""
    actor = current_actor()
    assessment_of(db.session(), actor, assessment_id, MAY_EDIT | MAY_SIGN)
    form = ReplyForm()
    if SAVE in request.form:
        return _keep(assessment_id, form)
    assessment_of(db.session(), actor, assessment_id, MAY_SIGN)
    if not form.validate_on_submit():
        return _page(open_desk(db.session(), actor, assessment_id), form)
    return _sent(assessment_id, form)


def _keep(assessment_id: int, form: ReplyForm) -> tuple[str, int] | Response:
    try:
        with transaction() as session:
            clarifying.draft(session, current_actor(), assessment_id, form.reply.data or "", form.draft_seen.seen)
    except InvalidError as error:
        form.refuse(error)
        return _page(open_desk(db.session(), current_actor(), assessment_id), form)
    except StaleError:
        return _both(assessment_id, form)
    except WrongStateError:
        return _too_late(assessment_id, form)
    flash(_("The draft is saved. The reviewer sees nothing until a signatory sends it."), "success")
    return redirect(url_for("officer.clarification", assessment_id=assessment_id))


def _both(assessment_id: int, form: ReplyForm) -> tuple[str, int]:
    """A colleague was quicker: both texts are shown, and saving again keeps the one in the form."""
    waiting = open_clarification(db.session(), assessment_id)
    form.draft_seen.data = str(waiting.draft_version) if waiting else "0"
    form.form_errors.append(_("A colleague saved another text meanwhile. Yours is still here; choose what to keep."))
    desk = open_desk(db.session(), current_actor(), assessment_id)
    return _page(desk, form, other=waiting.draft if waiting else None)


def _changed(assessment_id: int, form: ReplyForm) -> tuple[str, int]:
    """Something was saved since the page was opened: it is to be read before it is signed."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    form.version.data, form.seen.data = str(desk.assessment.version), draft_digest(db.session(), assessment_id)
    form.form_errors.append(_("An answer has changed since you opened this page. Read it again before you sign."))
    return _page(desk, form)[0], 409


def _replied(assessment_id: int) -> bool:
    rounds = clarifications(db.session(), assessment_id)
    return bool(rounds) and rounds[-1].replied_at is not None


def _too_late(assessment_id: int, form: ReplyForm) -> tuple[str, int]:
    """The clarification is over: nothing is sent, and what was typed is shown to be kept."""
    desk = open_desk(db.session(), current_actor(), assessment_id)
    return _page(desk, None, unsent=form.reply.data or "")[0], 409


def _sent(assessment_id: int, form: ReplyForm) -> tuple[str, int] | Response:
    signed = Attestation(form.name.data, form.position.data)
    seen = form.version.seen, form.seen.data or ""
    try:
        with transaction() as session:
            submitting.reply(session, current_actor(), assessment_id, form.reply.data, signed, *seen)
    except InvalidError as error:
        form.refuse(error)
        return _page(open_desk(db.session(), current_actor(), assessment_id), form)
    except OutstandingError:
        form.form_errors.append(_("Some answers are not complete. Mend them first."))
        return _page(open_desk(db.session(), current_actor(), assessment_id), form)
    except StaleError:
        return _changed(assessment_id, form)
    except WrongStateError:
        if not _replied(assessment_id):
            return _too_late(assessment_id, form)
    return redirect(url_for("officer.receipt", assessment_id=assessment_id))
