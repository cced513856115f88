"""A concern that the company was asked about: what was said, not by whom; the company's own words, sent once."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import SubmitField, TextAreaField

from compliance import clock
from compliance.actions import concerns
from compliance.actions.concerns import LONGEST, MAY_REPLY
from compliance.domain.errors import InvalidError
from compliance.journeys.concern_words import about_name, outcome_told
from compliance.journeys.forms import PortalForm, readable, required
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.language import lazy_gettext as _l
from compliance.journeys.officer.blueprint import officer
from compliance.store.base import db, transaction
from compliance.store.people import names_of


class ReplyForm(PortalForm):
    """The company's answer."""

    reply = TextAreaField(
        _l("What does your company say?"),
        required(_l("Write it in a few words."), LONGEST),
        [readable],
        description=_l("Say what is so, and what you did or will do about it. The Ministry reads it; it is sent once."),
        render_kw={"limit": LONGEST},
    )
    submit = SubmitField(_l("Send the answer"))


@officer.route("/concerns/<id:concern_id>", methods=["GET", "POST"])
def concern(concern_id: int) -> str | tuple[str, int] | Response:
    """The concern with the form, then with what was answered and what came of it."""
    session, form, actor = db.session(), ReplyForm(), current_actor()
    found = concerns.own_concern(session, actor, concern_id)
    if form.is_submitted():
        actor.require_company(found.company_id, MAY_REPLY)
    if form.validate_on_submit():
        try:
            with transaction() as writing:
                concerns.reply(writing, current_actor(), concern_id, form.reply.data or "")
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_("Your answer is with the Ministry."), "success")
            return redirect(url_for("officer.concern", concern_id=concern_id))
    return render_template("officer/concern.html", **_about(found, form)), 422 if form.is_submitted() else 200


def _about(found: Any, form: ReplyForm) -> dict[str, Any]:
    may = current_actor().companies.get(found.company_id) in MAY_REPLY
    return {
        "concern": found,
        "form": form,
        "about": about_name(found.about),
        "outcome": outcome_told(found),
        "may_reply": may and found.open and found.replied_at is None,
        "late": found.open and clock.today() > found.reply_by,
        "by": names_of(db.session(), {found.replied_by}).get(found.replied_by, "") if found.replied_by else "",
    }
