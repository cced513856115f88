"""A reviewer reads the snapshot: declares ties, claims, rules every answer, asks, recommends."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import advance, locked, require_holder, require_reviewer
from compliance.actions.awarding import hold_company
from compliance.actions.blind import require_may_change, require_not_second, require_settled
from compliance.actions.covering import Covering
from compliance.actions.excusing import undecided
from compliance.actions.judging import Judgement, check_judgement, put_ruling, said_before
from compliance.actions.scorecards import REVIEW_FACTS, seen_digest, snapshot_of
from compliance.actions.ties import require_no_tie
from compliance.actions.under_review import under_review
from compliance.domain.errors import InvalidError, StaleError, TakenError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import Actor, Role
from compliance.store.appeals import shut_out
from compliance.store.assessments import Assessment
from compliance.store.audit import record
from compliance.store.people import Person
from compliance.store.reviews import (
    Declaration,
    Judged,
    Recommendation,
    Ruling,
    declaration_of,
    standing_rulings,
)


def declare(session: Session, actor: Actor, assessment_id: int, *, has_tie: bool, tie: str = "") -> Declaration:
    """Says, once for each assessment, whether the actor has a tie to the company; a declared tie locks them out.

    Raises ForbiddenError when it is said that there is none and one is known.
    """
    actor.require(Role.REVIEWER, Role.APPROVER, Role.PANEL_MEMBER)
    assessment = locked(session, assessment_id)
    found = declaration_of(session, assessment.id, actor.user_id or 0)
    if found is not None:
        return found
    if not has_tie:
        require_no_tie(session, actor, assessment.company_id)
    elif not tie.strip():
        raise InvalidError("tie", "required")
    declaration = Declaration(
        assessment_id=assessment.id,
        person_id=actor.user_id or 0,
        has_tie=has_tie,
        tie=tie.strip() if has_tie else "",
        declared_at=clock.now(),
    )
    session.add(declaration)
    session.flush()
    record(session, clock.now(), actor, "staff:assessment:tie_declared", "assessment", assessment.id, has_tie=has_tie)
    return declaration


def claim(session: Session, actor: Actor, assessment_id: int, seen_version: int) -> None:
    """Takes a submitted assessment for review, or one that nobody holds since an appeal or a tie.

    The second of two quick reviewers is told who was first (TakenError)."""
    assessment = locked(session, assessment_id)
    require_not_second(session, actor, assessment)
    if assessment.reviewer_id not in {None, actor.user_id} and assessment.state in {State.IN_REVIEW, State.CLARIFYING}:
        require_reviewer(session, actor, assessment, claiming=True)
        raise TakenError(session.get_one(Person, assessment.reviewer_id).full_name)
    if assessment.state in {State.IN_REVIEW, State.CLARIFYING} and assessment.reviewer_id is None:
        _take_reopened(session, actor, assessment, seen_version)
        return
    if assessment.state is State.SUBMITTED and assessment.version != seen_version:
        raise StaleError
    advance(session, actor, assessment, "claim")
    assessment.reviewer_id = actor.user_id


def _take_reopened(session: Session, actor: Actor, assessment: Assessment, seen_version: int) -> None:
    require_reviewer(session, actor, assessment, claiming=True)
    if assessment.version != seen_version:
        raise StaleError
    assessment.reviewer_id = actor.user_id
    session.flush()
    tag = "reviewer:assessment:taken_after_appeal" if shut_out(session, assessment) else "reviewer:assessment:claimed"
    record(session, clock.now(), actor, tag, "assessment", assessment.id)


def release(session: Session, actor: Actor, assessment_id: int, seen_version: int) -> None:
    """Hands a claimed assessment back to the queue; rulings stay for whoever claims it next."""
    assessment = locked(session, assessment_id, seen_version)
    advance(session, actor, assessment, "release")
    assessment.reviewer_id = None


def stand_aside(session: Session, actor: Actor, assessment_id: int) -> None:
    """Whoever declares a tie to what is in their hands, for it was handed to them, holds it no longer.

    While the company is asked the questions stand; whoever takes it next reads the reply.
    """
    assessment = locked(session, assessment_id)
    if assessment.reviewer_id != actor.user_id:
        return
    if assessment.state is State.IN_REVIEW:
        advance(session, actor, assessment, "release")
        assessment.reviewer_id = None
    elif assessment.state is State.CLARIFYING:
        require_holder(actor, assessment)
        assessment.reviewer_id = None
        session.flush()
        record(session, clock.now(), actor, "reviewer:assessment:released", "assessment", assessment.id)


def seen_answer(submission_id: int, standing: Judged | None) -> str:
    """What a page showed of an answer: what was submitted, and the ruling that stood."""
    return f"{submission_id}:{standing.id if standing else 0}"


def rule(
    session: Session, actor: Actor, assessment_id: int, question_id: str, judgement: Judgement, seen: str = ""
) -> Ruling:
    """Records a verdict on one asked question; the earlier one, if any, is withdrawn but kept.

    Raises StaleError when what was `seen` is not what stands; the same verdict of the same person sent again is none.
    """
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    if assessment.state is not State.IN_REVIEW:
        raise WrongStateError("rule", assessment.state)
    snapshot = snapshot_of(session, assessment)
    check_judgement(snapshot, question_id, judgement)
    earlier = standing_rulings(session, assessment.id).get(question_id)
    require_may_change(session, assessment, "rule", ruled=earlier is not None)
    if seen and seen != seen_answer(snapshot.submission_id, earlier):
        if earlier is not None and said_before(earlier, actor, snapshot, judgement):
            return earlier
        raise StaleError
    ruling = put_ruling(session, Ruling, earlier, actor, assessment.id, snapshot, question_id, judgement)
    record(
        session,
        clock.now(),
        actor,
        "reviewer:assessment:ruled",
        "assessment",
        assessment.id,
        question=question_id,
        verdict=judgement.verdict,
    )
    return ruling


def note_facts(session: Session, actor: Actor, assessment_id: int, facts: Mapping[str, bool]) -> None:
    """Records what only the ministry can say (a visit passed, a false statement found); it weighs on the level."""
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    if assessment.state is not State.IN_REVIEW:
        raise WrongStateError("note_facts", assessment.state)
    require_may_change(session, assessment, "note_facts")
    if unknown := facts.keys() - set(REVIEW_FACTS):
        raise InvalidError(min(unknown), "unknown")
    assessment.review_facts = {**assessment.review_facts, **facts}
    session.flush()
    record(session, clock.now(), actor, "reviewer:assessment:facts_noted", "assessment", assessment.id, **facts)


def recommend(
    session: Session,
    actor: Actor,
    assessment_id: int,
    *,
    scope_km: str,
    scope_en: str,
    not_covered_km: str = "",
    not_covered_en: str = "",
    note: str,
    seen: str,
    brands: Sequence[str] = (),
) -> Recommendation:
    """Proposes the level that the rulings give. `seen` is `seen_digest` of what the page showed, `brands` are those of
    the company that the award is to cover.

    Raises StaleError when anything changed since, InvalidError while an asked question is without ruling.
    """
    assessment = locked(session, assessment_id)
    require_reviewer(session, actor, assessment)
    if assessment.state is not State.IN_REVIEW:
        raise WrongStateError("recommend", assessment.state)
    require_settled(session, assessment)
    company = hold_company(session, assessment.company_id)
    found = under_review(session, assessment)
    if found.unruled:
        raise InvalidError("rulings", "unruled")
    if undecided(found):
        raise InvalidError("rulings", "undecided")
    if seen != seen_digest(session, assessment):
        raise StaleError
    scorecard = found.verified
    level = scorecard.levels["award"].reached
    words = Covering(scope_km, scope_en, not_covered_km, not_covered_en).squeezed()
    words.refuse(required=level is not None)
    recommendation = Recommendation(
        assessment_id=assessment.id,
        submission_id=found.submission.id,
        level=level,
        scorecard=scorecard.canonical_json().decode(),
        scorecard_sha256=scorecard.sha256,
        **asdict(words),
        brands=words.names(company, brands),
        note=note.strip(),
        recommended_by=actor.user_id or 0,
        recommended_at=clock.now(),
    )
    session.add(recommendation)
    advance(session, actor, assessment, "recommend", level=level, scorecard=scorecard.sha256)
    return recommendation
