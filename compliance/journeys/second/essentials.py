"""An essential point left to discretion, on the second side."""

from werkzeug.wrappers import Response

from compliance.actions import second_scoring
from compliance.actions.excusing import discretionary
from compliance.actions.second_reading import second_reading
from compliance.domain.errors import NotFoundError
from compliance.journeys.reviewer.essentials import decide_on_point
from compliance.journeys.second.blueprint import held, second
from compliance.store.base import db


@second.route("/<id:assessment_id>/essential/<question_id>", methods=["GET", "POST"])
def essential(assessment_id: int, question_id: str) -> str | tuple[str, int] | Response:
    session = db.session()
    case, scoring = held(session, assessment_id)
    read = second_reading(session, case)
    if question_id not in discretionary(read) or question_id not in read.rulings or scoring.second_done_at is not None:
        raise NotFoundError
    return decide_on_point(read, question_id, second_scoring.excuse, "second.assessment")
