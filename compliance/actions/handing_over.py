"""A review passes from one reviewer to another, with a reason that stays in the trail and that both are told."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked, require_holder
from compliance.actions.blind import require_not_second
from compliance.actions.notifying import notify
from compliance.actions.ties import require_no_tie, untied
from compliance.domain.errors import ForbiddenError, InvalidError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.store.appeals import shut_out
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.people import Person, people_with_role
from compliance.store.reviews import declaration_of
from compliance.store.second_scorings import first_people, open_scoring, second_people

LONGEST = 1000
HELD = frozenset({State.IN_REVIEW, State.CLARIFYING})


def may_take(session: Session, assessment: Assessment) -> Sequence[Person]:
    """The reviewers to whom it may pass: without a tie to the company, no part in what an appeal put aside."""
    barred = {*shut_out(session, assessment), *second_people(session, assessment.id), assessment.reviewer_id}
    return [
        person
        for person in people_with_role(session, Role.REVIEWER)
        if person.id not in barred and _is_free(session, assessment, person.id)
    ]


def _is_free(session: Session, assessment: Assessment, person_id: int) -> bool:
    declared = declaration_of(session, assessment.id, person_id)
    return untied(session, person_id, assessment.company_id) and not (declared and declared.has_tie)


def hand_over(
    session: Session, actor: Actor, assessment_id: int, to_id: int, reason: str, seen_version: int
) -> Assessment:
    """Whoever holds it, or an approver without a tie, gives it to another reviewer, who declares ties before reading.

    Raises InvalidError for somebody who may not have it or without a reason, WrongStateError where nobody holds it,
    StaleError when it changed since.
    """
    assessment = locked(session, assessment_id)
    require_may_give(session, actor, assessment)
    if assessment.state not in HELD or assessment.reviewer_id is None:
        raise WrongStateError("hand_over", assessment.state)
    assessment = locked(session, assessment_id, seen_version)
    if to_id not in {person.id for person in may_take(session, assessment)}:
        raise InvalidError("to", "Choose one of the reviewers who may take it.")
    if not 0 < len(reason.strip()) <= LONGEST:
        raise InvalidError("reason", "Give a reason, in at most %(most)s characters.", most=LONGEST)
    before = assessment.reviewer_id
    assessment.reviewer_id = to_id
    session.flush()
    said = {"before": before, "after": to_id, "reason": reason.strip()}
    entry = record(session, clock.now(), actor, "staff:assessment:handed_over", "assessment", assessment.id, **said)
    told = [session.get_one(Person, one) for one in (to_id, before) if one != actor.user_id]
    values = {"assessment": assessment.id, "entry": entry.seq}
    notify(session, told, "review_handed_over", str(entry.seq), values)
    return assessment


def require_may_give(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Raises ForbiddenError for whoever may not hand it over to somebody of their choice."""
    require_no_tie(session, actor, assessment.company_id)
    require_not_second(session, actor, assessment)
    twice = open_scoring(session, assessment.id) is not None
    if twice and actor.user_id in first_people(session, assessment.id):
        raise ForbiddenError("hand_back_only")  # who may take it would tell who may not: the second scorer
    if actor.has(Role.APPROVER):
        return
    require_holder(actor, assessment)
