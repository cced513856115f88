"""Change requests: what an awarded company wants the register to say of it, and what the ministry answered."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from compliance import clock
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company, names_of_services


class Answered(StrEnum):
    """What became of a change request."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = sa.text("answered IS NULL")
NAMES = {"name_km": "km", "name_latin": "en"}
"""The columns that name a company, and the language of each."""


class ChangeRequest(Base):
    """Public details to change; `before` and `after` hold only what differs, by column. One is open a company."""

    __tablename__ = "change_requests"
    __table_args__ = (
        sa.CheckConstraint("(answered_at IS NULL) = (answered IS NULL)", name="closed"),
        sa.CheckConstraint(
            "answered IS NULL OR answered = 'withdrawn' OR (answered_by IS NOT NULL AND answered_by <> asked_by)",
            name="four_eyes",
        ),
        sa.Index("uq_change_requests_open", "company_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)
    asked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered: Mapped[Answered | None] = mapped_column(words(Answered))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    company: Mapped[Company] = relationship(lazy="joined")


def open_change(session: Session, company_id: int) -> ChangeRequest | None:
    """The company's request that waits for an answer."""
    query = sa.select(ChangeRequest).where(ChangeRequest.company_id == company_id, ChangeRequest.answered.is_(None))
    return session.scalar(query)


def open_changes(session: Session) -> list[ChangeRequest]:
    """All that waits for an answer, the oldest first."""
    query = sa.select(ChangeRequest).where(ChangeRequest.answered.is_(None))
    return list(session.scalars(query.order_by(ChangeRequest.id)))


def changes_of(session: Session, company_id: int) -> list[ChangeRequest]:
    """A company's requests, the newest first."""
    query = sa.select(ChangeRequest).where(ChangeRequest.company_id == company_id)
    return list(session.scalars(query.order_by(ChangeRequest.id.desc())))


def confirmed_changes(session: Session, company_id: int) -> list[ChangeRequest]:
    """What changed in public, the oldest first."""
    return [one for one in reversed(changes_of(session, company_id)) if one.answered is Answered.CONFIRMED]


def earlier_names(session: Session, company_id: int) -> list[str]:
    """The names, brands and services that the register once showed of a company."""
    return [name for change in confirmed_changes(session, company_id) for name in names_before(change)]


def former_names(session: Session, company_id: int) -> list[dict[str, str]]:
    """What the register called a company before, the newest first: `km` and `en` where they changed, `until` when."""
    changes = [one for one in reversed(confirmed_changes(session, company_id)) if NAMES.keys() & one.before.keys()]
    return [
        {NAMES[name]: one.before[name] for name in NAMES if name in one.before}
        | {"until": clock.day_of(one.answered_at or one.asked_at).isoformat()}
        for one in changes
    ]


def names_before(change: ChangeRequest) -> list[str]:
    """The names, brands and names of services that a change put an end to."""
    names = [change.before[name] for name in ("name_km", "name_latin") if name in change.before]
    names += [brand for brand in change.before.get("brands", ()) if brand not in change.after["brands"]]
    left = set(_service_names(change.after))
    return names + [name for name in _service_names(change.before) if name not in left]


def new_service_names(change: ChangeRequest) -> list[str]:
    """The names of services that a change brings."""
    known = set(_service_names(change.before))
    return [name for name in _service_names(change.after) if name not in known]


def _service_names(side: Mapping[str, Any]) -> list[str]:
    """Of services that the public reads of."""
    return names_of_services(side.get("services", ()))
