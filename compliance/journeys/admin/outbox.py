"""The outbox: every mail that is owed, was sent or failed; read as it was sent, tried again, cancelled."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance.actions import outbox as acts
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.admin.blueprint import admin
from compliance.journeys.forms import PortalForm, readable, refusal_text, required, whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import current_language
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.mail_titles import mail_title
from compliance.store import outbox as store
from compliance.store.base import db, transaction
from compliance.store.letters import letter_of_notice, subjects_of
from compliance.store.outbox import Notice
from compliance.store.people import Person, names_of

PAGE, MOST_PAGES, LONGEST_SEARCH = 25, 10_000, 100
STATES = {
    "failed": _l("Failed"),
    "waiting": _l("Waiting"),
    "sent": _l("Sent"),
    "cancelled": _l("Cancelled"),
    "overtaken": _l("Not true any more"),
}


class CancelForm(PortalForm):
    """Why a mail shall not go out."""

    reason = TextAreaField(
        _l("Why shall it not be sent?"),
        required(_l("Write why this email shall not be sent."), acts.LONGEST_REASON),
        [readable],
        description=_l("The audit trail keeps the reason. Whoever was to get the email is not told."),
        render_kw={"limit": acts.LONGEST_REASON},
    )
    submit = SubmitField(_l("Cancel this email"))


def shown(notice: Notice, subject: str = "") -> dict[str, Any]:
    """A notice as the list shows it; what went out under the `subject` it had."""
    state = store.state_of(notice)
    return {
        "notice": notice,
        "title": subject or mail_title(notice.kind, current_language()),
        "state": state,
        "state_name": STATES[state],
        "at": notice.sent_at or notice.overtaken_at or notice.failed_at or notice.due_at,
    }


@admin.get("/outbox")
def outbox() -> str:
    """The newest first; `state` and `q` narrow it."""
    session, text = db.session(), request.args.get("q", "")[:LONGEST_SEARCH].strip()
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = min(max(whole_number(request.args.get("page")) or 1, 1), MOST_PAGES)
    count = store.count_found(session, state, text)
    found = store.search(session, state, text, PAGE, (page - 1) * PAGE)
    subjects = subjects_of(session, [one.id for one in found])
    return render_template(
        "admin/outbox.html",
        rows=[shown(one, subjects.get(one.id, "")) for one in found],
        counts={name: store.count_found(session, name, "") for name in STATES},
        count=count,
        state=state,
        states=STATES,
        text=text,
        page=page,
        pages=-(-count // PAGE),
        address=url_for("admin.outbox", state=state or None, q=text or None),
    )


@admin.route("/outbox/<id:notice_id>", methods=["GET", "POST"])
def notice(notice_id: int) -> str | tuple[str, int] | Response:
    """One mail; the form cancels it."""
    session, form = db.session(), CancelForm()
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                acts.cancel(writing, current_actor(), notice_id, form.reason.data)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("The email is cancelled; it will not be sent."), "success")
            return redirect(url_for("admin.notice", notice_id=notice_id))
    found = session.get(Notice, notice_id)
    if found is None:
        raise NotFoundError
    page = render_template(
        "admin/notice.html",
        form=form,
        one=shown(found),
        letter=letter_of_notice(session, notice_id),
        reader=session.get(Person, found.person_id) if found.person_id is not None else None,
        cancelled_by=names_of(session, {found.cancelled_by}).get(found.cancelled_by, "") if found.cancelled_by else "",
        may_cancel=acts.may_cancel(found),
        links_in=store.ONE_USE in found.values,
    )
    return page, 422 if form.is_submitted() else 200


@admin.post("/outbox/<id:notice_id>/retry")
def retry_notice(notice_id: int) -> Response:
    """Once more, with all tries before it."""
    try:
        with transaction() as session:
            acts.try_again(session, current_actor(), notice_id)
    except InvalidError as error:
        flash(refusal_text(error), "error")
    else:
        flash(_("The email is tried again within seconds."), "success")
    return redirect(url_for("admin.notice", notice_id=notice_id))
