"""One answer of the cycle before: what was said and ruled, which files it had, and what is different now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.scorecards import Snapshot, snapshot_from
from compliance.store.assessments import Assessment, Submission, latest_submission
from compliance.store.evidence_files import EvidenceFile
from compliance.store.reviews import Ruling, standing_rulings
from questionnaires import Question, Reply, catalogue
from questionnaires.compare import compare


@dataclass(frozen=True)
class EarlierAnswer:
    """`question` is None where the cycle before did not ask it; `reworded` names what of the question differs."""

    assessment: Assessment
    submission: Submission
    question: Question | None = None
    reply: Reply | None = None
    ruling: Ruling | None = None
    files: tuple[EvidenceFile, ...] = ()
    reworded: tuple[str, ...] = ()
    answer_changed: bool = False
    files_changed: bool = False

    @property
    def year(self) -> int:
        """In which it was submitted, in Phnom Penh."""
        return clock.day_of(self.submission.submitted_at).year


def earlier_answer(session: Session, assessment: Assessment, now: Snapshot, question: Question) -> EarlierAnswer | None:
    """None in a first cycle. What was never submitted is no cycle: the one before it counts."""
    earlier, submission = submitted_before(session, assessment)
    if earlier is None or submission is None:
        return None
    then = snapshot_from(submission)
    if question.id not in then.asked:
        return EarlierAnswer(earlier, submission)
    return EarlierAnswer(
        earlier,
        submission,
        catalogue.edition(earlier.edition).question(question.id),
        then.replies.get(question.id),
        standing_rulings(session, earlier.id).get(question.id),
        tuple(session.get_one(EvidenceFile, file["id"]) for file in _files(then.content, question.id)),
        _reworded(earlier.edition, assessment.edition, question.id),
        _said(then.content, question.id) != _said(now.content, question.id),
        _digests(then.content, question.id) != _digests(now.content, question.id),
    )


def submitted_before(session: Session, assessment: Assessment) -> tuple[Assessment | None, Submission | None]:
    """The assessment of the cycle before, with what it submitted last."""
    while assessment.earlier_id is not None:
        found = session.get(Assessment, assessment.earlier_id)
        if found is None:
            break
        submission = latest_submission(session, found.id)
        if submission is not None:
            return found, submission
        assessment = found
    return None, None


def _files(content: Mapping[str, Any], question: str) -> list[dict[str, Any]]:
    return list(content["evidence"].get(question, ()))


def _digests(content: Mapping[str, Any], question: str) -> set[str]:
    return {file["sha256"] for file in _files(content, question)}


def _said(content: Mapping[str, Any], question: str) -> str:
    """The answer with its reason and comment, as frozen."""
    return json.dumps(content["answers"].get(question), sort_keys=True)


def _reworded(old: str, new: str, question: str) -> tuple[str, ...]:
    if old == new:
        return ()
    found = compare(catalogue.edition(old), catalogue.edition(new))
    return next(one.what for one in found if one.question == question)
