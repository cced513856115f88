"""Proposals about who may do what: a staff role, a staff account, a company's owner; two administrators each."""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import clock
from compliance.store.awards import Outcome
from compliance.store.base import Base, Json, UtcDateTime, words

LAPSE_DAYS = 14


class AccessAct(StrEnum):
    """What is proposed."""

    INVITE = "invite"
    ROLES = "roles"
    ENABLE = "enable"
    OWNER = "owner"


OPEN = sa.text("closed_at IS NULL")


class AccessProposal(Base):
    """One administrator's wish that another one confirms.

    `person_id` is the account it is about, where there is one; `email` its address then, or the one to invite.
    `before` and `roles` are the staff roles then and as they shall be. `reason` is, for an owner, the proof seen.
    """

    __tablename__ = "access_proposals"
    __table_args__ = (
        sa.CheckConstraint(
            "outcome IS NULL OR outcome <> 'confirmed' OR (closed_by IS NOT NULL AND closed_by <> proposed_by "
            "AND (person_id IS NULL OR closed_by <> person_id))",
            name="four_eyes",
        ),
        sa.CheckConstraint("person_id IS NULL OR person_id <> proposed_by", name="not_oneself"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed"),
        sa.CheckConstraint("(act = 'owner') = (company_id IS NOT NULL)", name="company"),
        sa.Index("uq_access_proposals_email", "email", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        sa.Index("uq_access_proposals_company", "company_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[AccessAct] = mapped_column(words(AccessAct))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    email: Mapped[str] = mapped_column(String(255))
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id"))
    before: Mapped[list[str]] = mapped_column(Json)
    roles: Mapped[list[str]] = mapped_column(Json)
    language: Mapped[str] = mapped_column(String(2))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))

    @property
    def lapses_at(self) -> datetime:
        """From this moment nobody can confirm it any more."""
        return self.proposed_at + timedelta(days=LAPSE_DAYS)

    @property
    def open(self) -> bool:
        return self.closed_at is None and self.lapses_at > clock.now()


def unclosed_access(session: Session, email: str, company_id: int | None) -> list[AccessProposal]:
    """About this address or this company, lapsed ones too."""
    same = AccessProposal.email == email
    about = same if company_id is None else sa.or_(same, AccessProposal.company_id == company_id)
    return list(session.scalars(sa.select(AccessProposal).where(AccessProposal.closed_at.is_(None), about)))


def open_access(session: Session, company_id: int | None = None) -> list[AccessProposal]:
    """What can be confirmed today, of all or about one company, the oldest first."""
    query = sa.select(AccessProposal).where(AccessProposal.closed_at.is_(None))
    query = query if company_id is None else query.where(AccessProposal.company_id == company_id)
    return [one for one in session.scalars(query.order_by(AccessProposal.id)) if one.open]


def access_by(session: Session, person_id: int) -> list[AccessProposal]:
    """What somebody proposed and nobody closed."""
    query = sa.select(AccessProposal).where(AccessProposal.closed_at.is_(None), AccessProposal.proposed_by == person_id)
    return list(session.scalars(query.order_by(AccessProposal.id)))
