"""How many awards were in force on a day, also on one that is past."""

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.clock import PHNOM_PENH
from compliance.domain.standing import AwardAct
from compliance.store.awards import Award, AwardDecision

HOLDS = (AwardAct.GRANTED, AwardAct.REINSTATED)


def levels_on(session: Session, day: date) -> dict[str, int]:
    """By level, as each stood at the end of the day by the decisions taken until then."""
    end = datetime.combine(day + timedelta(days=1), time(), PHNOM_PENH)
    last = sa.select(sa.func.max(AwardDecision.id)).where(AwardDecision.decided_at < end)
    query = (
        sa.select(Award.level, Award.ends, Award.grace_days, sa.func.count())
        .join(AwardDecision, AwardDecision.award_id == Award.id)
        .where(AwardDecision.id.in_(last.group_by(AwardDecision.award_id)))
        .where(Award.starts <= day, AwardDecision.act.in_(HOLDS))
        .where(sa.or_(Award.replaced_from.is_(None), Award.replaced_from > day))
        .group_by(Award.level, Award.ends, Award.grace_days)
    )
    counted: dict[str, int] = {}
    for level, ends, grace_days, number in session.execute(query):
        if ends + timedelta(days=grace_days) >= day:
            counted[level] = counted.get(level, 0) + number
    return counted
