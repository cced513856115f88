"""One submitted assessment as its second scorer reads it: nothing of the first side is in it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from compliance.actions.scorecards import REVIEW_FACTS
from compliance.actions.under_review import UnderReview, under_review
from compliance.store.assessments import Assessment
from compliance.store.second_scorings import second_rulings


def second_reading(session: Session, assessment: Assessment) -> UnderReview:
    """With the second side's rulings. What the first noted of visits and findings is not in it: all is as if nothing
    spoke against the company, so that no level is shut for want of a visit."""
    noted = dict.fromkeys(REVIEW_FACTS, True)
    return replace(under_review(session, assessment), rulings=second_rulings(session, assessment.id), noted=noted)
