"""Locking a file away: anybody on the ministry's side, by the file's fingerprint, without opening or declaring."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import StringField, SubmitField
from wtforms.validators import Regexp

from compliance.actions import uploading
from compliance.domain.errors import InvalidError
from compliance.journeys.forms import PortalForm, lower, required, whole_number
from compliance.journeys.gate import current_actor, settings
from compliance.journeys.language import PREFIX, lazy_gettext
from compliance.journeys.language import gettext as _
from compliance.store.base import transaction
from compliance.store.files import file_store

quarantine = Blueprint("quarantine", __name__, url_prefix=f"{PREFIX}/quarantine")

DIGITS = lazy_gettext("A fingerprint has 64 signs: digits and the letters a to f.")


def together(text: str | None) -> str | None:
    """Without the spaces that pages and people put between groups of signs."""
    return "".join(text.split()) if text else text


class QuarantineForm(PortalForm):
    """Which bytes."""

    sha256 = StringField(
        lazy_gettext("Fingerprint of the file (SHA-256)"),
        [*required(lazy_gettext("Enter the fingerprint.")), Regexp("^[0-9a-f]{64}$", message=DIGITS)],
        [together, lower],
        description=lazy_gettext("It stands below the file's name in the review, and in emails about the file."),
        render_kw={"spellcheck": "false", "autocomplete": "off"},
    )
    submit = SubmitField(lazy_gettext("Lock away unopened"))


@quarantine.route("/", methods=["GET", "POST"])
def lock_away() -> str | Response:
    """The button beside a file comes here too; pressing twice is the same as once."""
    form = QuarantineForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                alert = settings().law_enforcement_alert
                uploading.quarantine(session, current_actor(), file_store(settings()), form.sha256.data, alert)
        except InvalidError as error:
            form.refuse(error)
        else:
            flash(_told(), "success")
            return redirect(_back())
    return render_template("quarantine/lock_away.html", form=form)


def _told() -> str:
    """Who hears of it, as the settings have it."""
    if settings().law_enforcement_alert:
        return _("The file is locked away. Nobody can open it; the named officer and administrators are told.")
    return _("The file is locked away. Nobody can open it; administrators are told.")


def _back() -> str:
    """The answer or the appeal whose file it was, when the button beside it was pressed."""
    assessment, question = whole_number(request.form.get("assessment")), request.form.get("question", "")
    if (appeal := whole_number(request.form.get("appeal"))) is not None:
        return url_for("panel.appeal", appeal_id=appeal)
    if assessment is None or not question.isidentifier():
        return url_for("quarantine.lock_away")
    return url_for("reviewer.answer", assessment_id=assessment, question_id=question)
