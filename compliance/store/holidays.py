"""Cambodia's public holidays: filled ahead a year at a time from a calendar, corrected by the ministry."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.store.base import Base, UtcDateTime

LONGEST_NAME = 300


class Holiday(Base):
    """One day on which nobody works. `declared_by` is None for a day of the calendar; a removed day counts no more,
    and its row stays, so that no later filling brings it back."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name_km: Mapped[str] = mapped_column(String(LONGEST_NAME))
    name_en: Mapped[str] = mapped_column(String(LONGEST_NAME))
    declared_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def weekend(self) -> bool:
        """Whether it falls on a day that does not count anyway."""
        return self.day.weekday() >= 5


def public_holidays(session: Session) -> frozenset[date]:
    """Every day that working days pass over, of all years that are known."""
    return frozenset(session.scalars(sa.select(Holiday.day).where(Holiday.removed_at.is_(None))))


def holidays_between(session: Session, first: date, last: date) -> list[Holiday]:
    """The days that count as holidays from `first` to `last`, both included."""
    query = sa.select(Holiday).where(Holiday.day.between(first, last), Holiday.removed_at.is_(None))
    return list(session.scalars(query.order_by(Holiday.day)))


def holidays_of(session: Session, year: int) -> list[Holiday]:
    """A year's rows, the removed ones too."""
    query = sa.select(Holiday).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
    return list(session.scalars(query.order_by(Holiday.day)))


def filled_years(session: Session, years: Iterable[int]) -> frozenset[int]:
    """Which of these years the calendar has been written for."""
    return frozenset(
        year for year in years if any(holiday.declared_by is None for holiday in holidays_of(session, year))
    )


def fill(session: Session, rows: list[dict[str, Any]]) -> int:
    """Writes days of the calendar (day, name_km, name_en); a day that stands there already stays as it is.

    Returns how many are new: none when another worker was a moment quicker.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    added = insert(Holiday).values(rows).on_conflict_do_nothing(index_elements=["day"]).returning(Holiday.day)
    return len(session.scalars(added).all())
