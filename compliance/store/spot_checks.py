"""Spot checks of awards in force, and the draws that open them."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.store.awards import Award
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company
from compliance.store.reviews import Ruling

_OPEN = sa.text("closed_at IS NULL")


class Cause(StrEnum):
    """Why an award is looked at again."""

    DRAWN = "drawn"
    CONCERN = "concern"
    CHOSEN = "chosen"


class Finding(StrEnum):
    """What a spot check found. `dropped`: the award ended before anything was found."""

    IN_ORDER = "in_order"
    TO_MEND = "to_mend"
    SUSPEND = "suspend"
    DROPPED = "dropped"


class SpotCheckDraw(Base):
    """One draw, with all that repeats it: the seed, the numbers in force on that day, how many were drawn.

    Append-only."""

    __tablename__ = "spot_check_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    drawn_on: Mapped[date] = mapped_column(unique=True)
    seed: Mapped[str] = mapped_column(String(64))
    numbers: Mapped[list[str]] = mapped_column(Json)
    count: Mapped[int] = mapped_column()
    drawn_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SpotCheck(Base):
    """One look at an award between two assessments: taken by a reviewer, told to the company, closed with an outcome.

    `because` is the Ministry's own; `asked`, `reply` and `reasons` are what company and Ministry write to each other.
    `findings` has a word and a note for each of `questions`. One that is to be mended stays open until it is.
    """

    __tablename__ = "spot_checks"
    __table_args__ = (
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed"),
        sa.CheckConstraint("(found_at IS NULL) = (outcome IS NULL)", name="found"),
        sa.CheckConstraint("(checker_id IS NULL) = (taken_at IS NULL)", name="taken"),
        sa.CheckConstraint("outcome IS NULL OR outcome <> 'to_mend' OR mend_by IS NOT NULL", name="mend"),
        sa.Index("uq_spot_checks_open", "award_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("spot_check_draws.id"))
    cause: Mapped[Cause] = mapped_column(words(Cause))
    because: Mapped[str] = mapped_column(Text, default="")
    opened_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checker_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    questions: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    asked: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date | None] = mapped_column()
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    findings: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    outcome: Mapped[Finding | None] = mapped_column(words(Finding))
    reasons: Mapped[str] = mapped_column(Text, default="")
    mend_by: Mapped[date | None] = mapped_column()
    found_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    found_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("award_proposals.id"))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    award: Mapped[Award] = relationship(lazy="joined")
    company: Mapped[Company] = relationship(lazy="joined")

    @property
    def answer_due_on(self) -> date | None:
        """The day the company is expected to have answered or mended by, while that is open."""
        if self.closed_at is not None:
            return None
        return self.mend_by or self.due_on


def open_checks(session: Session) -> list[SpotCheck]:
    """All that is not closed, the oldest first."""
    return list(session.scalars(sa.select(SpotCheck).where(SpotCheck.closed_at.is_(None)).order_by(SpotCheck.id)))


def open_check(session: Session, award_id: int) -> SpotCheck | None:
    """The one that is open on an award."""
    return session.scalar(sa.select(SpotCheck).where(SpotCheck.award_id == award_id, SpotCheck.closed_at.is_(None)))


def checks_of(session: Session, company_id: int) -> list[SpotCheck]:
    """A company's, the newest first."""
    query = sa.select(SpotCheck).where(SpotCheck.company_id == company_id)
    return list(session.scalars(query.order_by(SpotCheck.id.desc())))


def draws(session: Session) -> list[SpotCheckDraw]:
    """Every draw, the newest first."""
    return list(session.scalars(sa.select(SpotCheckDraw).order_by(SpotCheckDraw.id.desc())))


def draw_on(session: Session, day: date) -> SpotCheckDraw | None:
    """The draw of a day; there is at most one."""
    return session.scalar(sa.select(SpotCheckDraw).where(SpotCheckDraw.drawn_on == day))


def closed_by_year(session: Session) -> dict[int, dict[str, int]]:
    """How many checks ended with each outcome, by the year in Phnom Penh."""
    counted: dict[int, dict[str, int]] = {}
    query = sa.select(SpotCheck.closed_at, SpotCheck.outcome).where(SpotCheck.closed_at.is_not(None))
    for closed_at, outcome in session.execute(query):
        of_year = counted.setdefault(clock.day_of(closed_at).year if closed_at else 0, {})
        of_year[str(outcome)] = of_year.get(str(outcome), 0) + 1
    return counted


def waiting_of(session: Session, draw_id: int) -> int:
    """How many checks of a draw nobody has taken yet."""
    waits = SpotCheck.draw_id == draw_id, SpotCheck.checker_id.is_(None), SpotCheck.closed_at.is_(None)
    return session.scalar(sa.select(sa.func.count()).select_from(SpotCheck).where(*waits)) or 0


def verified_by(session: Session, person_id: int, check_ids: Collection[int]) -> set[int]:
    """Of these checks, those of awards that the person verified."""
    query = (
        sa.select(SpotCheck.id)
        .join(Award, Award.id == SpotCheck.award_id)
        .join(Ruling, Ruling.assessment_id == Award.assessment_id)
        .where(SpotCheck.id.in_(check_ids), Ruling.ruled_by == person_id)
    )
    return set(session.scalars(query.distinct()))
