"""A case on its approver's page: everything that the decision rests on."""

from typing import Any

from compliance.actions.covering import left_out
from compliance.actions.last_cycle import last_cycle
from compliance.actions.under_review import under_review
from compliance.domain.errors import NotFoundError
from compliance.domain.lifecycle import State
from compliance.journeys import scorecard_view
from compliance.journeys.appeal_view import upheld
from compliance.journeys.approver.case_rows import rows_of
from compliance.journeys.approver.since_last import since_last
from compliance.journeys.change_view import identity
from compliance.journeys.language import current_language
from compliance.journeys.reviewer.views import row
from compliance.store.assessments import Assessment
from compliance.store.base import db
from compliance.store.decision_letters import letter_about
from compliance.store.people import Person, names_of
from compliance.store.reviews import decisions, standing_recommendation
from questionnaires import edition
from scoring import Scorecard


def case(found: Assessment) -> dict[str, Any]:
    """What the page shows; NotFoundError without a recommendation."""
    session, lang, code = db.session(), current_language(), edition(found.edition)
    read, recommendation = under_review(session, found), standing_recommendation(session, found.id)
    if recommendation is None:
        raise NotFoundError
    claimed, verified = read.claimed, read.verified
    reviewer = session.get(Person, recommendation.recommended_by)
    decided = next(iter(decisions(session, found.id)[::-1]), None)
    return {
        "item": row(found),
        "identity": identity(session, found),
        "appeals": upheld(found),
        "assessment": found,
        "open": found.state is State.RECOMMENDED,
        "decided": decided,
        "letter": letter_about(session, decided.id) if decided else None,
        "decider": names_of(session, {decided.decided_by})[decided.decided_by] if decided else "",
        "recommendation": recommendation,
        "left_out": left_out(found.company, recommendation.brands),
        "reviewer": reviewer.full_name if reviewer else "",
        "months": code.level(recommendation.level).validity_months if recommendation.level else 0,
        "points": scorecard_view.total(verified, lang),
        "claimed_points": scorecard_view.total(claimed, lang),
        "essentials": essentials(verified),
        "bars": scorecard_view.pair_bars(code, claimed, verified, lang),
        "bars_level": scorecard_view.paired_level(claimed),
        "claimed": claimed.levels[scorecard_view.AWARD].reached,
        "verified": verified.levels[scorecard_view.AWARD].reached,
        "stopping": scorecard_view.stopping(verified, lang),
        "rows": rows_of(session, read),
        "since": since_last(read, last_cycle(session, found)),
    }


def essentials(card: Scorecard) -> tuple[int, int]:
    """How many essential points are met, of how many that apply."""
    outcomes = [one.outcome for one in card.essentials.values() if one.outcome != "does_not_apply"]
    return outcomes.count("pass"), len(outcomes)
