"""What companies say they tried of their ways to report: which way worked, and on what day."""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import clock
from compliance.domain.reporting import WAYS
from compliance.store.base import Base, Json, UtcDateTime
from compliance.store.reporting_channels import ReportingChannel, channel_history


class ChannelCheck(Base):
    """The `ways` of one channel, as it stood, that somebody of the company tried and found working.

    Rows are never changed or removed.
    """

    __tablename__ = "channel_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("reporting_channels.id"), index=True)
    ways: Mapped[list[str]] = mapped_column(Json)
    checked_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


def checks_of(session: Session, company_id: int) -> list[ChannelCheck]:
    """All checks of a company, the oldest first."""
    query = sa.select(ChannelCheck).where(ChannelCheck.company_id == company_id)
    return list(session.scalars(query.order_by(ChannelCheck.id)))


def checked_days(session: Session, company_id: int) -> dict[int, dict[str, date]]:
    """By service and way the day of the last check; none where the way was changed since."""
    checks: dict[int, list[ChannelCheck]] = {}
    for check in checks_of(session, company_id):
        checks.setdefault(check.channel_id, []).append(check)
    rows: dict[int, list[ReportingChannel]] = {}
    for row in channel_history(session, company_id):
        rows.setdefault(row.service, []).append(row)
    return {service: _days(history, checks) for service, history in rows.items()}


def _days(history: Iterable[ReportingChannel], checks: dict[int, list[ChannelCheck]]) -> dict[str, date]:
    """Of one service; what it said is the oldest first."""
    days: dict[str, date] = {}
    before = dict.fromkeys(WAYS, "")
    for row in history:
        days = {way: day for way, day in days.items() if row.ways[way] == before[way]}
        before = row.ways
        for check in checks.get(row.id, ()):
            days |= dict.fromkeys(check.ways, clock.day_of(check.checked_at))
    return days
