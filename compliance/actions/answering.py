"""An officer answers: every save is one small transaction, nothing is lost, nobody overwrites anybody in silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.domain.errors import DomainError, ForbiddenError, NotFoundError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.answers import AnswerRow, Held, hold, put, rejected
from compliance.store.assessments import Assessment, How, RejectedAnswer
from compliance.store.people import require_colleague_now
from compliance.store.reviews import open_clarification
from questionnaires import Question, edition
from questionnaires.answers import Reply, check_reply, dump


@dataclass(frozen=True)
class Saved:
    """What a save left behind. `version` is sent with the next save of the same answer.

    `saved_at` is when the answer that is stored now was stored; None when there is none.
    """

    version: int
    changed: bool
    saved_at: datetime | None


@dataclass(frozen=True)
class Sent:
    """The answer to one question as a page of several sends it, over the version that was seen."""

    question: str
    reply: Reply
    seen_version: int
    how: How = How.TYPED


class EditConflictError(DomainError):
    """A colleague saved another answer since this page was opened; both are kept for the person to choose."""

    def __init__(self, theirs: AnswerRow, mine: Reply) -> None:
        super().__init__(theirs.question)
        self.theirs = theirs
        self.mine = mine


def content_of(reply: Reply) -> dict[str, Any]:
    """An answer as it is stored and shown in its history."""
    return {
        "value": None if reply.value is None else dump(reply.value),
        "not_applicable": reply.not_applicable,
        "na_reason": reply.justification,
        "comment": reply.comment,
    }


def may_answer(session: Session, assessment: Assessment, question: str) -> bool:
    """A draft is open as a whole; in a clarification only the questioned answers are."""
    return _is_open(session, assessment.id, assessment.state, question)


def _is_open(session: Session, assessment_id: int, state: State, question: str) -> bool:
    if state is State.DRAFT:
        return True
    if state is not State.CLARIFYING:
        return False
    asked = open_clarification(session, assessment_id)
    return asked is not None and question in asked.questions


def asked_question(assessment: Assessment, question_id: str) -> Question:
    """The question in the assessment's own edition. Raises NotFoundError."""
    return question_of(assessment.edition, question_id)


def question_of(edition_id: str, question_id: str) -> Question:
    """Raises NotFoundError."""
    try:
        return edition(edition_id).question(question_id)
    except KeyError as error:
        raise NotFoundError from error


def save(
    session: Session,
    actor: Actor,
    assessment_id: int,
    question_id: str,
    reply: Reply,
    seen_version: int,
    how: How = How.TYPED,
) -> Saved:
    """Stores one answer. `seen_version` is the answer's version on the officer's page, 0 when there was none.

    Saving an answer that was carried over, unchanged, confirms it. Raises EditConflictError when a colleague's
    different answer was saved meanwhile, WrongStateError when the assessment is no longer open, AnswerError when the
    reply breaks the question's rules.
    """
    held = hold(session, assessment_id, question_id)
    if held is None:
        raise NotFoundError
    require_colleague_now(session, actor, held.company_id, MAY_EDIT)
    question = question_of(held.edition, question_id)
    if not _is_open(session, assessment_id, held.state, question_id):
        raise _closed(held.state)
    check_reply(question, reply, least=edition(held.edition).rules.not_applicable.justification_min_length)
    content = content_of(reply)
    if content == held.answer.content() and not held.answer.carried_over:
        return Saved(held.answer.version, changed=False, saved_at=held.answer.saved_at)
    if held.answer.version != seen_version:
        raise EditConflictError(held.answer, reply)
    moment = clock.now()
    written = AnswerRow(question_id, **content, saved_by=actor.user_id or 0, saved_at=moment)
    version = put(session, assessment_id, written, seen_version, how=_how(held, content, how))
    if version is None:
        raise EditConflictError(_again(session, assessment_id, question_id), reply)
    return Saved(version, changed=True, saved_at=moment)


def save_each(
    session: Session, actor: Actor, assessment_id: int, sent: Iterable[Sent]
) -> dict[str, Saved | EditConflictError]:
    """Stores the answers of several questions, by question; one that meets a colleague's leaves the others alone.

    What met one is kept in the history. Raises what `save` raises for all else, and nothing is stored then.
    """
    results: dict[str, Saved | EditConflictError] = {}
    for one in sorted(sent, key=lambda each: each.question):  # one order for all: two people never wait for each other
        try:
            saved = save(session, actor, assessment_id, one.question, one.reply, one.seen_version, one.how)
            results[one.question] = saved
        except EditConflictError as conflict:
            keep_rejected(session, actor, assessment_id, one.question, one.reply, conflict.theirs.version)
            results[one.question] = conflict
    return results


def keep_rejected(
    session: Session, actor: Actor, assessment_id: int, question_id: str, reply: Reply, met_version: int
) -> None:
    """Keeps what met a colleague's newer answer, once, so that it is not lost when that one stays."""
    held = hold(session, assessment_id, question_id)
    if held is None:
        raise NotFoundError
    require_colleague_now(session, actor, held.company_id, MAY_EDIT)
    content, author = content_of(reply), actor.user_id or 0
    kept = rejected(session, assessment_id, question_id)
    if any((one.content, one.written_by) == (content, author) for one in kept):
        return
    session.add(
        RejectedAnswer(
            assessment_id=assessment_id,
            question=question_id,
            content=content,
            met_version=met_version,
            written_by=author,
            met_at=clock.now(),
        )
    )


def _how(held: Held, content: dict[str, Any], how: How) -> How:
    """What is saved as it was carried over is confirmed; what is typed in a clarification is a reply."""
    if held.answer.carried_over and content == held.answer.content():
        return How.CONFIRMED
    return How.REPLY if how is How.TYPED and held.state is State.CLARIFYING else how


def _closed(state: State) -> DomainError:
    return ForbiddenError("not_reopened") if state is State.CLARIFYING else WrongStateError("answer", state)


def _again(session: Session, assessment_id: int, question_id: str) -> AnswerRow:
    held = hold(session, assessment_id, question_id)
    return held.answer if held else AnswerRow(question_id)
