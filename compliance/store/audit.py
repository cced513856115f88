"""The audit trail: append-only by trigger, each entry chained to the one before it by hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.roles import Actor
from compliance.store.base import Base, UtcDateTime

GENESIS = "0" * 64
CHAIN_LOCK = 0x4D505443


class AuditEntry(Base):
    """One recorded act. `tag` is source:subject:action; `content` is canonical JSON."""

    __tablename__ = "audit_entries"
    __table_args__ = (sa.Index("ix_audit_entries_subject", "subject", "subject_id"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    tag: Mapped[str] = mapped_column(String(80), index=True)
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column()
    content: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and why."""

    seq: int
    why: str


def canonical(content: object) -> str:
    """JSON that is the same for the same content: sorted keys, no spaces, Khmer as Khmer."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_hash(
    previous: str, seq: int, at: datetime, actor_id: int | None, tag: str, subject: str, content: str
) -> str:
    """sha256 over the previous hash and every field; `at` in microseconds since 1970 so that no format can drift."""
    moment = round(at.timestamp() * 1_000_000)
    sealed = canonical([previous, seq, moment, actor_id, tag, subject, content])
    return hashlib.sha256(sealed.encode()).hexdigest()


def record(
    session: Session, at: datetime, actor: Actor, tag: str, subject: str, subject_id: int, **content: Any
) -> AuditEntry:
    """Appends an entry in the running transaction; the chain's tail is locked until it ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    tail = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (tail.seq + 1, tail.hash) if tail else (1, GENESIS)
    body = canonical(content)
    entry = AuditEntry(
        seq=seq,
        at=at,
        actor_id=actor.user_id,
        tag=tag,
        subject=subject,
        subject_id=subject_id,
        content=body,
        previous=previous,
        hash=entry_hash(previous, seq, at, actor.user_id, tag, f"{subject}:{subject_id}", body),
    )
    session.add(entry)
    session.flush()
    return entry


def head(session: Session) -> tuple[int, str]:
    """The last entry's number and hash: what is signed and published, so that a cut tail shows."""
    tail = session.execute(sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (tail.seq, tail.hash) if tail else (0, GENESIS)


def verify(session: Session, published: tuple[int, str] | None = None) -> Iterator[Break]:
    """Every place where the trail was edited, cut, swapped or shortened; nothing when it holds.

    `published` is a head signed earlier: the trail must still contain it.
    """
    previous, expected, seen_published = GENESIS, 1, published is None or published[0] == 0
    for entry in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=500)):
        if entry.seq != expected:
            yield Break(expected, "missing")
            expected = entry.seq
        if entry.previous != previous:
            yield Break(entry.seq, "does not follow the entry before it")
        subject = f"{entry.subject}:{entry.subject_id}"
        sealed = entry_hash(entry.previous, entry.seq, entry.at, entry.actor_id, entry.tag, subject, entry.content)
        if sealed != entry.hash:
            yield Break(entry.seq, "edited")
        if published is not None and entry.seq == published[0]:
            seen_published = entry.hash == published[1]
        previous, expected = entry.hash, expected + 1
    if not seen_published and published is not None:
        yield Break(published[0], "the published head is not in the trail")


def entries_about(session: Session, subject: str, subject_id: int) -> list[AuditEntry]:
    """What was done to one thing, oldest first."""
    query = sa.select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
    return list(session.scalars(query.order_by(AuditEntry.seq)))
