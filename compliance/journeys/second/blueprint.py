"""The blueprint of second scorings and what its views share."""

from flask import Blueprint
from sqlalchemy.orm import Session

from compliance.actions.advance import require_untied
from compliance.domain.errors import ForbiddenError, NotFoundError
from compliance.journeys.gate import current_actor
from compliance.journeys.language import PREFIX
from compliance.store.assessments import Assessment
from compliance.store.reviews import declaration_of
from compliance.store.second_scorings import SecondScoring, first_people, open_scoring

second = Blueprint("second", __name__, url_prefix=f"{PREFIX}/second")


def opened(session: Session, assessment_id: int) -> tuple[Assessment, SecondScoring]:
    """What is scored twice and not settled, for whoever never was on its first side. Raises NotFoundError,
    ForbiddenError."""
    scoring = open_scoring(session, assessment_id)
    if scoring is None:
        raise NotFoundError
    if current_actor().user_id in first_people(session, assessment_id):
        raise ForbiddenError("other_side")
    return scoring.assessment, scoring


def held(session: Session, assessment_id: int) -> tuple[Assessment, SecondScoring]:
    """What this person holds the second side of, without a tie. Raises NotFoundError, ForbiddenError."""
    assessment, scoring = opened(session, assessment_id)
    if scoring.scorer_id != current_actor().user_id:
        raise ForbiddenError("not_claimed")
    require_untied(session, current_actor(), assessment)
    return assessment, scoring


def has_declared(session: Session, assessment_id: int) -> bool:
    return declaration_of(session, assessment_id, current_actor().user_id or 0) is not None
