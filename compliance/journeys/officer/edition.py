"""A draft of an earlier edition: its answers are taken over to the edition in force."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from compliance.actions.edition_grace import take_over
from compliance.domain.errors import StaleError
from compliance.journeys.forms import whole_number
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.officer.blueprint import ASSESSMENT, officer
from compliance.store.base import transaction


@officer.post(f"{ASSESSMENT}/take-over")
def take_answers_over(assessment_id: int) -> Response:
    """The draft is taken back, and a new one begun with its answers, each to be confirmed."""
    seen = whole_number(request.form.get("version", ""))
    if seen is None:
        raise StaleError
    with transaction() as session:
        number = take_over(session, current_actor(), assessment_id, seen).id
    flash(_("Your answers are in the new edition. Confirm each."), "success")
    return redirect(url_for("officer.assessment", assessment_id=number))
