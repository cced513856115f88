"""Letters: each mail that went out to a person, as it was on its day; what holds today stands on the pages."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime
from compliance.store.outbox import ONE_USE, Notice


class KeptLetter(Base):
    """A mail after it was sent. `body` is empty where it held a link that works once: no store keeps that."""

    __tablename__ = "letters"
    __table_args__ = (sa.Index("ix_letters_person_id_sent_at", "person_id", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    company_id: Mapped[int | None] = mapped_column()
    """Which company it told of; none for mails about the account, and for those sent before this was kept."""
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


def keep(
    session: Session,
    notice: Notice,
    language: str,
    subject: str,
    body: str,
    moment: datetime,
    company_id: int | None = None,
) -> None:
    """Keeps the copy of a mail to somebody who has an account; a mail that goes out twice is kept once."""
    if notice.person_id is None or session.scalar(sa.select(KeptLetter.id).where(KeptLetter.notice_id == notice.id)):
        return
    kept = "" if ONE_USE in notice.values else body
    session.add(
        KeptLetter(
            notice_id=notice.id,
            person_id=notice.person_id,
            company_id=company_id,
            language=language,
            subject=subject[:300],
            body=kept,
            sent_at=moment,
        )
    )


def subjects_of(session: Session, notices: Collection[int]) -> dict[int, str]:
    """By notice, of those that went out to somebody with an account."""
    query = sa.select(KeptLetter.notice_id, KeptLetter.subject).where(KeptLetter.notice_id.in_(notices))
    return {row.notice_id: row.subject for row in session.execute(query)}


def letters_of(session: Session, person_id: int, limit: int, offset: int = 0) -> list[KeptLetter]:
    """A person's letters, the newest first."""
    query = sa.select(KeptLetter).where(KeptLetter.person_id == person_id)
    return list(
        session.scalars(query.order_by(KeptLetter.sent_at.desc(), KeptLetter.id.desc()).limit(limit).offset(offset))
    )


def count_letters(session: Session, person_id: int) -> int:
    return session.scalar(sa.select(sa.func.count(KeptLetter.id)).where(KeptLetter.person_id == person_id)) or 0


def letter_of(session: Session, person_id: int, letter_id: int) -> KeptLetter | None:
    """One of a person's own letters; nobody reads another's."""
    found = session.get(KeptLetter, letter_id)
    return found if found and found.person_id == person_id else None


def letter_of_notice(session: Session, notice_id: int) -> KeptLetter | None:
    """What a notice said when it was sent; none is kept of a mail to somebody without an account."""
    return session.scalar(sa.select(KeptLetter).where(KeptLetter.notice_id == notice_id))
