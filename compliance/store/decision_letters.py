"""Letters that tell a company what was decided, in both languages; the PDF is made once and kept as it was sent."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime
from compliance.store.reviews import Decision

LEASE = timedelta(minutes=5)


class DecisionLetter(Base):
    """The approver's words to the company; a trigger refuses to change them. `pdf_sha256` is None until it is made."""

    __tablename__ = "decision_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), unique=True)
    text_km: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


def letter_about(session: Session, decision_id: int) -> DecisionLetter | None:
    """The letter that went out with a decision."""
    return session.scalar(sa.select(DecisionLetter).where(DecisionLetter.decision_id == decision_id))


def letters_on(session: Session, assessment_ids: list[int]) -> list[DecisionLetter]:
    """Every letter about these assessments, oldest first."""
    query = sa.select(DecisionLetter).join(Decision, Decision.id == DecisionLetter.decision_id)
    return list(session.scalars(query.where(Decision.assessment_id.in_(assessment_ids)).order_by(DecisionLetter.id)))


def claim_unprinted(session: Session, now: datetime) -> DecisionLetter | None:
    """The next letter to make a PDF of; no other worker takes it until the lease ends."""
    free = sa.or_(DecisionLetter.claimed_until.is_(None), DecisionLetter.claimed_until < now)
    query = sa.select(DecisionLetter).where(DecisionLetter.pdf_sha256.is_(None), free).order_by(DecisionLetter.id)
    found = session.scalar(query.limit(1).with_for_update(skip_locked=True))
    if found is not None:
        found.claimed_until = now + LEASE
        session.flush()
    return found


def unprinted(session: Session) -> bool:
    """Whether any letter waits for its PDF; a cheap look that takes no lock."""
    return session.scalar(sa.select(DecisionLetter.id).where(DecisionLetter.pdf_sha256.is_(None)).limit(1)) is not None


def overdue_letters(session: Session, before: datetime) -> int:
    """How many letters about decisions made before a moment still have no PDF."""
    query = sa.select(sa.func.count(DecisionLetter.id)).join(Decision, Decision.id == DecisionLetter.decision_id)
    return session.scalar(query.where(DecisionLetter.pdf_sha256.is_(None), Decision.decided_at < before)) or 0


def complete(session: Session, letter_id: int, pdf_sha256: str, at: datetime) -> bool:
    """Records the PDF; False when another worker was quicker."""
    change = (
        sa.update(DecisionLetter)
        .where(DecisionLetter.id == letter_id, DecisionLetter.pdf_sha256.is_(None))
        .values(pdf_sha256=pdf_sha256, made_at=at)
    )
    done: sa.CursorResult[object] = session.execute(change)  # type: ignore[assignment]
    return done.rowcount == 1
