"""Where each service of a company takes reports of harm: the newest row counts, the earlier ones are its history."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.domain.reporting import WAYS
from compliance.store.base import Base, Json, UtcDateTime


class ReportingChannel(Base):
    """What a service said from a moment on; `service` is its id among the company's services. Empty ways are none.
    `harms`: of a way that does not take every harm to a child, the kinds that it takes.

    Rows are never changed or removed: whoever was led astray by a wrong number can see who wrote it, and until when.
    """

    __tablename__ = "reporting_channels"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    service: Mapped[int] = mapped_column()
    page: Mapped[str] = mapped_column(String(300))
    telephone: Mapped[str] = mapped_column(String(40))
    menu: Mapped[str] = mapped_column(String(200))
    harms: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict, server_default="{}")
    set_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def ways(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WAYS}

    @property
    def said(self) -> dict[str, Any]:
        """The ways, and what they take."""
        return {**self.ways, "harms": dict(self.harms)}


def channel_history(session: Session, company_id: int) -> list[ReportingChannel]:
    """All that a company's services ever said, the oldest first."""
    query = sa.select(ReportingChannel).where(ReportingChannel.company_id == company_id)
    return list(session.scalars(query.order_by(ReportingChannel.id)))


def channels_of(session: Session, company_id: int) -> dict[int, ReportingChannel]:
    """What holds today, by service; also of services that the register does not show yet."""
    return {row.service: row for row in channel_history(session, company_id)}
