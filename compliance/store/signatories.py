"""Who signs certificates: proposed by one administrator, confirmed by another; the newest confirmed one is printed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime

LONGEST = 80


class SignatoryProposal(Base):
    """A signatory and what became of the proposal: `confirmed_at` by another person, or `withdrawn_at`."""

    __tablename__ = "signatories"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="closed_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_km: Mapped[str] = mapped_column(String(LONGEST))
    office_en: Mapped[str] = mapped_column(String(LONGEST))
    name_km: Mapped[str] = mapped_column(String(LONGEST))
    name_en: Mapped[str] = mapped_column(String(LONGEST))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


_OPEN = (SignatoryProposal.confirmed_at.is_(None), SignatoryProposal.withdrawn_at.is_(None))


def open_signatory(session: Session) -> SignatoryProposal | None:
    """The one that waits for a second administrator."""
    return session.scalar(sa.select(SignatoryProposal).where(*_OPEN).order_by(SignatoryProposal.id.desc()).limit(1))


def confirmed_signatory(session: Session) -> SignatoryProposal | None:
    """The one that is printed; None while the settings say it."""
    query = sa.select(SignatoryProposal).where(SignatoryProposal.confirmed_at.is_not(None))
    newest = query.order_by(SignatoryProposal.confirmed_at.desc(), SignatoryProposal.id.desc())
    return session.scalar(newest.limit(1))


def signatories(session: Session, limit: int) -> list[SignatoryProposal]:
    """All that were proposed, the newest first."""
    return list(session.scalars(sa.select(SignatoryProposal).order_by(SignatoryProposal.id.desc()).limit(limit)))
