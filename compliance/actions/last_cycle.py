"""What was verified of a company the last time, to read a renewal beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from compliance.actions.scorecards import Snapshot, read_scorecard, snapshot_from
from compliance.domain.lifecycle import DECIDED
from compliance.store.assessments import Assessment, Submission, assessments_of
from compliance.store.reviews import Ruling, standing_recommendation, standing_rulings
from questionnaires import Edition, catalogue
from scoring import Scorecard


@dataclass(frozen=True)
class LastCycle:
    """An earlier assessment as it was decided."""

    assessment: Assessment
    edition: Edition
    snapshot: Snapshot
    verified: Scorecard
    rulings: Mapping[str, Ruling]


def last_cycle(session: Session, assessment: Assessment) -> LastCycle | None:
    """The company's newest assessment before this one that was decided; None for a first one."""
    for one in assessments_of(session, assessment.company_id):
        if one.id >= assessment.id or one.state not in DECIDED:
            continue
        recommendation = standing_recommendation(session, one.id)
        if recommendation is not None:
            submission = session.get_one(Submission, recommendation.submission_id)
            return LastCycle(
                one,
                catalogue.edition(one.edition),
                snapshot_from(submission),
                read_scorecard(recommendation.scorecard, one.edition),
                standing_rulings(session, one.id),
            )
    return None
