"""Drafts tried on the awards that are held: asked for by an administrator, worked through by one worker at a time."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.store.base import Base, Json, UtcDateTime
from compliance.store.people import Person

LEASE = timedelta(minutes=2)
ATTEMPTS = 3


class RehearsalRun(Base):
    """One draft on all awards held on `as_of`. `rubric` is the draft's plain tree as JSON; `about` says what it is.

    `failure` is a word for what stopped it; `result` is there when it is finished.
    """

    __tablename__ = "rehearsals"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft: Mapped[str] = mapped_column(String(120))
    about: Mapped[dict[str, Any]] = mapped_column(Json)
    rubric: Mapped[str] = mapped_column(Text, deferred=True)
    rubric_sha256: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date] = mapped_column()
    requested_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(String(40), default="")
    result: Mapped[str | None] = mapped_column(Text, deferred=True)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


def rehearsals(session: Session, limit: int) -> list[RehearsalRun]:
    """The newest first."""
    return list(session.scalars(sa.select(RehearsalRun).order_by(RehearsalRun.id.desc()).limit(limit)))


def rehearsals_of(session: Session, draft_id: int, limit: int = 5) -> list[RehearsalRun]:
    """Those of a draft edition, the newest first; `about["sha256"]` is of the files that were tried."""
    query = sa.select(RehearsalRun).where(RehearsalRun.about["draft_id"].as_integer() == draft_id)
    return list(session.scalars(query.order_by(RehearsalRun.id.desc()).limit(limit)))


def unfinished(session: Session) -> int:
    """How many wait or are being worked through."""
    query = sa.select(sa.func.count()).where(RehearsalRun.finished_at.is_(None))
    return session.scalar(query) or 0


def _free(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    unclaimed = sa.or_(RehearsalRun.claimed_until.is_(None), RehearsalRun.claimed_until < now)
    return RehearsalRun.finished_at.is_(None), unclaimed


def any_asked(session: Session, now: datetime) -> bool:
    """Whether one waits to be worked through; a cheap look that takes no lock."""
    return session.scalar(sa.select(RehearsalRun.id).where(*_free(now)).limit(1)) is not None


def claim(session: Session, now: datetime) -> RehearsalRun | None:
    """Takes the oldest that waits until the lease ends; two workers never take the same."""
    oldest = sa.select(RehearsalRun.id).where(*_free(now)).order_by(RehearsalRun.id).limit(1)
    taken = (
        sa.update(RehearsalRun)
        .where(RehearsalRun.id.in_(oldest.with_for_update(skip_locked=True).scalar_subquery()))
        .values(claimed_until=now + LEASE, attempts=RehearsalRun.attempts + 1, done=0, total=0)
        .returning(RehearsalRun.id)
    )
    found = session.scalar(taken)
    return session.get(RehearsalRun, found, populate_existing=True) if found is not None else None


def progressed(session: Session, run_id: int, attempt: int, now: datetime, done: int, total: int) -> bool:
    """How far it is; renews the lease. False when the work is no longer this worker's."""
    return _changed(session, run_id, attempt, done=done, total=total, claimed_until=now + LEASE)


def complete(session: Session, run_id: int, attempt: int, now: datetime, *, result: str | None, failure: str) -> bool:
    """Records the end; False when the work is no longer this worker's."""
    return _changed(session, run_id, attempt, result=result, failure=failure, finished_at=now, claimed_until=None)


def _changed(session: Session, run_id: int, attempt: int, **values: object) -> bool:
    change = (
        sa.update(RehearsalRun)
        .where(RehearsalRun.id == run_id, RehearsalRun.attempts == attempt, RehearsalRun.finished_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    done: sa.CursorResult[object] = session.execute(change)  # type: ignore[assignment]
    return done.rowcount == 1
