"""Calendar feeds: secret addresses under which a person's calendar reads the dates of one company."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime
from compliance.store.people import Membership, Person
from compliance.store.sessions import digest


class CalendarFeed(Base):
    """One person's feed of one company; the address holds a token of which only the digest is kept."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


def feed_of(session: Session, person_id: int, company_id: int) -> CalendarFeed | None:
    return session.get(CalendarFeed, (person_id, company_id))


def open_feed(session: Session, person_id: int, company_id: int, moment: datetime) -> str:
    """A new secret address instead of any earlier one. Returns its token, which is shown once."""
    token = secrets.token_urlsafe(32)
    session.merge(CalendarFeed(person_id=person_id, company_id=company_id, token_sha256=digest(token), made_at=moment))
    session.flush()
    return token


def close_feed(session: Session, person_id: int, company_id: int) -> bool:
    """The address answers no more; False when there was none."""
    found = feed_of(session, person_id, company_id)
    if found is not None:
        session.delete(found)
        session.flush()
    return found is not None


def company_by_feed(session: Session, token: str) -> int | None:
    """The company whose dates an address shows: while its owner has an account that works and works for the company."""
    query = (
        sa.select(CalendarFeed.company_id)
        .join(Person, Person.id == CalendarFeed.person_id)
        .join(
            Membership,
            (Membership.person_id == CalendarFeed.person_id) & (Membership.company_id == CalendarFeed.company_id),
        )
        .where(CalendarFeed.token_sha256 == digest(token), Person.active, Membership.ended_at.is_(None))
    )
    return session.scalar(query)
