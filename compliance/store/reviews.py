"""The ministry's reading: declarations, rulings, clarifications, recommendations, decisions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.lifecycle import State
from compliance.store.assessments import Assessment
from compliance.store.base import Base, Json, UtcDateTime, words

_STANDS = sa.text("withdrawn_at IS NULL")


class Verdict(StrEnum):
    """A reviewer's reasoned word on one finding."""

    CONFIRM = "confirm"
    ADJUST = "adjust"
    NOT_SUPPORTED = "not_supported"


class Deciding(StrEnum):
    """The approver's acts."""

    APPROVE = "approve"
    REFUSE = "refuse"
    RETURN = "return"


class Declaration(Base):
    """A person of the ministry says whether they have a tie to the company, before anything else."""

    __tablename__ = "declarations"
    __table_args__ = (sa.UniqueConstraint("assessment_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    has_tie: Mapped[bool] = mapped_column()
    tie: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Judged(Base):
    """The columns of one verdict on one answer, whichever side of a review gives it.

    Of an essential point that is left to discretion: `essential` is pass or fail, `factors` are those of the edition
    that were found, `excuse` the reason.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    question: Mapped[str] = mapped_column(String(60))
    verdict: Mapped[Verdict] = mapped_column(words(Verdict))
    adjusted: Mapped[Any] = mapped_column(Json, nullable=True)
    evidence_accepted: Mapped[bool | None] = mapped_column()
    na_accepted: Mapped[bool | None] = mapped_column()
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    essential: Mapped[str] = mapped_column(String(10), default="", server_default="")
    factors: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    excuse: Mapped[str] = mapped_column(Text, default="", server_default="")
    ruled_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    ruled_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Ruling(Judged):
    """One verdict; a new verdict withdraws the old row, so the history stays."""

    __tablename__ = "rulings"
    __table_args__ = (
        sa.Index(
            "uq_rulings_standing",
            "assessment_id",
            "question",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )


class Clarification(Base):
    """A question back to the company that reopens the named answers until it replies, or until it lapses.

    `draft` is the reply as it is being written; `reply` is what a signatory attested. After `due_on` it is late, after
    `lapses_on` the review goes on with the answers as they were.
    """

    __tablename__ = "clarifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    round: Mapped[int] = mapped_column()
    questions: Mapped[dict[str, str]] = mapped_column(Json)
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date] = mapped_column()
    lapses_on: Mapped[date] = mapped_column()
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    draft: Mapped[str] = mapped_column(Text, default="")
    draft_version: Mapped[int] = mapped_column(default=0)
    drafted_by: Mapped[int | None] = mapped_column()
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Recommendation(Base):
    """What the reviewer proposes: the verified scorecard, frozen, and the words for the certificate."""

    __tablename__ = "recommendations"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    level: Mapped[str | None] = mapped_column(String(40))
    scorecard: Mapped[str] = mapped_column(Text)
    scorecard_sha256: Mapped[str] = mapped_column(String(64))
    scope_km: Mapped[str] = mapped_column(Text, default="")
    scope_en: Mapped[str] = mapped_column(Text, default="")
    not_covered_km: Mapped[str] = mapped_column(Text, default="", server_default="")
    not_covered_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    brands: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    note: Mapped[str] = mapped_column(Text, default="")
    recommended_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recommended_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Decision(Base):
    """The approver's act. The database itself refuses an approver who is also the recommending reviewer."""

    __tablename__ = "decisions"
    __table_args__ = (sa.CheckConstraint("decided_by <> recommended_by", name="four_eyes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendations.id"))
    act: Mapped[Deciding] = mapped_column(words(Deciding))
    reason: Mapped[str] = mapped_column(Text, default="")
    recommended_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


def declaration_of(session: Session, assessment_id: int, person_id: int) -> Declaration | None:
    """What this person declared for this assessment."""
    return session.scalar(
        sa.select(Declaration).where(Declaration.assessment_id == assessment_id, Declaration.person_id == person_id)
    )


def standing_rulings(session: Session, assessment_id: int) -> dict[str, Ruling]:
    """The rulings in force, by question."""
    query = sa.select(Ruling).where(Ruling.assessment_id == assessment_id, Ruling.withdrawn_at.is_(None))
    return {ruling.question: ruling for ruling in session.scalars(query.order_by(Ruling.question))}


def has_ruled(session: Session, assessment_id: int, person_id: int) -> bool:
    """Whether this person ever ruled here, also in rulings since withdrawn."""
    query = sa.select(Ruling.id).where(Ruling.assessment_id == assessment_id, Ruling.ruled_by == person_id)
    return session.scalar(query.limit(1)) is not None


_WAITING = sa.select(Clarification).where(Clarification.replied_at.is_(None), Clarification.lapsed_at.is_(None))


def clarifications(session: Session, assessment_id: int) -> list[Clarification]:
    """All rounds, oldest first."""
    query = sa.select(Clarification).where(Clarification.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(Clarification.round)))


def open_clarification(session: Session, assessment_id: int) -> Clarification | None:
    """The round still waiting for the company's reply."""
    return session.scalar(_WAITING.where(Clarification.assessment_id == assessment_id))


def open_clarifications(session: Session) -> dict[int, Clarification]:
    """Every round that waits for a company, by assessment."""
    waiting = _WAITING.join(Assessment, Assessment.id == Clarification.assessment_id)
    found = session.scalars(waiting.where(Assessment.state == State.CLARIFYING).order_by(Clarification.id))
    return {one.assessment_id: one for one in found}


def standing_recommendation(session: Session, assessment_id: int) -> Recommendation | None:
    """The recommendation waiting for (or behind) a decision."""
    query = sa.select(Recommendation).where(
        Recommendation.assessment_id == assessment_id, Recommendation.withdrawn_at.is_(None)
    )
    return session.scalar(query)


def decisions(session: Session, assessment_id: int) -> list[Decision]:
    """Every decision on an assessment, oldest first."""
    query = sa.select(Decision).where(Decision.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(Decision.id)))


def queue(session: Session, *states: State) -> list[Assessment]:
    """Assessments in the given states, the earliest due first."""
    query = sa.select(Assessment).where(Assessment.state.in_(states))
    return list(session.scalars(query.order_by(Assessment.review_due_on, Assessment.submitted_at, Assessment.id)))
