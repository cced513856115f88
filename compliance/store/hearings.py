"""What a company is asked to say before its award is suspended or revoked, and what it said."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.awards import Award, AwardProposal
from compliance.store.base import Base, UtcDateTime


class Hearing(Base):
    """One for each proposal against an award. `until`: the last day for the statement, that day included.

    `first`: the act waits for the statement or for the end of the days; else the company is heard after it.
    """

    __tablename__ = "award_hearings"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("award_proposals.id"), unique=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    first: Mapped[bool] = mapped_column()
    until: Mapped[date] = mapped_column()
    statement: Mapped[str] = mapped_column(Text, default="")
    stated_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    stated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def hearings_about(session: Session, proposal_ids: Collection[int]) -> dict[int, Hearing]:
    """The hearings of these proposals, by proposal."""
    query = sa.select(Hearing).where(Hearing.proposal_id.in_(proposal_ids))
    return {one.proposal_id: one for one in session.scalars(query)}


def hearing_about(session: Session, proposal_id: int) -> Hearing | None:
    """The hearing of one proposal."""
    return hearings_about(session, [proposal_id]).get(proposal_id)


def unheard(session: Session, company_id: int, on: date) -> list[Hearing]:
    """What a company can still answer on a day, the earliest last day first; whether its proposal still matters is
    for `actions.hearing` to say."""
    query = sa.select(Hearing).join(Award, Award.id == Hearing.award_id).where(Award.company_id == company_id)
    waiting = query.where(Hearing.stated_at.is_(None), Hearing.until >= on)
    return list(session.scalars(waiting.order_by(Hearing.until, Hearing.id)))


def statements_of(session: Session, award_id: int) -> list[tuple[Hearing, AwardProposal]]:
    """What the company said about an award, the newest first, with what it was about."""
    query = sa.select(Hearing, AwardProposal).join(AwardProposal, AwardProposal.id == Hearing.proposal_id)
    said = query.where(Hearing.award_id == award_id, Hearing.stated_at.is_not(None))
    return [(one, about) for one, about in session.execute(said.order_by(Hearing.id.desc()))]
