"""What the commands did to look after the portal: backups, restores, and restores tried beside it."""

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


class Upkeep(Base):
    """One run of a command. `about` holds what it says of itself: a name without its path, counts, or what failed."""

    __tablename__ = "upkeep"
    __table_args__ = (sa.Index("ix_upkeep_kind", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[UpkeepKind] = mapped_column(words(UpkeepKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    good: Mapped[bool] = mapped_column()
    about: Mapped[dict[str, Any]] = mapped_column(Json)


def note_upkeep(session: Session, kind: UpkeepKind, moment: datetime, *, good: bool, **about: Any) -> None:
    session.add(Upkeep(kind=kind, at=moment, good=good, about=about))
    session.flush()


def newest_upkeep(session: Session, kind: UpkeepKind, *, good: bool | None = None) -> Upkeep | None:
    """The last run of a kind; with `good` the last that succeeded, or failed."""
    query = sa.select(Upkeep).where(Upkeep.kind == kind)
    query = query if good is None else query.where(Upkeep.good.is_(good))
    return session.scalar(query.order_by(Upkeep.at.desc(), Upkeep.id.desc()).limit(1))


def upkeep_of(session: Session, kind: UpkeepKind, limit: int) -> list[Upkeep]:
    """The newest first."""
    query = sa.select(Upkeep).where(Upkeep.kind == kind)
    return list(session.scalars(query.order_by(Upkeep.at.desc(), Upkeep.id.desc()).limit(limit)))
