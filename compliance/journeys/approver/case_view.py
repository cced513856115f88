"""A case on its approver's page: everything that the decision rests on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
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
from compliance.store.reviews import decisions, standing_recommendation, standing_rulings
from compliance.store.second_scorings import SecondScoring, Settled, scorings_of
from questionnaires import Question, edition
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
        "twice": scored_twice(session, found),
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


@dataclass(frozen=True)
class Twice:
    """What came of two scorings that did not see each other; where they differed, who settled what.

    `changed`: how many rulings that stand now were given after the comparison, when the case had been returned.
    """

    scoring: SecondScoring
    moderator: str
    choices: list[tuple[Question, str, str]]
    changed: int


def scored_twice(session: Session, found: Assessment) -> Twice | None:
    """Of the newest second scoring that was compared."""
    compared = [one for one in scorings_of(session, found.id) if one.settled in {Settled.AGREED, Settled.MODERATED}]
    if not compared:
        return None
    one, code = compared[-1], edition(found.edition)
    moderator = session.get(Person, one.moderator_id) if one.settled is Settled.MODERATED else None
    choices = [(code.question(name), said["side"], said["reason"]) for name, said in one.choices.items()]
    closed_at = one.closed_at or clock.now()
    changed = sum(ruling.ruled_at > closed_at for ruling in standing_rulings(session, found.id).values())
    return Twice(one, moderator.full_name if moderator else "", choices, changed)


def essentials(card: Scorecard) -> tuple[int, int]:
    """How many essential points are met, of how many that apply."""
    outcomes = [one.outcome for one in card.essentials.values() if one.outcome != "does_not_apply"]
    return outcomes.count("pass"), len(outcomes)
