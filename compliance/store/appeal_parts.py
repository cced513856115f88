"""Who had a part in what is contested: such a one does not judge the appeal against it."""

from collections.abc import Mapping
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.domain.standing import AwardAct
from compliance.store.appeals import Appeal, AppealSeat
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.awards import Award, AwardDecision, AwardProposal, Outcome
from compliance.store.reviews import Decision, Recommendation, Ruling
from compliance.store.second_scorings import CLAIMED, second_people


class Part(StrEnum):
    """What somebody did in the matter; of several, the last one named here is told."""

    CLAIMED = "claimed"
    RULED = "ruled"
    RECOMMENDED = "recommended"
    DECIDED = "decided"
    JUDGED = "judged"
    PROPOSED = "proposed"
    DECLINED = "declined"
    CONFIRMED = "confirmed"


ORDER = tuple(Part)
ACTS = (AwardAct.SUSPENDED, AwardAct.REINSTATED, AwardAct.REVOKED)
"""What one person proposes and another confirms; a grant is recommended and decided."""


def parts_in(session: Session, appeal: Appeal) -> Mapping[int, Part]:
    """By person; of what the appeal is about."""
    return parts_in_assessment(session, appeal.assessment_id)


def parts_in_assessment(session: Session, number: int) -> Mapping[int, Part]:
    """By person; of the assessment, and of every act on its award, whether it was confirmed or not."""
    award = sa.select(Award.id).where(Award.assessment_id == number).scalar_subquery()
    claimed = AuditEntry.subject == "assessment", AuditEntry.subject_id == number, AuditEntry.tag.in_(CLAIMED)
    confirmed = AwardProposal.outcome == Outcome.CONFIRMED
    acted, by = AwardDecision.act.in_(ACTS), AwardProposal.closed_by
    judged = _judged(session, number)
    asked = (
        (Part.CLAIMED, sa.select(AuditEntry.actor_id).where(*claimed)),
        (Part.CLAIMED, sa.select(Assessment.reviewer_id).where(Assessment.id == number)),
        (Part.RULED, sa.select(Ruling.ruled_by).where(Ruling.assessment_id == number)),
        (Part.RECOMMENDED, sa.select(Recommendation.recommended_by).where(Recommendation.assessment_id == number)),
        (Part.DECIDED, sa.select(Decision.decided_by).where(Decision.assessment_id == number)),
        (Part.RECOMMENDED, sa.select(AwardDecision.proposed_by).where(AwardDecision.award_id == award, ~acted)),
        (Part.DECIDED, sa.select(AwardDecision.decided_by).where(AwardDecision.award_id == award, ~acted)),
        (Part.PROPOSED, sa.select(AwardProposal.proposed_by).where(AwardProposal.award_id == award)),
        (Part.PROPOSED, sa.select(AwardDecision.proposed_by).where(AwardDecision.award_id == award, acted)),
        (Part.DECLINED, sa.select(by).where(AwardProposal.award_id == award, by != AwardProposal.proposed_by)),
        (Part.CONFIRMED, sa.select(by).where(AwardProposal.award_id == award, confirmed)),
        (Part.CONFIRMED, sa.select(AwardDecision.decided_by).where(AwardDecision.award_id == award, acted)),
    )
    found = [(person, part) for part, query in asked for person in session.scalars(query) if person is not None]
    found = [(person, Part.JUDGED if person in judged else part) for person, part in found]
    found += [(person, Part.RULED) for person in second_people(session, number)]
    return dict(sorted(found, key=lambda pair: ORDER.index(pair[1])))


def _judged(session: Session, number: int) -> set[int]:
    """Whose votes decided an earlier appeal: what a panel gives back stands as the act of two of its members."""
    votes = AppealSeat.left_at.is_(None), AppealSeat.vote.is_not(None)
    closed = Appeal.assessment_id == number, Appeal.closed_at.is_not(None)
    return set(session.scalars(sa.select(AppealSeat.person_id).join(Appeal).where(*closed, *votes)))
