"""What two scorers of one assessment are kept from: each other's rulings, and changing their own once they are told."""

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import ForbiddenError, WrongStateError
from compliance.domain.roles import SYSTEM, Actor
from compliance.store.assessments import Assessment, hold_all
from compliance.store.audit import record
from compliance.store.reviews import Deciding, decisions
from compliance.store.second_scorings import (
    SecondScoring,
    Settled,
    held_second,
    open_scoring,
    scorings_of,
    second_people,
    second_rulings,
)


def require_sees_first(session: Session, actor: Actor, assessment: Assessment) -> None:
    """While a second scoring is open, only who holds the assessment reads its rulings. Raises ForbiddenError."""
    if assessment.reviewer_id != actor.user_id and open_scoring(session, assessment.id) is not None:
        raise ForbiddenError("blind")


def require_not_second(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Who ever held the second side never takes the first. Raises ForbiddenError."""
    if actor.user_id in second_people(session, assessment.id):
        raise ForbiddenError("other_side")


def require_may_change(session: Session, assessment: Assessment, step: str, *, ruled: bool = True) -> None:
    """Raises WrongStateError where the first side has said its last word: from finishing until it is sent back, and
    after the comparison until the approver returns it. `ruled`: what is to change stands already."""
    found = scorings_of(session, assessment.id)
    if not found:
        return
    last = found[-1]
    if last.closed_at is None:
        if last.first_done_at is not None:
            raise WrongStateError(step, "scored")
        return
    returned = [one.decided_at for one in decisions(session, assessment.id) if one.act is Deciding.RETURN]
    if ruled and not any(moment >= last.closed_at for moment in returned):
        raise WrongStateError(step, "settled")


def may_change(session: Session, assessment: Assessment) -> bool:
    """Whether the first side's rulings can be changed now."""
    try:
        require_may_change(session, assessment, "rule")
    except WrongStateError:
        return False
    return True


def require_settled(session: Session, assessment: Assessment) -> None:
    """Nothing is recommended while two scorings are not compared. Raises WrongStateError."""
    if open_scoring(session, assessment.id) is not None:
        raise WrongStateError("recommend", "second_scoring")


def close(scoring: SecondScoring, settled: Settled) -> None:
    scoring.settled, scoring.closed_at = settled, clock.now()


def free_held_by(session: Session, person_id: int) -> None:
    """Somebody lost the right to score: what they had not finished is free again.

    All of it is held in one order, and before the trail is: whoever saves there holds an assessment and then the trail.
    """
    hold_all(session, [one.assessment_id for one in held_second(session, person_id)])
    for scoring in held_second(session, person_id):
        put_aside(session, scoring)
        record(session, clock.now(), SYSTEM, "system:second_scoring:freed", "second_scoring", scoring.id)


def put_aside(session: Session, scoring: SecondScoring) -> None:
    """Whoever held the second side holds it no longer, and their rulings count no more: the next one begins anew."""
    begin_anew(session, scoring.assessment_id)
    scoring.scorer_id = scoring.taken_at = scoring.second_done_at = None
    session.flush()


def begin_anew(session: Session, assessment_id: int) -> None:
    """What the second side ruled so far stands no more."""
    for ruling in second_rulings(session, assessment_id).values():
        ruling.withdrawn_at = clock.now()
    session.flush()
