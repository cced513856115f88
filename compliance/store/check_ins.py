"""Check-ins: what a company says of itself in the middle of its award's term; drafted together, sent once."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.domain.standing import AwardAct
from compliance.store.awards import Award
from compliance.store.base import Base, Json, UtcDateTime

STANDING = (AwardAct.GRANTED, AwardAct.REINSTATED, AwardAct.SUSPENDED)


class CheckIn(Base):
    """One check-in of one award. `figures` are answers as they are stored, by question; `channels` is what was said of
    each way to report; `draft_version` lets two colleagues never overwrite each other in silence. Once it is sent
    nothing changes (a trigger refuses it).
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        sa.UniqueConstraint("award_id", "due_on"),
        sa.CheckConstraint(
            "(sent_at IS NULL) = (sent_by IS NULL) AND (sent_at IS NULL) = (digest IS NULL)", name="sent"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"))
    due_on: Mapped[date] = mapped_column()
    figures: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    contacts_right: Mapped[bool] = mapped_column(default=False)
    all_declared: Mapped[bool] = mapped_column(default=False)
    changed: Mapped[str] = mapped_column(Text, default="")
    channels: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")
    draft_version: Mapped[int] = mapped_column(default=0)
    drafted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    content: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str | None] = mapped_column(String(64))
    award: Mapped[Award] = relationship(lazy="joined")


def check_in_of(session: Session, award_id: int, due_on: date) -> CheckIn | None:
    """What there is of it: a draft, or what was sent."""
    query = sa.select(CheckIn).where(CheckIn.award_id == award_id, CheckIn.due_on == due_on)
    return session.scalar(query, execution_options={"populate_existing": True})


def check_ins_of(session: Session, company_id: int) -> list[CheckIn]:
    """A company's check-ins, the newest first."""
    query = sa.select(CheckIn).join(Award, Award.id == CheckIn.award_id).where(Award.company_id == company_id)
    return list(session.scalars(query.order_by(CheckIn.due_on.desc(), CheckIn.id.desc())))


def sent_since(session: Session, days: int, most: int = 200) -> list[CheckIn]:
    """What was sent in the last `days`, the newest first."""
    query = sa.select(CheckIn).where(CheckIn.sent_at > clock.now() - timedelta(days=days))
    return list(session.scalars(query.order_by(CheckIn.sent_at.desc(), CheckIn.id).limit(most)))


def awards_that_started(session: Session, edition: str, first: date, last: date, but: tuple[str, ...]) -> list[Award]:
    """Awards of an edition from `first` to `last` that the ministry did not end, without the levels in `but`."""
    query = sa.select(Award).where(Award.edition == edition, Award.starts.between(first, last))
    query = query.where(Award.last_act.in_(STANDING), Award.level.not_in(but))
    return list(session.scalars(query.order_by(Award.starts, Award.id)))


def awards_without_check_in(
    session: Session, edition: str, started_by: date, today: date, but: tuple[str, ...], most: int = 500
) -> list[Award]:
    """Awards that run today, began by `started_by` and sent no check-in that was due since, the oldest first."""
    sent = sa.exists().where(CheckIn.award_id == Award.id, CheckIn.sent_at.is_not(None), CheckIn.due_on > started_by)
    query = sa.select(Award).where(Award.edition == edition, Award.starts <= started_by, Award.ends >= today, ~sent)
    query = query.where(Award.last_act.in_(STANDING), Award.level.not_in(but))
    return list(session.scalars(query.order_by(Award.starts, Award.id).limit(most)))


def sent_days(session: Session, award_ids: list[int]) -> set[tuple[int, date]]:
    """Which check-ins of these awards were sent."""
    query = sa.select(CheckIn.award_id, CheckIn.due_on).where(CheckIn.sent_at.is_not(None))
    return {(row.award_id, row.due_on) for row in session.execute(query.where(CheckIn.award_id.in_(award_ids)))}
