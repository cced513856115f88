"""The deletion log: what the clock deleted, when, by which rule, how many; never what it was about."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime, words


class RetentionRule(StrEnum):
    """Each thing that is deleted when its time is over."""

    SESSIONS = "sessions"
    TRIES = "tries"
    UNSENT = "unsent"
    ORPHANS = "orphans"


class Deletion(Base):
    """One round in which a rule found something; rounds that find nothing leave no row."""

    __tablename__ = "deletions"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    rule: Mapped[RetentionRule] = mapped_column(words(RetentionRule))
    deleted: Mapped[int] = mapped_column()


def deleted_rows(session: Session, query: sa.Delete) -> int:
    """Deletes, and returns how many rows went."""
    done: sa.CursorResult[object] = session.execute(query)  # type: ignore[assignment]
    return done.rowcount


def note_deleted(session: Session, moment: datetime, rule: RetentionRule, deleted: int) -> None:
    if deleted:
        session.add(Deletion(at=moment, rule=rule, deleted=deleted))
        session.flush()


def deletions(session: Session, limit: int, offset: int = 0) -> list[Deletion]:
    """The newest first."""
    query = sa.select(Deletion).order_by(Deletion.at.desc(), Deletion.id.desc())
    return list(session.scalars(query.limit(limit).offset(offset)))


def count_deletions(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count(Deletion.id))) or 0


def deleted_by_rule(session: Session) -> dict[RetentionRule, tuple[int, datetime]]:
    """How many each rule deleted in all, and when last."""
    query = sa.select(
        Deletion.rule, sa.func.sum(Deletion.deleted), sa.type_coerce(sa.func.max(Deletion.at), UtcDateTime)
    )
    return {rule: (int(count), at) for rule, count, at in session.execute(query.group_by(Deletion.rule)).all()}
