"""The transparency log: entries in their order, and the signed checkpoints over them; both append-only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.merkle import leaf_hash
from compliance.store.audit import canonical, hold_tail
from compliance.store.awards import Award, Certificate
from compliance.store.base import Base, UtcDateTime


class LogEntry(Base):
    """One public fact. `position` counts from 0; `content` is the canonical JSON that `leaf` is the hash of.

    `source` names the row that it tells of, so that nothing is told twice; a change of facts has none.
    """

    __tablename__ = "log_entries"
    __table_args__ = (Index("ix_log_entries_written_at", "written_at", "position"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("awards.id"), index=True)
    source: Mapped[str | None] = mapped_column(String(40), unique=True)
    content: Mapped[str] = mapped_column(Text)
    leaf: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpoint(Base):
    """The log's root at a size, as we signed it; every one is kept."""

    __tablename__ = "log_checkpoints"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(String(200))
    root: Mapped[bytes] = mapped_column(LargeBinary)
    text: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LogCosignature(Base):
    """The line by which a witness says that it saw a checkpoint and that it continued what it had seen before."""

    __tablename__ = "log_cosignatures"

    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoints.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    line: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Told:
    """What becomes an entry: of which company and award, told by which row, with which words."""

    company_id: int | None
    award_id: int | None
    source: str | None
    content: dict[str, Any]


def append_entries(session: Session, at: datetime, told: list[Told]) -> None:
    """Writes them at the end of the log, in the running transaction; the end is locked until it is over."""
    if not told:
        return
    hold_tail(session)
    first = log_size(session)
    for position, one in enumerate(told, first):
        content = canonical({"position": position, "written": at.isoformat(timespec="seconds"), **one.content})
        leaf = leaf_hash(content.encode())
        entry = LogEntry(position=position, written_at=at, content=content, leaf=leaf)
        entry.company_id, entry.award_id, entry.source = one.company_id, one.award_id, one.source
        session.add(entry)
    session.flush()


def log_size(session: Session) -> int:
    """How many entries the log has."""
    last = session.scalar(sa.select(sa.func.max(LogEntry.position)))
    return 0 if last is None else last + 1


def leaves_of(session: Session, size: int, first: int = 0) -> list[bytes]:
    """The leaf hashes from `first` up to a size of the log."""
    inside = LogEntry.position >= first, LogEntry.position < size
    return list(session.scalars(sa.select(LogEntry.leaf).where(*inside).order_by(LogEntry.position)))


def contents_of(session: Session, first: int, last: int) -> list[str]:
    """The entries from `first` up to, not including, `last`."""
    inside = LogEntry.position >= first, LogEntry.position < last
    return list(session.scalars(sa.select(LogEntry.content).where(*inside).order_by(LogEntry.position)))


def entries_after(session: Session, seen: int, most: int) -> list[LogEntry]:
    """The entries that follow the first `seen`, in their order.

    Whoever appends holds the log's end until they commit, so entries appear in the order of their positions: what is
    not there yet comes behind everything that is.
    """
    query = sa.select(LogEntry).where(LogEntry.position >= seen).order_by(LogEntry.position).limit(most)
    return list(session.scalars(query))


def written_before(session: Session, moment: datetime) -> int:
    """How many entries come before the first one that was written at a moment or later."""
    query = sa.select(LogEntry.position).where(LogEntry.written_at >= moment).order_by(LogEntry.position).limit(1)
    first = session.scalar(query)
    return log_size(session) if first is None else first


def newest_entries(session: Session, most: int, before: int | None = None) -> list[LogEntry]:
    """The newest first, those before a position only."""
    query = sa.select(LogEntry).order_by(LogEntry.position.desc()).limit(most)
    return list(session.scalars(query if before is None else query.where(LogEntry.position < before)))


def positions_of(session: Session, company_id: int) -> dict[str, int]:
    """Where the log tells of a company's acts, by the row that each of them is told by."""
    query = sa.select(LogEntry.source, LogEntry.position).where(LogEntry.company_id == company_id)
    return {source: position for source, position in session.execute(query) if source is not None}


def changes_told(session: Session, company_id: int) -> list[tuple[datetime, int]]:
    """When the log told that what the public reads of a company changed, and where; the earliest first."""
    query = sa.select(LogEntry.written_at, LogEntry.position).where(
        LogEntry.company_id == company_id, LogEntry.source.is_(None)
    )
    return [(at, position) for at, position in session.execute(query.order_by(LogEntry.position))]


def entries_naming(session: Session, number: str) -> list[LogEntry]:
    """What the log tells of the award that a certificate belongs or belonged to, the newest first."""
    award = sa.select(Certificate.award_id).where(Certificate.number == number).scalar_subquery()
    query = sa.select(LogEntry).where(LogEntry.award_id == award)
    return list(session.scalars(query.order_by(LogEntry.position.desc())))


def last_of_award(session: Session, award_id: int) -> LogEntry | None:
    """What the log said last of an award."""
    query = sa.select(LogEntry).where(LogEntry.award_id == award_id)
    return session.scalar(query.order_by(LogEntry.position.desc()).limit(1))


def untold(session: Session) -> list[str]:
    """The certificate numbers of awards of which the log tells nothing."""
    told = sa.select(LogEntry.award_id).where(LogEntry.award_id.is_not(None))
    return list(session.scalars(sa.select(Award.number).where(Award.id.not_in(told)).order_by(Award.number)))


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    return session.scalar(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))


def checkpoints_after(session: Session, size: int, most: int) -> list[LogCheckpoint]:
    """Those over more entries than `size`, the smallest first."""
    query = sa.select(LogCheckpoint).where(LogCheckpoint.size > size)
    return list(session.scalars(query.order_by(LogCheckpoint.size).limit(most)))


def checkpoint_text(session: Session, checkpoint: LogCheckpoint) -> str:
    """The checkpoint as it is published, with the lines of its witnesses."""
    lines = sa.select(LogCosignature.line).where(LogCosignature.size == checkpoint.size)
    return checkpoint.text + "".join(session.scalars(lines.order_by(LogCosignature.witness)))
