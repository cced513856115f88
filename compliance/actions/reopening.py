"""A refused assessment goes back into review on appeal: what was contested with success is ruled anew, by others."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import advance
from compliance.actions.contested import questionable
from compliance.actions.scorecards import facts_from, frozen_files, frozen_replies, subject
from compliance.actions.second_drawing import again
from compliance.actions.submitting import frozen_piece
from compliance.domain.roles import Actor
from compliance.domain.working_days import add_working_days
from compliance.store.appeals import Appeal, AppealFile, files_of_appeal
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.audit import canonical
from compliance.store.evidence_files import EvidenceLink, links_to
from compliance.store.holidays import public_holidays
from compliance.store.reviews import standing_recommendation, standing_rulings
from compliance.store.rule_changes import lifecycle_now
from questionnaires import catalogue
from scoring import evaluate


def reopen(session: Session, actor: Actor, appeal: Appeal, right: Sequence[str]) -> None:
    """Into review, held by nobody. `right` are the questions on which the company was found right: their rulings fall;
    where there are none, all rulings that went against it. New files become evidence of their answers."""
    assessment, moment = appeal.assessment, clock.now()
    contested = questionable(session, assessment.id)
    fallen = sorted(set(right) & contested.keys()) or sorted(contested)
    for question, ruling in standing_rulings(session, assessment.id).items():
        if question in fallen:
            ruling.withdrawn_at = moment
    recommendation = standing_recommendation(session, assessment.id)
    if recommendation is not None:
        recommendation.withdrawn_at = moment
    files = [one for one in files_of_appeal(session, appeal.id) if one.question and one.file.quarantined_at is None]
    added = _support(session, assessment, appeal, files)
    submission = _frozen_again(session, assessment, appeal, added) if added else None
    review = lifecycle_now(session, assessment.edition).review
    assessment.reviewer_id, assessment.decided_at = None, None
    assessment.review_due_on = add_working_days(clock.today(), review.review_working_days, public_holidays(session))
    about: dict[str, Any] = {"digest": submission.digest} if submission else {}
    advance(session, actor, assessment, "reopen", appeal=appeal.id, questions=fallen, **about)
    again(session, assessment)


def _support(session: Session, assessment: Assessment, appeal: Appeal, files: Sequence[AppealFile]) -> list[AppealFile]:
    """Those that were no evidence of their answer yet, and are now."""
    fresh = [one for one in files if not links_to(session, assessment.id, one.question, one.file_id)]
    for one in fresh:
        session.add(
            EvidenceLink(
                assessment_id=assessment.id, question=one.question, file_id=one.file_id, linked_by=one.added_by,
                linked_at=appeal.lodged_at or clock.now(),
            )
        )  # fmt: skip
    session.flush()
    return fresh


def _frozen_again(
    session: Session, assessment: Assessment, appeal: Appeal, added: Sequence[AppealFile]
) -> Submission | None:
    """The snapshot with the files of the appeal beside the old one: whoever lodged vouches for them."""
    earlier = latest_submission(session, assessment.id)
    if earlier is None:
        return None
    content = json.loads(earlier.content)
    for one in added:
        content["evidence"].setdefault(one.question, []).append(frozen_piece(one.file))
    edition = catalogue.edition(assessment.edition)
    found = subject(edition, facts_from(content["facts"]), frozen_replies(content), frozen_files(content))
    scorecard = evaluate(edition.rubric, found, basis="claimed")
    moment, lodger = appeal.lodged_at or clock.now(), appeal.lodged_by or 0
    content |= {
        "round": earlier.round + 1,
        "appeal": appeal.id,
        "attested": {"name": appeal.signed_name, "position": appeal.signed_position},
        "submitted_by": lodger,
        "submitted_at": moment.isoformat(timespec="seconds"),
        "scorecard_sha256": scorecard.sha256,
    }
    written = canonical(content)
    submission = Submission(
        assessment_id=assessment.id,
        round=earlier.round + 1,
        content=written,
        digest=hashlib.sha256(written.encode()).hexdigest(),
        scorecard=scorecard.canonical_json().decode(),
        scorecard_sha256=scorecard.sha256,
        submitted_by=lodger,
        submitted_at=moment,
    )
    session.add(submission)
    session.flush()
    return submission
