"""A signatory attests and submits: the answers are frozen with their evidence, the edition and the claimed score."""

import hashlib
from dataclasses import asdict, dataclass

from questionnaires.asking import asked, outstanding
from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import advance, locked
from compliance.actions.scorecards import claimed_scorecard, facts_json, facts_of, replies_of
from compliance.domain.errors import InvalidError, OutstandingError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor
from compliance.domain.working_days import add_working_days
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.audit import canonical
from compliance.store.evidence_files import evidence_for
from compliance.store.reviews import open_clarification, standing_rulings
from questionnaires import edition

SNAPSHOT_FORMAT = 1


@dataclass(frozen=True)
class Attestation:
    """Who vouches for the answers, in their own words of office."""

    name: str
    position: str


def submit(
    session: Session, actor: Actor, assessment_id: int, attestation: Attestation, seen_version: int
) -> Submission:
    """Freezes and submits a draft.

    Raises OutstandingError when something is still to do, StaleError when the page was old.
    """
    assessment = locked(session, assessment_id, seen_version if _is_draft(session, assessment_id) else None)
    actor.require_company(assessment.company_id, MAY_SIGN)
    for field, text in asdict(attestation).items():
        if not text.strip():
            raise InvalidError(field, "required")
    if assessment.state is State.DRAFT:
        _refuse_unfinished(session, assessment)
    assessment.submitted_at = clock.now()
    review = edition(assessment.edition).lifecycle.review
    assessment.review_due_on = add_working_days(clock.today(), review.review_working_days)
    submission = _freeze(session, actor, assessment, attestation)
    advance(session, actor, assessment, "submit", digest=submission.digest, position=attestation.position.strip())
    return submission


def _is_draft(session: Session, assessment_id: int) -> bool:
    found = session.get(Assessment, assessment_id)
    return found is not None and found.state is State.DRAFT


def _refuse_unfinished(session: Session, assessment: Assessment) -> None:
    left = outstanding(
        edition(assessment.edition),
        facts_of(session, assessment, clock.today()),
        replies_of(assessment),
    )
    if left:
        raise OutstandingError(tuple(left))


def withdraw(session: Session, actor: Actor, assessment_id: int, seen_version: int) -> None:
    """The company takes its assessment back; everything entered is kept."""
    assessment = locked(session, assessment_id, seen_version)
    advance(session, actor, assessment, "withdraw")


def reply(session: Session, actor: Actor, assessment_id: int, text: str, seen_version: int) -> Submission:
    """Answers a clarification: a new snapshot beside the old one; the rulings on the reopened answers fall."""
    assessment = locked(session, assessment_id, seen_version)
    actor.require_company(assessment.company_id, MAY_EDIT)
    clarification = open_clarification(session, assessment.id)
    earlier = latest_submission(session, assessment.id)
    if clarification is None or earlier is None:
        advance(session, actor, assessment, "reply")
        raise AssertionError("unreachable: a reply needs an open clarification")
    if not text.strip():
        raise InvalidError("reply", "required")
    _refuse_unfinished(session, assessment)
    clarification.reply = text.strip()
    clarification.replied_by = actor.user_id
    clarification.replied_at = clock.now()
    submission = _freeze(session, actor, assessment, attestation=None)
    for question, ruling in standing_rulings(session, assessment.id).items():
        if question in clarification.questions:
            ruling.withdrawn_at = clock.now()
    advance(session, actor, assessment, "reply", digest=submission.digest, earlier=earlier.digest)
    return submission


def _freeze(session: Session, actor: Actor, assessment: Assessment, attestation: Attestation | None) -> Submission:
    """The snapshot: only asked questions, their evidence by hash, and the score the company claims."""
    earlier = latest_submission(session, assessment.id)
    code = edition(assessment.edition)
    facts = facts_of(session, assessment, clock.today())
    replies = replies_of(assessment)
    evidence = evidence_for(session, assessment.id)
    shown = [question.id for question in asked(code, facts, replies)]
    scorecard = claimed_scorecard(session, assessment, evidence, clock.today())
    content = canonical(
        {
            "format": SNAPSHOT_FORMAT,
            "round": earlier.round + 1 if earlier else 1,
            "assessment": assessment.id,
            "edition": code.id,
            "edition_sha256": code.sha256,
            "facts": facts_json(facts),
            "answers": {
                answer.question: {
                    "value": answer.value,
                    "not_applicable": answer.not_applicable,
                    "na_reason": answer.na_reason,
                    "comment": answer.comment,
                }
                for answer in sorted(assessment.answers, key=lambda answer: answer.question)
                if answer.question in shown
            },
            "evidence": {
                question: [
                    {
                        "id": file.id,
                        "name": file.name,
                        "sha256": file.sha256,
                        "size": file.size,
                        "type": file.media_type,
                    }
                    for file in evidence.get(question, [])
                ]
                for question in shown
                if question in evidence
            },
            "attested": attestation and {"name": attestation.name.strip(), "position": attestation.position.strip()},
            "submitted_by": actor.user_id,
            "submitted_at": clock.now().isoformat(timespec="seconds"),
            "scorecard_sha256": scorecard.sha256,
        }
    )
    submission = Submission(
        assessment_id=assessment.id,
        round=earlier.round + 1 if earlier else 1,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        scorecard=scorecard.canonical_json().decode(),
        scorecard_sha256=scorecard.sha256,
        submitted_by=actor.user_id or 0,
        submitted_at=clock.now(),
    )
    session.add(submission)
    session.flush()
    return submission
