"""The reviewers' blueprint and what its views share."""

from flask import Blueprint
from sqlalchemy.orm import Session

from compliance.actions.advance import require_untied
from compliance.actions.blind import require_sees_first
from compliance.domain.errors import ForbiddenError, NotFoundError
from compliance.domain.lifecycle import State
from compliance.journeys.gate import current_actor
from compliance.journeys.language import PREFIX
from compliance.store.assessments import Assessment

reviewer = Blueprint("reviewer", __name__, url_prefix=f"{PREFIX}/review")

READABLE = frozenset(
    {State.SUBMITTED, State.IN_REVIEW, State.CLARIFYING, State.RECOMMENDED, State.APPROVED, State.REFUSED}
)


def submitted(session: Session, assessment_id: int) -> Assessment:
    """An assessment that the ministry knows of. Raises NotFoundError."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None or assessment.state not in READABLE:
        raise NotFoundError
    return assessment


def readable(session: Session, assessment_id: int) -> Assessment:
    """An assessment that this reviewer may read: without a tie, and said so; one that is scored twice, only as its
    holder. Raises NotFoundError, ForbiddenError."""
    assessment = submitted(session, assessment_id)
    require_untied(session, current_actor(), assessment)
    require_sees_first(session, current_actor(), assessment)
    return assessment


def mine(assessment: Assessment) -> bool:
    """Whether this reviewer holds the assessment and may rule on it now."""
    return assessment.reviewer_id == current_actor().user_id and assessment.state is State.IN_REVIEW


def declared(session: Session, assessment: Assessment) -> bool:
    """Whether the actor has declared to have no tie; a declared tie raises ForbiddenError."""
    try:
        require_untied(session, current_actor(), assessment)
    except ForbiddenError as error:
        if error.reason == "not_declared":
            return False
        raise
    return True
