"""Ties between a person of the ministry and a company: whoever has one takes no act on that company."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import ForbiddenError
from compliance.domain.renewal import add_months
from compliance.domain.roles import Actor
from compliance.store.assessments import Assessment
from compliance.store.people import Membership
from compliance.store.reviews import Declaration

MEMBERSHIP_MONTHS = 24
"""Whoever worked for a company is tied to it for so long after."""


def require_no_tie(session: Session, actor: Actor, company_id: int) -> None:
    """Raises ForbiddenError for a colleague of now or of the last 24 months, and for a tie declared before."""
    if company_id in actor.companies or _was_colleague(session, actor, company_id):
        raise ForbiddenError("own_company")
    declared = (
        sa.select(Declaration.id)
        .join(Assessment, Assessment.id == Declaration.assessment_id)
        .where(Assessment.company_id == company_id, Declaration.person_id == actor.user_id, Declaration.has_tie)
    )
    if session.scalar(declared.limit(1)) is not None:
        raise ForbiddenError("tie")


def _was_colleague(session: Session, actor: Actor, company_id: int) -> bool:
    """Days are counted as the calendar counts months; the day of leaving is the first."""
    left = sa.select(Membership.ended_at).where(
        Membership.company_id == company_id, Membership.person_id == actor.user_id, Membership.ended_at.is_not(None)
    )
    days = [clock.day_of(moment) for moment in session.scalars(left) if moment is not None]
    return any(add_months(day, MEMBERSHIP_MONTHS) > clock.today() for day in days)
