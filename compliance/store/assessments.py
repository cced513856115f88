"""Assessments: one company's passage through one edition, its answers and their history, its frozen submissions."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.domain.errors import NotFoundError
from compliance.domain.lifecycle import FINAL, State
from compliance.domain.roles import MAY_SEE, Actor, CompanyRole
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company

_OPEN = sa.text("state NOT IN ('approved', 'refused', 'withdrawn')")


class Assessment(Base):
    """`state` is written by actions.advance alone. `version` turns two clicks at once into one step and one 409.

    `earlier_id` is the assessment whose answers were carried over into this one. `claimed` is what the queue shows of
    the newest submission, so that it scores nothing: level, points, how many answers to rule on, signs of risk.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        sa.Index("uq_assessments_one_open", "company_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_assessments_queue", "state", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    edition: Mapped[str] = mapped_column(String(40))
    state: Mapped[State] = mapped_column(words(State), default=State.DRAFT)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_due_on: Mapped[date | None] = mapped_column()
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    review_facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    earlier_id: Mapped[int | None] = mapped_column()
    claimed: Mapped[dict[str, Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column()
    company: Mapped[Company] = relationship(lazy="joined")
    answers: Mapped[list["Answer"]] = relationship(back_populates="assessment", lazy="select")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (read by SQLAlchemy)


class Answer(Base):
    """The value given to one question. `version` lets two colleagues never overwrite each other in silence."""

    __tablename__ = "answers"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    not_applicable: Mapped[bool] = mapped_column(default=False)
    na_reason: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(Text, default="")
    carried_over: Mapped[bool] = mapped_column(default=False)
    carried_from: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    saved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assessment: Mapped[Assessment] = relationship(back_populates="answers")


class How(StrEnum):
    """The way in which an answer came to be what it is."""

    TYPED = "typed"
    IMPORTED = "imported"
    """From a form that was filled in offline."""
    PREVIEW = "preview"
    CARRIED = "carried"
    """From an earlier assessment; it waits to be confirmed."""
    CONFIRMED = "confirmed"
    CHOSEN = "chosen"
    """Over a colleague's, after both were shown."""
    TAKEN = "taken"
    """From the history of the answer."""
    REPLY = "reply"
    RESTORED = "restored"
    """As it was attested, for a clarification lapsed."""


class AnswerRevision(Base):
    """Every value an answer ever had: who changed what, when, and how. Append-only.

    `how` is None of what was stored before the portal kept it.
    """

    __tablename__ = "answer_revisions"
    __table_args__ = (sa.Index("ix_answer_revisions_answer", "assessment_id", "question", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    question: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    how: Mapped[How | None] = mapped_column(String(20))


class RejectedAnswer(Base):
    """What somebody wrote that met a colleague's newer answer; it is stored as an answer only if it is chosen.

    `met_version` is the version it met. Append-only.
    """

    __tablename__ = "rejected_answers"
    __table_args__ = (sa.Index("ix_rejected_answers_answer", "assessment_id", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    question: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    met_version: Mapped[int] = mapped_column()
    written_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    met_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Submission(Base):
    """The frozen snapshot the ministry reads: canonical JSON text and its digest; a trigger refuses changes."""

    __tablename__ = "submissions"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    round: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    scorecard: Mapped[str] = mapped_column(Text)
    scorecard_sha256: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)


_EDITION = sa.select(Assessment.__table__.c.company_id, Assessment.__table__.c.edition).where(
    Assessment.__table__.c.id == sa.bindparam("assessment_id")
)


def assessment_of(
    session: Session, actor: Actor, assessment_id: int, allowed: frozenset[CompanyRole] = MAY_SEE
) -> Assessment:
    """An assessment of the actor's own company. Raises NotFoundError for strangers."""
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise NotFoundError
    actor.require_company(assessment.company_id, allowed)
    return assessment


def edition_of(session: Session, actor: Actor, assessment_id: int, allowed: frozenset[CompanyRole]) -> str:
    """The edition that an assessment of the actor's own company answers. Raises NotFoundError for strangers."""
    found = session.execute(_EDITION, {"assessment_id": assessment_id}).first()
    if found is None:
        raise NotFoundError
    actor.require_company(found.company_id, allowed)
    return str(found.edition)


def open_assessment(session: Session, company_id: int) -> Assessment | None:
    """The one assessment of the company that is not decided or withdrawn."""
    query = sa.select(Assessment).where(Assessment.company_id == company_id, Assessment.state.not_in(FINAL))
    return session.scalar(query)


def with_ministry(session: Session, company_id: int) -> Assessment | None:
    """The company's assessment that was submitted and is not decided on or withdrawn."""
    found = open_assessment(session, company_id)
    return None if found is None or found.state is State.DRAFT else found


def assessments_of(session: Session, company_id: int) -> list[Assessment]:
    """All of a company's assessments, newest first."""
    query = sa.select(Assessment).where(Assessment.company_id == company_id)
    return list(session.scalars(query.order_by(Assessment.opened_at.desc(), Assessment.id.desc())))


def hold_all(session: Session, assessments: Collection[int]) -> None:
    """Held against other writers until the transaction ends, always in the same order."""
    query = sa.select(Assessment.id).where(Assessment.id.in_(assessments)).order_by(Assessment.id)
    session.execute(query.with_for_update())


def latest_submission(session: Session, assessment_id: int) -> Submission | None:
    """The newest frozen snapshot."""
    query = sa.select(Submission).where(Submission.assessment_id == assessment_id)
    return session.scalar(query.order_by(Submission.round.desc()).limit(1))


def submissions(session: Session, assessment_id: int) -> list[Submission]:
    """Every frozen snapshot, oldest first."""
    query = sa.select(Submission).where(Submission.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(Submission.round)))


def revisions(session: Session, assessment_id: int, question: str) -> list[AnswerRevision]:
    """The history of one answer, newest first."""
    query = sa.select(AnswerRevision).where(
        AnswerRevision.assessment_id == assessment_id, AnswerRevision.question == question
    )
    return list(session.scalars(query.order_by(AnswerRevision.version.desc())))
