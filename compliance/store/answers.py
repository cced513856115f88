"""Answers as plain rows: read without objects, written in one statement that refuses to overwrite a newer version."""

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from compliance.domain.lifecycle import State
from compliance.store.assessments import Answer, AnswerRevision, Assessment, Submission

CONTENT = ("value", "not_applicable", "na_reason", "comment")


class AnswerRow(NamedTuple):
    """One stored answer; `version` 0 stands for none yet."""

    question: str
    value: Any = None
    not_applicable: bool = False
    na_reason: str = ""
    comment: str = ""
    carried_over: bool = False
    version: int = 0
    saved_by: int = 0
    saved_at: datetime | None = None

    def content(self) -> dict[str, Any]:
        """What the company said, as it is frozen and kept in the history."""
        return {name: getattr(self, name) for name in CONTENT}


class Held(NamedTuple):
    """An assessment and one of its answers, held against a change of state until the transaction ends."""

    company_id: int
    edition: str
    state: State
    answer: AnswerRow


_ROW = [getattr(Answer, name) for name in AnswerRow._fields]


def answer_rows(session: Session, assessment_id: int) -> dict[str, AnswerRow]:
    """All answers of an assessment, by question."""
    query = sa.select(*_ROW).where(Answer.assessment_id == assessment_id).order_by(Answer.question)
    return {row.question: AnswerRow(*row) for row in session.execute(query)}


def hold(session: Session, assessment_id: int, question: str) -> Held | None:
    """One statement for all that a save looks at; colleagues may go on saving other answers beside it."""
    here = sa.and_(Answer.assessment_id == Assessment.id, Answer.question == question)
    query = (
        sa.select(Assessment.company_id, Assessment.edition, Assessment.state, *_ROW)
        .outerjoin(Answer, here)
        .where(Assessment.id == assessment_id)
        .with_for_update(read=True, of=Assessment)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    answer = AnswerRow(question) if row.question is None else AnswerRow(*row[3:])
    return Held(row.company_id, row.edition, row.state, answer)


def put(
    session: Session, assessment_id: int, answer: AnswerRow, seen_version: int, *, carried_over: bool = False
) -> int | None:
    """Writes the answer and its history entry; the new version, or None when a newer one than seen is stored."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    written = {**answer.content(), "saved_by": answer.saved_by, "saved_at": answer.saved_at}
    statement = (
        insert(Answer)
        .values(assessment_id=assessment_id, question=answer.question, version=1, carried_over=carried_over, **written)
        .on_conflict_do_update(
            index_elements=["assessment_id", "question"],
            set_={**written, "carried_over": carried_over, "version": Answer.version + 1},
            where=Answer.version == seen_version,
        )
        .returning(Answer.version)
    )
    version = session.scalar(statement)
    if version is not None:
        session.execute(
            sa.insert(AnswerRevision).values(
                assessment_id=assessment_id,
                question=answer.question,
                version=version,
                content=answer.content(),
                saved_by=answer.saved_by,
                saved_at=answer.saved_at,
            )
        )
    return version


def every_revision(session: Session, assessment_id: int) -> list[AnswerRevision]:
    """The whole history of an assessment's answers, in the order it happened."""
    query = sa.select(AnswerRevision).where(AnswerRevision.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(AnswerRevision.id)))


def submissions_of(session: Session, assessment_id: int) -> list[Submission]:
    """Every frozen snapshot, oldest first."""
    query = sa.select(Submission).where(Submission.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(Submission.round)))
