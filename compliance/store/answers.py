"""Answers as plain rows: read without objects, written in one statement that refuses to overwrite a newer version."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from compliance.domain.lifecycle import State
from compliance.store.assessments import Answer, AnswerRevision, Assessment, How, RejectedAnswer

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
    carried_from: str | None = None
    """The edition in which somebody last said so; None when it was said in this assessment."""

    def content(self) -> dict[str, Any]:
        """What the company said, as it is frozen and kept in the history."""
        return {name: getattr(self, name) for name in CONTENT}


class Held(NamedTuple):
    """An assessment and one of its answers, held against a change of state until the transaction ends."""

    company_id: int
    edition: str
    state: State
    answer: AnswerRow


# Statements of a save are built once: an autosave spends more on building them than on running them.
_ANSWERS, _ASSESSMENTS = cast("sa.Table", Answer.__table__), cast("sa.Table", Assessment.__table__)
_ROW = [_ANSWERS.c[name] for name in AnswerRow._fields]
_HOLD = (
    sa.select(_ASSESSMENTS.c.company_id, _ASSESSMENTS.c.edition, _ASSESSMENTS.c.state, *_ROW)
    .outerjoin_from(
        _ASSESSMENTS,
        _ANSWERS,
        sa.and_(_ANSWERS.c.assessment_id == _ASSESSMENTS.c.id, _ANSWERS.c.question == sa.bindparam("question")),
    )
    .where(_ASSESSMENTS.c.id == sa.bindparam("assessment_id"))
    .with_for_update(read=True, of=_ASSESSMENTS)
)
_REVISE = sa.insert(cast("sa.Table", AnswerRevision.__table__))


@cache
def _put(dialect: str) -> ReturningInsert[Any]:
    """Inserts, or replaces the version seen; gives nothing back when a newer one is stored."""
    fresh = sqlite.insert(_ANSWERS) if dialect == "sqlite" else postgresql.insert(_ANSWERS)
    replaced = {
        name: fresh.excluded[name] for name in (*CONTENT, "carried_over", "carried_from", "saved_by", "saved_at")
    }
    return fresh.on_conflict_do_update(
        index_elements=["assessment_id", "question"],
        set_={**replaced, "version": _ANSWERS.c.version + 1},
        where=_ANSWERS.c.version == sa.bindparam("seen_version"),
    ).returning(_ANSWERS.c.version)


def answer_rows(session: Session, assessment_id: int) -> dict[str, AnswerRow]:
    """All answers of an assessment, by question."""
    query = sa.select(*_ROW).where(_ANSWERS.c.assessment_id == assessment_id).order_by(_ANSWERS.c.question)
    return {row.question: AnswerRow(*row) for row in session.execute(query)}


def hold(session: Session, assessment_id: int, question: str) -> Held | None:
    """One statement for all that a save looks at; colleagues may go on saving other answers beside it."""
    row = session.execute(_HOLD, {"assessment_id": assessment_id, "question": question}).first()
    if row is None:
        return None
    answer = AnswerRow(question) if row.question is None else AnswerRow(*row[3:])
    return Held(row.company_id, row.edition, row.state, answer)


def put(
    session: Session,
    assessment_id: int,
    answer: AnswerRow,
    seen_version: int,
    *,
    how: How,
    carried_from: str | None = None,
) -> int | None:
    """Writes the answer and its history entry; the new version, or None when a newer one than seen is stored.

    `carried_from`: the edition in which an answer was given that waits to be confirmed here.
    """
    content = answer.content()
    written = {
        "assessment_id": assessment_id,
        "question": answer.question,
        "saved_by": answer.saved_by,
        "saved_at": answer.saved_at,
    }
    carried = {"carried_over": carried_from is not None, "carried_from": carried_from}
    values = {**written, **content, **carried, "version": 1, "seen_version": seen_version}
    version: int | None = session.execute(_put(session.get_bind().dialect.name), values).scalar()
    if version is not None:
        session.execute(_REVISE, {**written, "version": version, "content": content, "how": how.value})
    return version


def every_revision(session: Session, assessment_id: int) -> Iterator[AnswerRevision]:
    """The whole history of an assessment's answers, in the order it happened; a few at a time are held in memory."""
    query = sa.select(AnswerRevision).where(AnswerRevision.assessment_id == assessment_id)
    yield from session.scalars(query.order_by(AnswerRevision.id).execution_options(yield_per=200))


def rejected(session: Session, assessment_id: int, question: str) -> list[RejectedAnswer]:
    """What met a newer answer of a colleague's and was not stored then, newest first."""
    query = sa.select(RejectedAnswer).where(
        RejectedAnswer.assessment_id == assessment_id, RejectedAnswer.question == question
    )
    return list(session.scalars(query.order_by(RejectedAnswer.id.desc())))


def writers(session: Session, assessment_id: int) -> set[int]:
    """Who ever saved an answer of the assessment."""
    query = sa.select(AnswerRevision.saved_by).where(AnswerRevision.assessment_id == assessment_id)
    return set(session.scalars(query.distinct()))


def contents_at(session: Session, assessment_id: int, versions: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What answers said in the versions named, by question; versions that never were are left out."""
    wanted = [
        sa.and_(AnswerRevision.question == question, AnswerRevision.version == version)
        for question, version in versions.items()
    ]
    query = sa.select(AnswerRevision.question, AnswerRevision.content).where(
        AnswerRevision.assessment_id == assessment_id, sa.or_(sa.false(), *wanted)
    )
    return {row.question: row.content for row in session.execute(query)}
