"""What the queue shows of an assessment, worked out once when it is submitted: nothing is scored to draw a page."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from compliance.actions.scorecards import read_scorecard
from compliance.domain.lifecycle import DECIDED
from compliance.store.assessments import Assessment
from compliance.store.awards import Award
from compliance.store.reviews import standing_recommendation
from questionnaires import Edition, Facts, Reply
from questionnaires.asked_state import View, view
from scoring import Scorecard

AWARD = "award"
TENTH = Decimal("0.1")


def claimed_of(
    session: Session,
    assessment: Assessment,
    facts: Facts,
    card: Scorecard,
    edition: Edition,
    replies: Mapping[str, Reply],
) -> dict[str, Any]:
    """Level, points (in tenths, as text), how many answers are to be ruled on, the signs of risk that do not change."""
    found = view(edition, facts, replies)
    return {
        "level": card.levels[AWARD].reached,
        "points": str(points_of(card)),
        "asked": len(found.questions),
        "signs": [*_answered(edition, found), *_seen(session, assessment, card, edition)],
    }


def points_of(card: Scorecard) -> Decimal:
    """The total, rounded half up to a tenth."""
    value = card.nodes[str(card.rubric.levels[AWARD].of)].value or 0
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(TENTH, ROUND_HALF_UP)


def _answered(edition: Edition, found: View) -> list[str]:
    return [sign for sign, conditions in edition.risk_when if any(map(found.holds_as_given, conditions))]


def _seen(session: Session, assessment: Assessment, card: Scorecard, edition: Edition) -> list[str]:
    signs = []
    for sign in edition.rules.risk.signs:
        first = sign.seen == "first_champion" and _is_first_champion(session, assessment, card, edition)
        if first or (sign.seen == "claimed_above_verified" and _gap(session, assessment) > sign.over):
            signs.append(sign.id)
    return signs


def _is_first_champion(session: Session, assessment: Assessment, card: Scorecard, edition: Edition) -> bool:
    champions = [level.id for level in edition.levels if level.champion]
    had = sa.select(Award.id).where(Award.company_id == assessment.company_id, Award.level.in_(champions)).limit(1)
    return card.levels[AWARD].reached in champions and session.scalar(had) is None


def _gap(session: Session, assessment: Assessment) -> Decimal:
    """Points that the company claimed last time beyond what was verified; 0 where nothing was decided."""
    query = sa.select(Assessment).where(
        Assessment.company_id == assessment.company_id, Assessment.id != assessment.id, Assessment.state.in_(DECIDED)
    )
    last = session.scalar(query.order_by(Assessment.decided_at.desc(), Assessment.id.desc()).limit(1))
    ruled = standing_recommendation(session, last.id) if last else None
    if last is None or ruled is None or not last.claimed:
        return Decimal(0)
    return Decimal(last.claimed["points"]) - points_of(read_scorecard(ruled.scorecard, last.edition))
