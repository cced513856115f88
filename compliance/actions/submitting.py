"""A signatory attests and submits: the answers are frozen with their evidence, the edition and the claimed score."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import advance, locked
from compliance.actions.after_acts import begins_again_on
from compliance.actions.queue_facts import claimed_of
from compliance.actions.scorecards import claimed_scorecard, facts_json, facts_of, replies_from
from compliance.actions.second_drawing import consider, drop
from compliance.actions.second_scoring import answers_changed
from compliance.domain.errors import InvalidError, OutstandingError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, Actor
from compliance.domain.working_days import add_working_days
from compliance.store.answers import AnswerRow, answer_rows
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.audit import canonical
from compliance.store.awards import awards_of
from compliance.store.companies import public_details
from compliance.store.edition_succession import succession
from compliance.store.evidence_files import EvidenceFile, evidence_for
from compliance.store.holidays import public_holidays
from compliance.store.reviews import open_clarification, standing_rulings
from compliance.store.rule_changes import lifecycle_now
from questionnaires import Text, catalogue
from questionnaires.asked_state import View, view
from questionnaires.asking import asked, outstanding
from questionnaires.consistency import Issue
from questionnaires.typed import one_line

SNAPSHOT_FORMAT = 1
LONGEST_NAME = 120
TO_CONFIRM = Text(
    km="ចម្លើយនេះបានផ្តល់មុនការវាយតម្លៃនេះ។ សូមអាន ហើយរក្សាទុក ដើម្បីបញ្ជាក់ថានៅតែត្រឹមត្រូវ។",
    en="This answer was given before this assessment began. Read it and save it to confirm that it holds.",
)


@dataclass(frozen=True)
class Attestation:
    """Who vouches for the answers, in their own words of office."""

    name: str
    position: str

    def checked(self) -> "Attestation":
        """Raises InvalidError for what is missing."""
        tidy = Attestation(one_line(self.name), one_line(self.position))
        if not tidy.name:
            raise InvalidError("name", "Enter the name of the person who signs.")
        if not tidy.position:
            raise InvalidError("position", "Enter the position of this person.")
        for field, text in asdict(tidy).items():
            if len(text) > LONGEST_NAME:
                raise InvalidError(field, "Use at most %(length)s characters.", length=LONGEST_NAME)
        return tidy


def submit(
    session: Session,
    actor: Actor,
    assessment_id: int,
    attestation: Attestation,
    seen_version: int,
    seen_draft: str | None = None,
) -> Submission:
    """Freezes and submits a draft. `seen_draft` is the `draft_digest` of what the signatory read.

    Raises OutstandingError when something is still to do, StaleError when the page was old, WrongStateError when it is
    no draft any more.
    """
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_SIGN)
    if assessment.state is not State.DRAFT:
        raise WrongStateError("submit", assessment.state)
    attestation = attestation.checked()
    if assessment.version != seen_version or seen_draft not in {None, draft_digest(session, assessment.id)}:
        raise StaleError
    _require_in_time(assessment)
    _require_awaited(session, assessment)
    if left := left_to_do(session, assessment):
        raise OutstandingError(left)
    assessment.submitted_at = clock.now()
    review = lifecycle_now(session, assessment.edition).review
    assessment.review_due_on = add_working_days(clock.today(), review.review_working_days, public_holidays(session))
    submission = _freeze(session, actor, assessment, attestation)
    advance(session, actor, assessment, "submit", digest=submission.digest, position=attestation.position)
    consider(session, assessment, submission)
    return submission


def _require_in_time(assessment: Assessment) -> None:
    """A draft of an earlier edition can be submitted for some time after the next one began."""
    found = succession(assessment.edition)
    if found is not None and clock.today() > found.last_day:
        raise InvalidError(
            "", "Edition %(edition)s is in force. Take your answers over to it, then submit.", edition=found.name
        )


def _require_awaited(session: Session, assessment: Assessment) -> None:
    """After a revocation the months of its edition are waited for with a draft too that was begun before."""
    day = begins_again_on(awards_of(session, assessment.company_id), clock.today())
    if day is not None:
        raise InvalidError(
            "", "An award was revoked: what you enter is kept, and can be submitted from %(day)s.", day=day
        )


def draft_digest(session: Session, assessment_id: int) -> str:
    """The answers and evidence of a draft in 64 characters: nobody attests what has changed under their eyes."""
    versions = sorted((row.question, row.version) for row in answer_rows(session, assessment_id).values())
    files = {
        question: [frozen_piece(file) for file in sorted(found, key=lambda one: one.id)]
        for question, found in evidence_for(session, assessment_id).items()
    }
    return hashlib.sha256(canonical([versions, files]).encode()).hexdigest()


def left_to_do(session: Session, assessment: Assessment) -> tuple[Issue, ...]:
    """All that stands between a draft and its submission, in the order of the questions."""
    edition, rows = catalogue.edition(assessment.edition), answer_rows(session, assessment.id)
    return open_issues(view(edition, facts_of(session, assessment, clock.today()), replies_from(edition, rows)), rows)


def open_issues(found: View, rows: Mapping[str, AnswerRow]) -> tuple[Issue, ...]:
    """The same of answers that are read already."""
    issues = outstanding(found)
    blocked = {issue.question for issue in issues}
    carried = [
        Issue("to_confirm", "error", question.section, question.id, TO_CONFIRM)
        for question in found.questions
        if question.id not in blocked and question.id in rows and rows[question.id].carried_over
    ]
    order = {question.id: place for place, question in enumerate(found.edition.questions)}
    return tuple(sorted([*issues, *carried], key=lambda issue: order.get(issue.question or "", -1)))


def withdraw(session: Session, actor: Actor, assessment_id: int, seen_version: int) -> None:
    """The company takes its assessment back; everything entered is kept."""
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    if assessment.state is not State.WITHDRAWN and assessment.version != seen_version:
        raise StaleError
    advance(session, actor, assessment, "withdraw")
    drop(session, assessment)


def reply(
    session: Session,
    actor: Actor,
    assessment_id: int,
    text: str,
    attestation: Attestation,
    seen_version: int,
    seen_draft: str | None = None,
) -> Submission:
    """A signatory attests the reply to a clarification: a new snapshot beside the old one; the rulings on the reopened
    answers fall. `seen_draft` is the `draft_digest` of what was read.
    """
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_SIGN)
    clarification = open_clarification(session, assessment.id)
    earlier = latest_submission(session, assessment.id)
    if assessment.state is not State.CLARIFYING or clarification is None or earlier is None:
        raise WrongStateError("reply", assessment.state)
    attestation = attestation.checked()
    if assessment.version != seen_version or seen_draft not in {None, draft_digest(session, assessment.id)}:
        raise StaleError
    if not text.strip():
        raise InvalidError("reply", "Write a reply for the reviewer.")
    if left := left_to_do(session, assessment):
        raise OutstandingError(left)
    clarification.reply, clarification.draft = text.strip(), ""
    clarification.replied_by, clarification.replied_at = actor.user_id, clock.now()
    submission = _freeze(session, actor, assessment, attestation)
    for question, ruling in standing_rulings(session, assessment.id).items():
        if question in clarification.questions:
            ruling.withdrawn_at = clock.now()
    digests = {"digest": submission.digest, "earlier": earlier.digest, "position": attestation.position}
    advance(session, actor, assessment, "reply", clarification=clarification.id, **digests)
    answers_changed(session, assessment, differing(earlier, submission))
    return submission


def differing(earlier: Submission, later: Submission) -> frozenset[str]:
    """The questions whose answer or evidence is another one in the later of two snapshots."""
    old, new = (json.loads(one.content) for one in (earlier, later))
    parts = ("answers", "evidence")
    return frozenset(
        name for part in parts for name in {*old[part], *new[part]} if old[part].get(name) != new[part].get(name)
    )


def _freeze(session: Session, actor: Actor, assessment: Assessment, attestation: Attestation) -> Submission:
    """The snapshot: only asked questions, their evidence by hash, and the score the company claims."""
    earlier = latest_submission(session, assessment.id)
    edition, rows = catalogue.edition(assessment.edition), answer_rows(session, assessment.id)
    facts, evidence = facts_of(session, assessment, clock.today()), evidence_for(session, assessment.id)
    shown = [question.id for question in asked(edition, facts, replies_from(edition, rows))]
    scorecard = claimed_scorecard(session, assessment, evidence, clock.today())
    number = earlier.round + 1 if earlier else 1
    content = canonical(
        {
            "format": SNAPSHOT_FORMAT,
            "round": number,
            "assessment": assessment.id,
            "edition": edition.id,
            "edition_sha256": edition.sha256,
            "company": public_details(assessment.company),
            "facts": facts_json(facts),
            **given(shown, rows, evidence),
            "attested": asdict(attestation),
            "submitted_by": actor.user_id,
            "submitted_at": clock.now().isoformat(timespec="seconds"),
            "scorecard_sha256": scorecard.sha256,
        }
    )
    submission = Submission(
        assessment_id=assessment.id,
        round=number,
        content=content,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        scorecard=scorecard.canonical_json().decode(),
        scorecard_sha256=scorecard.sha256,
        submitted_by=actor.user_id or 0,
        submitted_at=clock.now(),
    )
    session.add(submission)
    assessment.claimed = claimed_of(session, assessment, facts, scorecard, edition, replies_from(edition, rows))
    session.flush()
    return submission


def given(
    shown: Sequence[str], rows: Mapping[str, AnswerRow], evidence: Mapping[str, Sequence[EvidenceFile]]
) -> dict[str, Any]:
    """What the company gave to the questions it is asked."""
    return {
        "answers": {question: rows[question].content() for question in shown if question in rows},
        "evidence": {
            question: [frozen_piece(file) for file in evidence[question]] for question in shown if question in evidence
        },
    }


def frozen_piece(piece: EvidenceFile) -> dict[str, Any]:
    """What a snapshot says of a piece; what it has not is left out."""
    told = {"id": piece.id, "name": piece.name, "sha256": piece.sha256, "size": piece.size, "type": piece.media_type}
    days = {"seen_on": piece.seen_on, "dated": piece.dated, "valid_until": piece.valid_until}
    more = {"address": piece.address, "received_sha256": piece.received_sha256}
    return told | {name: day.isoformat() for name, day in days.items() if day} | {k: v for k, v in more.items() if v}
