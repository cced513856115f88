"""Second scorings: some assessments are ruled by two people who do not see each other; a third settles differences."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.domain.lifecycle import State
from compliance.store.assessments import Assessment
from compliance.store.audit import AuditEntry
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.reviews import Judged, Ruling

CLAIMED, HANDED_OVER = (
    ("reviewer:assessment:claimed", "reviewer:assessment:taken_after_appeal"),
    "staff:assessment:handed_over",
)

_OPEN = sa.text("closed_at IS NULL")
_STANDS = sa.text("withdrawn_at IS NULL")


class Reason(StrEnum):
    """Why an assessment is scored twice, or why it was considered."""

    DRAW = "draw"
    FIRST_AT = "first_at"
    """The first award of its company at a level that the edition names."""
    REOPENED = "reopened"
    """It was before the appeal that opened it again."""


class Settled(StrEnum):
    """What became of it. `spared`: the draw passed it by; `dropped`: the company withdrew."""

    SPARED = "spared"
    AGREED = "agreed"
    MODERATED = "moderated"
    DROPPED = "dropped"


class SecondScoring(Base):
    """One assessment's second scoring, or the draw that spared it: `seed`, `digest` and `share` repeat the draw.

    `scorers` are all who ever held the second side, `scorer_id` who holds it now. A side is done when its `…_done_at`
    is there; levels and points are those of the comparison. `choices` are the moderator's: by question the side that
    stands (first, second, own for a third ruling) and why. `note` is what the moderator wrote to both when sending the
    scorings back.
    """

    __tablename__ = "second_scorings"
    __table_args__ = (
        sa.CheckConstraint("(closed_at IS NULL) = (settled IS NULL)", name="closed"),
        sa.CheckConstraint("(scorer_id IS NULL) = (taken_at IS NULL)", name="taken"),
        sa.CheckConstraint("second_done_at IS NULL OR scorer_id IS NOT NULL", name="done"),
        sa.CheckConstraint("moderator_id IS NULL OR scorer_id IS NULL OR moderator_id <> scorer_id", name="third"),
        sa.Index("uq_second_scorings_open", "assessment_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    because: Mapped[Reason] = mapped_column(words(Reason))
    seed: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    share: Mapped[int] = mapped_column()
    drawn_on: Mapped[date] = mapped_column()
    due_on: Mapped[date] = mapped_column()
    scorers: Mapped[list[int]] = mapped_column(Json, default=list, server_default="[]")
    scorer_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_level: Mapped[str | None] = mapped_column(String(40))
    first_points: Mapped[str] = mapped_column(String(40), default="", server_default="")
    second_level: Mapped[str | None] = mapped_column(String(40))
    second_points: Mapped[str] = mapped_column(String(40), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    times_back: Mapped[int] = mapped_column(default=0, server_default="0")
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    choices: Mapped[dict[str, Any]] = mapped_column(Json, default=dict, server_default="{}")
    settled: Mapped[Settled | None] = mapped_column(words(Settled))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    assessment: Mapped[Assessment] = relationship(lazy="joined")

    @property
    def to_moderate(self) -> bool:
        """Both are done, and they differ."""
        return self.closed_at is None and self.first_done_at is not None and self.second_done_at is not None


class SecondRuling(Judged):
    """One verdict of the second scorer, as `Ruling` is one of the first; kept apart, so that nothing shows both."""

    __tablename__ = "second_rulings"
    __table_args__ = (
        sa.Index(
            "uq_second_rulings_standing", "assessment_id", "question",
            unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS,
        ),
    )  # fmt: skip


_TAKEN = SecondScoring.settled.is_(None) | (SecondScoring.settled != Settled.SPARED)


def open_scoring(session: Session, assessment_id: int) -> SecondScoring | None:
    """The second scoring that is not settled yet, as the database has it now."""
    query = sa.select(SecondScoring).where(
        SecondScoring.assessment_id == assessment_id, SecondScoring.closed_at.is_(None)
    )
    return session.scalar(query.execution_options(populate_existing=True))


def scorings_of(session: Session, assessment_id: int) -> list[SecondScoring]:
    """Those of an assessment that were not spared, the oldest first."""
    query = sa.select(SecondScoring).where(SecondScoring.assessment_id == assessment_id, _TAKEN)
    return list(session.scalars(query.order_by(SecondScoring.id)))


def open_scorings(session: Session) -> list[SecondScoring]:
    """All that are not settled, the earliest due first."""
    query = sa.select(SecondScoring).where(SecondScoring.closed_at.is_(None))
    return list(session.scalars(query.order_by(SecondScoring.due_on, SecondScoring.id)))


def blind_cases(session: Session, assessments: Collection[int]) -> set[int]:
    """Those of the assessments whose second scoring is not settled."""
    query = sa.select(SecondScoring.assessment_id).where(
        SecondScoring.assessment_id.in_(assessments), SecondScoring.closed_at.is_(None)
    )
    return set(session.scalars(query))


def second_rulings(session: Session, assessment_id: int) -> dict[str, SecondRuling]:
    """Those that stand, by question."""
    query = sa.select(SecondRuling).where(
        SecondRuling.assessment_id == assessment_id, SecondRuling.withdrawn_at.is_(None)
    )
    return {one.question: one for one in session.scalars(query.order_by(SecondRuling.question))}


def second_people(session: Session, assessment_id: int) -> set[int]:
    """Everybody who ever held the second side of an assessment or settled a difference in it."""
    found: set[int] = set()
    for one in scorings_of(session, assessment_id):
        found |= {*one.scorers, *([one.moderator_id] if one.moderator_id else [])}
    ruled = sa.select(SecondRuling.ruled_by).where(SecondRuling.assessment_id == assessment_id)
    return found | set(session.scalars(ruled.distinct()))


def scorers_of(session: Session, assessment_id: int) -> set[int]:
    """Everybody who ever held the second side of an assessment."""
    return {person for one in scorings_of(session, assessment_id) for person in one.scorers}


def held_second(session: Session, person_id: int) -> list[SecondScoring]:
    """The open second scorings that a person holds and has not finished."""
    query = sa.select(SecondScoring).where(
        SecondScoring.scorer_id == person_id,
        SecondScoring.closed_at.is_(None),
        SecondScoring.second_done_at.is_(None),
    )
    return list(session.scalars(query.execution_options(populate_existing=True)))


_PUBLISHED = SecondScoring.because == Reason.DRAW, Assessment.state == State.APPROVED
"""Draws on assessments that led to an award: one more that was refused or withdrawn would tell that it was."""


def count_published(session: Session) -> int:
    query = sa.select(sa.func.count()).select_from(SecondScoring).join(Assessment).where(*_PUBLISHED)
    return session.scalar(query) or 0


def published_draws(session: Session, start: int, most: int) -> Sequence[SecondScoring]:
    """Some of the draws that everybody may read, those that spared an assessment too, the newest first."""
    query = sa.select(SecondScoring).join(SecondScoring.assessment).where(*_PUBLISHED)
    newest = query.order_by(SecondScoring.drawn_on.desc(), SecondScoring.digest)
    return session.scalars(newest.offset(start).limit(most)).all()


def settled_scorings(session: Session) -> list[SecondScoring]:
    """All that ended, the draws that spared an assessment too, the newest first."""
    query = sa.select(SecondScoring).where(SecondScoring.closed_at.is_not(None))
    return list(session.scalars(query.order_by(SecondScoring.id.desc())))


def first_people(session: Session, assessment_id: int) -> set[int]:
    """Everybody who ever held the first side of an assessment, and so may have read its rulings."""
    about = AuditEntry.subject == "assessment", AuditEntry.subject_id == assessment_id
    claimed = sa.select(AuditEntry.actor_id).where(*about, AuditEntry.tag.in_(CLAIMED))
    handed = sa.select(AuditEntry.content).where(*about, AuditEntry.tag == HANDED_OVER)
    holds = sa.select(Assessment.reviewer_id).where(Assessment.id == assessment_id)
    ruled = sa.select(Ruling.ruled_by).where(Ruling.assessment_id == assessment_id).distinct()
    found = {person for query in (claimed, holds, ruled) for person in session.scalars(query) if person is not None}
    return found | {int(json.loads(content)["after"]) for content in session.scalars(handed)}
