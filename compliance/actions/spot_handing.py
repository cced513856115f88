"""A spot check passes from one reviewer to another, with a reason that stays in the trail and that both are told."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.awarding import hold_company
from compliance.actions.handing_over import LONGEST
from compliance.actions.notifying import notify
from compliance.actions.spot_checking import locked_check
from compliance.actions.ties import require_no_tie, untied
from compliance.domain.errors import ForbiddenError, InvalidError, NotFoundError, StaleError, WrongStateError
from compliance.domain.roles import Actor, Role
from compliance.store.audit import record
from compliance.store.people import Person, people_with_role
from compliance.store.reviews import declaration_of, has_ruled
from compliance.store.spot_checks import SpotCheck


def may_take(session: Session, check: SpotCheck) -> Sequence[Person]:
    """The reviewers to whom it may pass: without a tie to the company, and none who verified the award."""
    return [
        person
        for person in people_with_role(session, Role.REVIEWER)
        if person.id != check.checker_id and _is_free(session, check, person.id)
    ]


def _is_free(session: Session, check: SpotCheck, person_id: int) -> bool:
    assessment = check.award.assessment_id
    declared = declaration_of(session, assessment, person_id)
    tied = not untied(session, person_id, check.company_id) or (declared is not None and declared.has_tie)
    return not tied and not has_ruled(session, assessment, person_id)


def hand_over_check(
    session: Session, actor: Actor, check_id: int, to_id: int, reason: str, seen_holder: int
) -> SpotCheck:
    """Whoever holds it, or an approver without a tie, gives it to another reviewer, who declares ties before acting.

    Raises InvalidError for somebody who may not have it or without a reason, WrongStateError where nobody holds it,
    StaleError when it left `seen_holder` since.
    """
    found = session.get(SpotCheck, check_id)
    if found is None:
        raise NotFoundError
    require_may_give(session, actor, found)
    hold_company(session, found.company_id)
    check = locked_check(session, check_id)
    if check.closed_at is not None or check.checker_id is None:
        raise WrongStateError("hand_over", "closed" if check.closed_at else "free")
    if check.checker_id != seen_holder:
        raise StaleError
    if to_id not in {person.id for person in may_take(session, check)}:
        raise InvalidError("to", "Choose one of the reviewers who may take it.")
    if not 0 < len(reason.strip()) <= LONGEST:
        raise InvalidError("reason", "Give a reason, in at most %(most)s characters.", most=LONGEST)
    before = check.checker_id
    check.checker_id, check.taken_at = to_id, clock.now()
    session.flush()
    said = {"award": check.award_id, "before": before, "after": to_id, "reason": reason.strip()}
    entry = record(session, clock.now(), actor, "staff:spot_check:handed_over", "spot_check", check.id, **said)
    told = [session.get_one(Person, one) for one in (to_id, before) if one != actor.user_id]
    notify(session, told, "spot_check_handed_over", str(entry.seq), {"check": check.id, "entry": entry.seq})
    return check


def require_may_give(session: Session, actor: Actor, check: SpotCheck) -> None:
    """Raises ForbiddenError for whoever may not hand it over."""
    require_no_tie(session, actor, check.company_id)
    if actor.has(Role.APPROVER):
        return
    actor.require(Role.REVIEWER)
    if check.checker_id != actor.user_id:
        raise ForbiddenError("not_claimed")
