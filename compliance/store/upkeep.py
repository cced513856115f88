"""What was done to look after the portal: backups, restores tried beside it, the audit trail read through at night."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, Json, UtcDateTime, words


class UpkeepKind(StrEnum):
    """What was done."""

    BACKUP = "backup"
    RESTORE_TEST = "restore_test"
    TRAIL = "trail"


class Upkeep(Base):
    """One run. `about` holds what it says of itself: a name without its path, counts, or what failed."""

    __tablename__ = "upkeep"
    __table_args__ = (sa.Index("ix_upkeep_kind", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[UpkeepKind] = mapped_column(words(UpkeepKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    good: Mapped[bool] = mapped_column()
    about: Mapped[dict[str, Any]] = mapped_column(Json)


def note_upkeep(session: Session, kind: UpkeepKind, moment: datetime, *, good: bool, **about: Any) -> Upkeep:
    made = Upkeep(kind=kind, at=moment, good=good, about=about)
    session.add(made)
    session.flush()
    return made


def newest_upkeep(session: Session, kind: UpkeepKind, *, good: bool | None = None) -> Upkeep | None:
    """The last run of a kind; with `good` the last that succeeded, or failed."""
    query = sa.select(Upkeep).where(Upkeep.kind == kind)
    query = query if good is None else query.where(Upkeep.good.is_(good))
    return session.scalar(query.order_by(Upkeep.at.desc(), Upkeep.id.desc()).limit(1))


def failed_since(session: Session, moment: datetime) -> list[Upkeep]:
    """What did not succeed, of every kind, the newest first."""
    query = sa.select(Upkeep).where(Upkeep.good.is_(False), Upkeep.at >= moment)
    return list(session.scalars(query.order_by(Upkeep.at.desc(), Upkeep.id.desc())))


def upkeep_of(session: Session, kind: UpkeepKind, limit: int) -> list[Upkeep]:
    """The newest first."""
    query = sa.select(Upkeep).where(Upkeep.kind == kind)
    return list(session.scalars(query.order_by(Upkeep.at.desc(), Upkeep.id.desc()).limit(limit)))
