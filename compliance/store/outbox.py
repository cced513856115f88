"""The outbox: emails owed, as rows with a unique key; queued any number of times, sent once."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, Json, UtcDateTime

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 12


class Notice(Base):
    """One email owed to one person. `key` says what it is about, so that it exists once."""

    __tablename__ = "notices"
    __table_args__ = (sa.Index("ix_notices_due", "sent_at", "failed_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    email: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(2))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")


def insert_once(session: Session, rows: list[dict[str, Any]]) -> None:
    """Queues notices; a key that exists already is left as it is."""
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Notice).on_conflict_do_nothing(index_elements=["key"]), rows)


def claim_due(session: Session, worker: str, now: datetime, limit: int) -> list[int]:
    """Takes up to `limit` due notices for `worker` until the lease ends; two workers never take the same."""
    due = (
        sa.select(Notice.id)
        .where(
            Notice.sent_at.is_(None),
            Notice.failed_at.is_(None),
            Notice.due_at <= now,
            sa.or_(Notice.claimed_until.is_(None), Notice.claimed_until < now),
        )
        .order_by(Notice.due_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claim = (
        sa.update(Notice)
        .where(Notice.id.in_(due))
        .values(claimed_by=worker, claimed_until=now + LEASE, attempts=Notice.attempts + 1)
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(claim))
