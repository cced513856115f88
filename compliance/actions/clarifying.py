"""The reply to a clarification: drafted by an editor; without one the review goes on with the answers as they were."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import advance, locked
from compliance.actions.submitting import given
from compliance.domain.errors import InvalidError, StaleError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, MAY_SIGN, SYSTEM, Actor
from compliance.store.answers import AnswerRow, answer_rows, put
from compliance.store.assessments import How, Submission, latest_submission, revisions
from compliance.store.evidence_files import EvidenceLink, evidence_for, links_to
from compliance.store.reviews import Clarification, open_clarification

LONGEST_REPLY = 4_000


def draft(session: Session, actor: Actor, assessment_id: int, text: str, seen_draft: int) -> Clarification:
    """Keeps what is written so far; nobody at the ministry sees it.

    Raises StaleError when a colleague saved another text since `seen_draft`.
    """
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT | MAY_SIGN)
    asked = open_clarification(session, assessment.id)
    if assessment.state is not State.CLARIFYING or asked is None:
        raise WrongStateError("draft", assessment.state)
    if len(text) > LONGEST_REPLY:
        raise InvalidError("reply", "Use at most %(length)s characters.", length=LONGEST_REPLY)
    if text == asked.draft:
        return asked
    if seen_draft != asked.draft_version:
        raise StaleError
    asked.draft, asked.drafted_by, asked.draft_version = text, actor.user_id, asked.draft_version + 1
    session.flush()
    return asked


def changed(session: Session, asked: Clarification) -> frozenset[str]:
    """The questioned answers that differ, themselves or in their evidence, from what was signed before."""
    attested = latest_submission(session, asked.assessment_id)
    if attested is None:
        return frozenset()
    frozen, names = json.loads(attested.content), list(asked.questions)
    now = given(names, answer_rows(session, asked.assessment_id), evidence_for(session, asked.assessment_id))
    parts = ("answers", "evidence")
    return frozenset(name for name in names if any(now[part].get(name) != frozen[part].get(name) for part in parts))


def lapse(session: Session, assessment_id: int) -> bool:
    """After the last day of its grace a clarification is over; False when it is not, or when somebody was quicker.

    What was changed meanwhile stays in the history; the answers and their files are again those that were attested.
    """
    assessment = locked(session, assessment_id)
    asked, attested = open_clarification(session, assessment.id), latest_submission(session, assessment.id)
    over = asked is not None and clock.today() > asked.lapses_on
    if assessment.state is not State.CLARIFYING or asked is None or attested is None or not over:
        return False
    asked.lapsed_at = clock.now()
    frozen = json.loads(attested.content)
    restored = [question for question in sorted(asked.questions) if _restore(session, attested, frozen, question)]
    due = asked.due_on.isoformat()
    advance(session, SYSTEM, assessment, "lapse", clarification=asked.id, due_on=due, restored=restored)
    return True


def _restore(session: Session, attested: Submission, frozen: Mapping[str, Any], question: str) -> bool:
    """Whether the answer or its files had been changed, and are now as they were."""
    answer = _restore_answer(session, attested, frozen["answers"].get(question), question)
    files = {file["id"] for file in frozen["evidence"].get(question, ())}
    return _restore_files(session, attested, files, question) or answer


def _restore_answer(session: Session, attested: Submission, content: Mapping[str, Any] | None, question: str) -> bool:
    row = answer_rows(session, attested.assessment_id).get(question, AnswerRow(question))
    wanted = dict(content or AnswerRow(question).content())
    if row.content() == wanted:
        return False
    earlier = revisions(session, attested.assessment_id, question)
    said = next((one for one in earlier if one.content == wanted), None)
    by, at = (said.saved_by, said.saved_at) if said else (attested.submitted_by, attested.submitted_at)
    back = row._replace(**wanted, saved_by=by, saved_at=at)
    put(session, attested.assessment_id, back, row.version, how=How.RESTORED)
    return True


def _restore_files(session: Session, attested: Submission, files: set[int], question: str) -> bool:
    now = {file.id for file in evidence_for(session, attested.assessment_id).get(question, ())}
    for file_id in now - files:
        for link in links_to(session, attested.assessment_id, question, file_id):
            link.removed_at = clock.now()
    for file_id in files - now:
        session.add(
            EvidenceLink(
                assessment_id=attested.assessment_id,
                question=question,
                file_id=file_id,
                linked_by=attested.submitted_by,
                linked_at=clock.now(),
            )
        )
    session.flush()
    return now != files
