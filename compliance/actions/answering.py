"""An officer answers: every save is one small transaction, nothing is lost, nobody overwrites anybody in silence."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from compliance import clock
from compliance.actions.advance import locked
from compliance.domain.errors import DomainError, ForbiddenError, NotFoundError, WrongStateError
from compliance.domain.lifecycle import State
from compliance.domain.roles import MAY_EDIT, Actor
from compliance.store.assessments import Answer, AnswerRevision, Assessment, open_assessment
from compliance.store.audit import record
from compliance.store.companies import company_of
from compliance.store.reviews import open_clarification
from questionnaires import Question, current, edition
from questionnaires.answers import Reply, check_reply, dump


@dataclass(frozen=True)
class Saved:
    """What a save left behind. `version` is sent with the next save of the same answer."""

    version: int
    changed: bool


class EditConflictError(DomainError):
    """A colleague saved another answer since this page was opened; both are kept for the person to choose."""

    def __init__(self, theirs: Answer, mine: Reply) -> None:
        super().__init__(theirs.question)
        self.theirs = theirs
        self.mine = mine


def start(session: Session, actor: Actor, company_id: int) -> Assessment:
    """The company's open assessment, begun now with the edition in force when there is none."""
    company = company_of(session, actor, company_id, MAY_EDIT)
    found = open_assessment(session, company.id)
    if found is not None:
        return found
    assessment = Assessment(company_id=company.id, edition=current().id, opened_at=clock.now(), review_facts={})
    session.add(assessment)
    session.flush()
    record(
        session,
        clock.now(),
        actor,
        "officer:assessment:opened",
        "assessment",
        assessment.id,
        edition=assessment.edition,
    )
    return assessment


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
    if assessment.state is State.DRAFT:
        return True
    if assessment.state is not State.CLARIFYING:
        return False
    asked = open_clarification(session, assessment.id)
    return asked is not None and question in asked.questions


def save(
    session: Session, actor: Actor, assessment_id: int, question_id: str, reply: Reply, seen_version: int
) -> Saved:
    """Stores one answer. `seen_version` is the answer's version on the officer's page, 0 when there was none.

    Raises EditConflictError when a colleague's different answer was saved meanwhile, WrongStateError when the
    assessment is no longer open, AnswerError when the reply breaks the question's rules.
    """
    assessment = locked(session, assessment_id)
    actor.require_company(assessment.company_id, MAY_EDIT)
    if not may_answer(session, assessment, question_id):
        if assessment.state is State.CLARIFYING:
            raise ForbiddenError("not_reopened")
        raise WrongStateError("answer", assessment.state)
    question = asked_question(assessment, question_id)
    check_reply(question, reply, least=edition(assessment.edition).rules.not_applicable.justification_min_length)
    content = content_of(reply)
    answer = session.get(Answer, (assessment_id, question_id), with_for_update=True, populate_existing=True)
    if answer is not None and content == stored(answer):
        if answer.carried_over:
            answer.carried_over = False
        return Saved(answer.version, changed=False)
    if answer is not None and answer.version != seen_version:
        raise EditConflictError(answer, reply)
    if answer is None:
        answer = Answer(assessment_id=assessment_id, question=question_id, version=0)
        session.add(answer)
    write(session, actor, answer, content)
    return Saved(answer.version, changed=True)


def asked_question(assessment: Assessment, question_id: str) -> Question:
    """The question in the assessment's own edition. Raises NotFoundError."""
    try:
        return edition(assessment.edition).question(question_id)
    except KeyError as error:
        raise NotFoundError from error


def stored(answer: Answer) -> dict[str, Any]:
    """The stored answer in the form `content_of` gives."""
    return {
        "value": answer.value,
        "not_applicable": answer.not_applicable,
        "na_reason": answer.na_reason,
        "comment": answer.comment,
    }


def write(session: Session, actor: Actor, answer: Answer, content: dict[str, Any]) -> None:
    """Puts the content into the answer and the same into its history."""
    moment = clock.now()
    answer.value = content["value"]
    answer.not_applicable = content["not_applicable"]
    answer.na_reason = content["na_reason"]
    answer.comment = content["comment"]
    answer.carried_over = False
    answer.version += 1
    answer.saved_by = actor.user_id or 0
    answer.saved_at = moment
    session.add(
        AnswerRevision(
            assessment_id=answer.assessment_id,
            question=answer.question,
            version=answer.version,
            content=content,
            saved_by=actor.user_id or 0,
            saved_at=moment,
        )
    )
    session.flush()
