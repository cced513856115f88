"""Concerns of the public about awarded companies: who raised one is known to nobody unless they left an address."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.domain.concerns import About, ConcernOutcome
from compliance.store.awards import Award
from compliance.store.base import Base, UtcDateTime, words
from compliance.store.companies import Company
from compliance.store.outbox import Notice
from compliance.store.spot_checks import SpotCheck


class Concern(Base):
    """One concern. What was said never changes (a trigger refuses it) but for a text that is locked away.

    `text` is then empty, and `text_sha256` the digest under which its bytes are locked; so with the company's `reply`.
    `reference` opens its page to whoever raised it. `email` is empty without one, and again some time after the
    outcome. `reasons` are the words to the company and to whoever raised it.
    """

    __tablename__ = "concerns"
    __table_args__ = (
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        sa.CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by IS NULL)", name="acknowledged"),
        sa.CheckConstraint("(asked_at IS NULL) = (reply_by IS NULL)", name="asked"),
        sa.Index("ix_concerns_open", "closed_at", "raised_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"))
    about: Mapped[About] = mapped_column(words(About))
    text: Mapped[str] = mapped_column(Text)
    text_sha256: Mapped[str | None] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    email: Mapped[str] = mapped_column(String(255), default="")
    language: Mapped[str] = mapped_column(String(2))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledge_by: Mapped[date] = mapped_column()
    answer_by: Mapped[date] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reply_by: Mapped[date | None] = mapped_column()
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_sha256: Mapped[str | None] = mapped_column(String(64))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[ConcernOutcome | None] = mapped_column(words(ConcernOutcome))
    reasons: Mapped[str] = mapped_column(Text, default="")
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("award_proposals.id"))
    spot_check_id: Mapped[int | None] = mapped_column(ForeignKey("spot_checks.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    quarantined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quarantined_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    company: Mapped[Company] = relationship(lazy="joined")
    award: Mapped[Award] = relationship(lazy="select")
    spot_check: Mapped[SpotCheck | None] = relationship(lazy="select")

    @property
    def open(self) -> bool:
        """Without an outcome so far."""
        return self.closed_at is None

    @property
    def untold(self) -> bool:
        """Whether its outcome is still the Ministry's own: the spot check that it led to was not announced yet."""
        check = self.spot_check if self.outcome is ConcernOutcome.SPOT_CHECK else None
        return check is not None and check.told_at is None and check.closed_at is None

    def heard(self, today: date) -> bool:
        """Whether the company was asked, and has replied or let its day pass."""
        return self.reply_by is not None and (self.replied_at is not None or today > self.reply_by)


def concern_by_reference(session: Session, reference: str) -> Concern | None:
    """The concern that a reference opens."""
    return session.scalar(sa.select(Concern).where(Concern.reference == reference))


def open_concerns(session: Session) -> Sequence[Concern]:
    """Those without an outcome, the oldest first."""
    return session.scalars(sa.select(Concern).where(Concern.closed_at.is_(None)).order_by(Concern.id)).all()


def closed_concerns(session: Session, since: datetime) -> Sequence[Concern]:
    """Those with an outcome since then, the newest first."""
    query = sa.select(Concern).where(Concern.closed_at >= since).order_by(Concern.closed_at.desc(), Concern.id.desc())
    return session.scalars(query).all()


def concerns_behind(session: Session, check_id: int) -> Sequence[Concern]:
    """Those that a spot check was opened for."""
    return session.scalars(sa.select(Concern).where(Concern.spot_check_id == check_id).order_by(Concern.id)).all()


def asked_concerns(session: Session, company_id: int) -> Sequence[Concern]:
    """Those that the company was asked about, the newest first: of others it does not hear."""
    query = sa.select(Concern).where(Concern.company_id == company_id, Concern.asked_at.is_not(None))
    return session.scalars(query.order_by(Concern.id.desc())).all()


def raised_and_closed(session: Session, until: datetime) -> tuple[int, int]:
    """How many were raised by then, and how many of them had an outcome."""
    closed = sa.func.count(sa.case((Concern.closed_at <= until, 1)))
    query = sa.select(sa.func.count(), closed).where(Concern.raised_at <= until)
    raised, ended = session.execute(query).one()
    return int(raised), int(ended)


def is_kept_too_long(session: Session, closed_before: datetime) -> bool:
    """Whether an address may have to be removed."""
    query = sa.select(Concern.id).where(Concern.closed_at < closed_before, Concern.email != "")
    return session.scalar(query.limit(1)) is not None


def forget_addresses(session: Session, closed_before: datetime) -> int:
    """Removes the addresses of who raised what was closed before, in the outbox too; returns how many."""
    query = sa.select(Concern).where(Concern.closed_at < closed_before, Concern.email != "")
    found = session.scalars(query.with_for_update(of=Concern)).all()
    told = [concern for concern in found if not concern.untold]
    for concern in told:
        mails = sa.select(Notice).where(Notice.person_id.is_(None), Notice.email == concern.email)
        for notice in session.scalars(mails):
            if notice.values.get("concern") == concern.id:
                notice.key, notice.email = notice.key.removesuffix(notice.email), ""
        concern.email = ""
    session.flush()
    return len(told)
