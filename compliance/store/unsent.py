"""What somebody typed and could not send because their session had ended: kept an hour, for that person alone."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, Json, UtcDateTime
from compliance.store.deletions import deleted_rows
from compliance.store.sessions import digest

KEPT_FOR = timedelta(hours=1)
MOST_OF_A_PERSON = 5


class UnsentPost(Base):
    """A form as it was posted, without its token, passwords and files. The browser holds the token that finds it."""

    __tablename__ = "unsent_posts"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[Any]] = mapped_column(Json)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


def keep(session: Session, person_id: int, path: str, fields: list[tuple[str, str]], moment: datetime) -> str:
    """Keeps the newest few of a person. Returns the token that finds this one."""
    mine = sa.select(UnsentPost.token_sha256).where(UnsentPost.person_id == person_id)
    older = session.scalars(mine.order_by(UnsentPost.kept_at.desc()).offset(MOST_OF_A_PERSON - 1)).all()
    session.execute(sa.delete(UnsentPost).where(UnsentPost.token_sha256.in_(older)))
    token = secrets.token_urlsafe(32)
    pairs = [list(pair) for pair in fields]
    session.add(UnsentPost(token_sha256=digest(token), person_id=person_id, path=path, fields=pairs, kept_at=moment))
    return token


def find(session: Session, token: str, person_id: int, moment: datetime) -> UnsentPost | None:
    """What this person kept under this token within the last hour."""
    row = session.get(UnsentPost, digest(token))
    return row if row and row.person_id == person_id and moment - row.kept_at < KEPT_FOR else None


def sweep(session: Session, moment: datetime) -> int:
    """Forgets what nobody came back for; returns how many."""
    return deleted_rows(session, sa.delete(UnsentPost).where(UnsentPost.kept_at <= moment - KEPT_FOR))
