"""The first side's last word on an assessment that is scored twice."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from compliance.actions import second_scoring
from compliance.domain.errors import InvalidError, NotFoundError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import gettext as _
from compliance.journeys.reviewer.blueprint import reviewer
from compliance.store.base import transaction


@reviewer.post("/<id:assessment_id>/scored")
def scored(assessment_id: int) -> Response:
    """Pressed twice it is said once."""
    try:
        with transaction() as session:
            second_scoring.finish_first(session, current_actor(), assessment_id)
    except InvalidError:
        flash(_("Some answers wait for your ruling or decision."), "error")
    except NotFoundError:
        pass  # the two agreed with the first press
    else:
        flash(_("Your scoring is finished."), "success")
    return redirect(url_for("reviewer.assessment", assessment_id=assessment_id))
