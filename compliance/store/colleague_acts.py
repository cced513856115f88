"""What was done to a colleague's place in a company, and whether it was undone."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance.domain.roles import CompanyRole
from compliance.store.base import Base, UtcDateTime, words
from compliance.store.people import Membership

UNDO_WITHIN = timedelta(days=1)


class ColleagueAct(StrEnum):
    """Ways in which a place changes hands or ends."""

    LEFT = "left"
    REMOVED = "removed"
    HANDED_OVER = "handed_over"
    ROLE_CHANGED = "role_changed"
    MADE_OWNER = "made_owner"


UNDOABLE = frozenset({ColleagueAct.LEFT, ColleagueAct.REMOVED, ColleagueAct.HANDED_OVER})
ENDED = frozenset({ColleagueAct.LEFT, ColleagueAct.REMOVED})


class ColleagueChange(Base):
    """One act on one membership: the role it had before; of a handing over also the membership of who handed over.

    `acted_by` is missing for the ministry's acts: who of it acted is not the company's.
    """

    __tablename__ = "colleague_acts"
    __table_args__ = (sa.CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    act: Mapped[ColleagueAct] = mapped_column(words(ColleagueAct))
    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id"))
    role_before: Mapped[CompanyRole] = mapped_column(words(CompanyRole))
    actor_membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"))
    acted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    membership: Mapped[Membership] = relationship(foreign_keys=[membership_id])

    @property
    def undo_until(self) -> datetime:
        """From this moment it stands."""
        return self.acted_at + UNDO_WITHIN


def colleague_changes(session: Session, company_id: int) -> list[ColleagueChange]:
    """All of a company, the oldest first."""
    query = sa.select(ColleagueChange).where(ColleagueChange.company_id == company_id)
    return list(session.scalars(query.order_by(ColleagueChange.id)))


def to_undo(session: Session, company_id: int, moment: datetime) -> list[ColleagueChange]:
    """What can still be undone by its age, the newest first."""
    found = colleague_changes(session, company_id)
    return [one for one in reversed(found) if one.act in UNDOABLE and one.undone_at is None and moment < one.undo_until]


def left_by(session: Session, person_id: int, moment: datetime) -> list[ColleagueChange]:
    """The companies that somebody left within the day and may come back to, the newest first."""
    query = (
        sa.select(ColleagueChange)
        .join(Membership, Membership.id == ColleagueChange.membership_id)
        .where(
            Membership.person_id == person_id,
            ColleagueChange.act == ColleagueAct.LEFT,
            ColleagueChange.undone_at.is_(None),
            ColleagueChange.acted_at > moment - UNDO_WITHIN,
        )
    )
    return list(session.scalars(query.order_by(ColleagueChange.id.desc())))
