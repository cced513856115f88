"""What reviewers write beside an answer and no company reads: internal notes, and questions that wait to be asked."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime, words


class NoteKind(StrEnum):
    """What a note is for."""

    INTERNAL = "internal"
    """It stays in the Ministry."""
    TO_ASK = "to_ask"
    """Part of the next round of questions; its company reads it once that is sent."""


_WAITS = sa.text("kind = 'to_ask' AND withdrawn_at IS NULL")


class ReviewNote(Base):
    """Never changed: another question to ask withdraws the one before, and so does sending it."""

    __tablename__ = "review_notes"
    __table_args__ = (
        sa.Index(
            "uq_review_notes_to_ask",
            "assessment_id",
            "question",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    question: Mapped[str] = mapped_column(String(60))
    kind: Mapped[NoteKind] = mapped_column(words(NoteKind))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def internal_notes(session: Session, assessment_id: int, question: str) -> list[ReviewNote]:
    """What the Ministry noted beside one answer, oldest first."""
    here = ReviewNote.assessment_id == assessment_id, ReviewNote.question == question
    query = sa.select(ReviewNote).where(*here, ReviewNote.kind == NoteKind.INTERNAL)
    return list(session.scalars(query.order_by(ReviewNote.id)))


def to_ask(session: Session, assessment_id: int) -> dict[str, ReviewNote]:
    """The questions that wait to be asked, by the answer they are about."""
    waiting = ReviewNote.kind == NoteKind.TO_ASK, ReviewNote.withdrawn_at.is_(None)
    query = sa.select(ReviewNote).where(ReviewNote.assessment_id == assessment_id, *waiting)
    return {note.question: note for note in session.scalars(query.order_by(ReviewNote.id))}
