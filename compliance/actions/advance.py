"""The only place where an assessment's state changes: state, audit entry and notices in one transaction."""

from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.notifying import notify_step
from compliance.actions.ties import require_no_tie
from compliance.domain.errors import ForbiddenError, NotFoundError, StaleError, WrongStateError
from compliance.domain.lifecycle import FINAL, STEPS, By, Step
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, SYSTEM, Actor, Role
from compliance.store.appeals import shut_out
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.reviews import declaration_of, has_ruled
from compliance.store.second_scorings import second_people


def locked(session: Session, assessment_id: int, seen_version: int | None = None) -> Assessment:
    """The assessment, held against other writers until the transaction ends.

    Raises NotFoundError, or StaleError when it is no longer the version the actor saw.
    """
    assessment = session.get(Assessment, assessment_id, with_for_update={"of": Assessment}, populate_existing=True)
    if assessment is None:
        raise NotFoundError
    if seen_version is not None and assessment.version != seen_version:
        raise StaleError
    return assessment


def advance(session: Session, actor: Actor, assessment: Assessment, name: str, **content: Any) -> None:
    """Takes the named step. `content` goes into the audit entry.

    Raises WrongStateError when the step does not leave from here, ForbiddenError or NotFoundError when it is not
    this actor's.
    """
    step = STEPS[name]
    require(session, actor, assessment, step)
    if assessment.state not in step.starts:
        raise WrongStateError(name, assessment.state)
    before = assessment.state
    assessment.state = step.to
    if step.to in FINAL:
        assessment.decided_at = clock.now()
    session.flush()
    record(session, clock.now(), actor, step.tag, "assessment", assessment.id, before=before, after=step.to, **content)
    notify_step(session, assessment, step.name, content)


def require(session: Session, actor: Actor, assessment: Assessment, step: Step) -> None:
    """Raises unless the step is this actor's to take on this assessment."""
    match step.by:
        case By.EDITOR:
            actor.require_company(assessment.company_id, MAY_EDIT)
        case By.SIGNER:
            actor.require_company(assessment.company_id, MAY_SIGN)
        case By.REVIEWER if step.name == "release":
            require_holder(actor, assessment)
        case By.REVIEWER:
            require_reviewer(session, actor, assessment, claiming=step.name == "claim")
        case By.APPROVER:
            require_approver(session, actor, assessment)
        case By.SYSTEM:
            if actor is not SYSTEM:
                raise ForbiddenError("system")
        case By.PANEL:
            actor.require(Role.PANEL_MEMBER)
            require_untied(session, actor, assessment)


def require_untied(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Raises ForbiddenError for a tie to the company, and until the actor declared for this assessment that none is."""
    require_no_tie(session, actor, assessment.company_id)
    if declaration_of(session, assessment.id, actor.user_id or 0) is None:
        raise ForbiddenError("not_declared")


def require_no_part(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Raises ForbiddenError for whoever had a part in what an appeal put aside: others review and decide anew."""
    if actor.user_id in shut_out(session, assessment):
        raise ForbiddenError("took_part")


def require_reviewer(session: Session, actor: Actor, assessment: Assessment, *, claiming: bool = False) -> None:
    """A reviewer without a tie who holds the assessment (or is just claiming it)."""
    actor.require(Role.REVIEWER)
    require_untied(session, actor, assessment)
    require_no_part(session, actor, assessment)
    if not claiming:
        require_holder(actor, assessment)


def require_holder(actor: Actor, assessment: Assessment) -> None:
    """Whoever holds the assessment. That is all that handing back asks: a tie is one more reason to do so."""
    actor.require(Role.REVIEWER)
    if assessment.reviewer_id != actor.user_id:
        raise ForbiddenError("not_claimed")


def require_approver(session: Session, actor: Actor, assessment: Assessment) -> None:
    """An approver without a tie who ruled on nothing here, neither as second scorer nor as moderator."""
    actor.require(Role.APPROVER)
    require_untied(session, actor, assessment)
    require_no_part(session, actor, assessment)
    ruled = has_ruled(session, assessment.id, actor.user_id or 0)
    if ruled or assessment.reviewer_id == actor.user_id or actor.user_id in second_people(session, assessment.id):
        raise ForbiddenError("four_eyes")
