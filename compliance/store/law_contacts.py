"""Whom authorities may call at a company: kept apart and sealed, the key outside the database."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime


class LawContact(Base):
    """One company's contacts for authorities. `sealed` is opened with the portal's contact keys alone."""

    __tablename__ = "law_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saved_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


def law_contact_of(session: Session, company_id: int) -> LawContact | None:
    """None when the company gave none."""
    return session.scalar(sa.select(LawContact).where(LawContact.company_id == company_id))


def all_law_contacts(session: Session) -> list[LawContact]:
    """Every company's, for sealing them anew."""
    return list(session.scalars(sa.select(LawContact).order_by(LawContact.id)))
