"""Deadlines and reminder days that the Ministry changed within an edition's bounds; every change is kept."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, Json, UtcDateTime


class DeadlineChange(Base):
    """The numbers of one edition from `set_at` on, by their place in its lifecycle ("grace.days")."""

    __tablename__ = "deadline_changes"
    __table_args__ = (sa.UniqueConstraint("edition", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column()
    numbers: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    set_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


def deadline_changes(session: Session, edition: str) -> list[DeadlineChange]:
    """The newest first."""
    query = sa.select(DeadlineChange).where(DeadlineChange.edition == edition)
    return list(session.scalars(query.order_by(DeadlineChange.version.desc())))
