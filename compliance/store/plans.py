"""The improvement plan: what a company will do about the points it does not meet yet, who, and by when."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime


class PlanItem(Base):
    """One improvement, for one criterion of one assessment."""

    __tablename__ = "plan_items"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), primary_key=True)
    question: Mapped[str] = mapped_column(String(60), primary_key=True)
    action: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date] = mapped_column()
    saved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


def plan_of(session: Session, assessment_id: int) -> dict[str, PlanItem]:
    """The plan's items by question."""
    query = sa.select(PlanItem).where(PlanItem.assessment_id == assessment_id)
    return {item.question: item for item in session.scalars(query.order_by(PlanItem.due_on, PlanItem.question))}
