"""Change declarations: what an awarded company tells the ministry between two assessments, and who has seen it."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.store.awards import Award
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company


class ChangeKind(StrEnum):
    """What is declared. A new name or brand is a change request instead."""

    INCIDENT = "incident"
    OWNERSHIP = "ownership"
    NEW_SERVICE = "new_service"


class ReportedTo(StrEnum):
    """Whom a company told of an incident."""

    POLICE = "police"
    HELPLINE = "helpline"
    HOTLINE = "hotline"
    AUTHORITY = "authority"
    NOBODY = "nobody"


class ChangeDeclaration(Base):
    """One declaration: words in general, never of a case. What was said never changes (a trigger refuses it).

    `award_id` is the award that the company held; `key` is made of the form and the words in it: the same words sent
    twice are one declaration.
    """

    __tablename__ = "change_declarations"
    __table_args__ = (
        sa.UniqueConstraint("company_id", "key"),
        sa.CheckConstraint("(seen_at IS NULL) = (seen_by IS NULL)", name="seen"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[ChangeKind] = mapped_column(words(ChangeKind))
    since: Mapped[date] = mapped_column()
    what: Mapped[str] = mapped_column(Text)
    done: Mapped[str] = mapped_column(Text)
    reported_to: Mapped[list[str]] = mapped_column(Json)
    declared_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    digest: Mapped[str] = mapped_column(String(64))
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    company: Mapped[Company] = relationship(lazy="joined")
    award: Mapped[Award] = relationship(lazy="joined")

    def days_after(self) -> int:
        """Days from what happened to the declaration, by the calendar of Phnom Penh."""
        return (clock.day_of(self.declared_at) - self.since).days


def declarations_of(session: Session, company_id: int) -> list[ChangeDeclaration]:
    """A company's declarations, the newest first."""
    query = sa.select(ChangeDeclaration).where(ChangeDeclaration.company_id == company_id)
    return list(session.scalars(query.order_by(ChangeDeclaration.id.desc())))


def declaration_with(session: Session, company_id: int, key: str) -> ChangeDeclaration | None:
    """The one that a form has made already with the same words."""
    query = sa.select(ChangeDeclaration).where(ChangeDeclaration.company_id == company_id)
    return session.scalar(query.where(ChangeDeclaration.key == key))


def unseen_declarations(session: Session) -> list[ChangeDeclaration]:
    """What no reviewer has seen yet: incidents in front of all else, each the oldest first."""
    query = sa.select(ChangeDeclaration).where(ChangeDeclaration.seen_at.is_(None))
    rank = sa.case((ChangeDeclaration.kind == ChangeKind.INCIDENT, 0), else_=1)
    return list(session.scalars(query.order_by(rank, ChangeDeclaration.id)))


def seen_declarations(session: Session, days: int, most: int = 200) -> list[ChangeDeclaration]:
    """What was seen in the last `days`, the newest first."""
    since = clock.now() - timedelta(days=days)
    query = sa.select(ChangeDeclaration).where(ChangeDeclaration.seen_at > since)
    return list(session.scalars(query.order_by(ChangeDeclaration.seen_at.desc(), ChangeDeclaration.id).limit(most)))


def unseen_count(session: Session) -> int:
    """How many no reviewer has seen yet."""
    query = sa.select(sa.func.count()).select_from(ChangeDeclaration).where(ChangeDeclaration.seen_at.is_(None))
    return session.scalar(query) or 0
