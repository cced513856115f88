"""Dossiers that the ministry opens to an observer: one company, for a reason, until a day."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.store.base import Base, UtcDateTime
from compliance.store.companies import Company


class DossierFlag(Base):
    """One company's dossier, open to one observer up to and with `ends_on` unless it was ended before."""

    __tablename__ = "dossier_flags"
    __table_args__ = (sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    observer_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    flagged_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    flagged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_on: Mapped[date] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    company: Mapped[Company] = relationship(lazy="joined")

    def open_on(self, day: date) -> bool:
        """Whether the observer may read it on this day."""
        return self.ended_at is None and day <= self.ends_on


def flags_of(session: Session, observer_id: int, day: date) -> Sequence[DossierFlag]:
    """What an observer may read on a day, the newest first."""
    query = sa.select(DossierFlag).where(
        DossierFlag.observer_id == observer_id, DossierFlag.ended_at.is_(None), DossierFlag.ends_on >= day
    )
    return session.scalars(query.order_by(DossierFlag.id.desc())).all()


def all_flags(session: Session) -> Sequence[DossierFlag]:
    """Every flag, the newest first."""
    return session.scalars(sa.select(DossierFlag).order_by(DossierFlag.id.desc())).all()
