"""Texts of draft editions that a person wants to look at again."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime

LONGEST_PASSAGE = 250


class DraftMark(Base):
    """One text "to check", by its `questionnaires.passages.Passage.id`. Gone once somebody has checked it."""

    __tablename__ = "draft_marks"

    draft_id: Mapped[int] = mapped_column(ForeignKey("edition_drafts.id"), primary_key=True)
    passage: Mapped[str] = mapped_column(String(LONGEST_PASSAGE), primary_key=True)
    marked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)


def marked(session: Session, draft_id: int) -> frozenset[str]:
    """The ids of the draft's texts that are to be checked, whether it still has them or not."""
    return frozenset(session.scalars(sa.select(DraftMark.passage).where(DraftMark.draft_id == draft_id)))


def unmark(session: Session, draft_id: int, passages: Collection[str]) -> None:
    session.execute(sa.delete(DraftMark).where(DraftMark.draft_id == draft_id, DraftMark.passage.in_(passages)))
