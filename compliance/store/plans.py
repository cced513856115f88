"""The improvement plan: what a company will do, who and by when; each step for one criterion, or one of its own."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.audit import AuditEntry
from compliance.store.base import Base, Json, UtcDateTime

ACTS = "officer:assessment:plan"
"""The tags under which the audit trail tells what is done to a plan begin so."""


class PlanStep(Base):
    """One step of an assessment's plan. `question` is empty for a step of the company's own.

    `aim` is what the answer has to become, as `actions.aims` writes it; None where a person wrote the step alone.
    `done_on` is set by hand: whether the answer reaches the aim is worked out when it is looked at.
    """

    __tablename__ = "plan_steps"
    __table_args__ = (
        sa.Index(
            "uq_plan_steps_question",
            "assessment_id",
            "question",
            unique=True,
            sqlite_where=sa.text("question <> ''"),
            postgresql_where=sa.text("question <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    question: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date] = mapped_column()
    aim: Mapped[dict[str, Any] | None] = mapped_column(Json)
    done_on: Mapped[date | None] = mapped_column()
    done_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    saved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


def plan_of(session: Session, assessment_id: int) -> list[PlanStep]:
    """The plan's steps by the day they are due."""
    query = sa.select(PlanStep).where(PlanStep.assessment_id == assessment_id)
    return list(session.scalars(query.order_by(PlanStep.due_on, PlanStep.id)))


def has_plan(session: Session, assessment_id: int) -> bool:
    """Whether something is planned about a criterion; steps of the company's own alone are no plan."""
    query = sa.select(PlanStep.id).where(PlanStep.assessment_id == assessment_id, PlanStep.question != "")
    return session.scalar(query.limit(1)) is not None


def step_for(session: Session, assessment_id: int, question: str) -> PlanStep | None:
    """The step for a question; there is never a second one."""
    query = sa.select(PlanStep).where(PlanStep.assessment_id == assessment_id, PlanStep.question == question)
    return session.scalar(query) if question else None


def plan_history(session: Session, assessment_id: int) -> list[AuditEntry]:
    """What was done to the plan, the newest first."""
    query = sa.select(AuditEntry).where(
        AuditEntry.subject == "assessment", AuditEntry.subject_id == assessment_id, AuditEntry.tag.startswith(ACTS)
    )
    return list(session.scalars(query.order_by(AuditEntry.seq.desc())))
