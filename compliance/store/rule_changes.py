"""Figures of an edition that two administrators moved, each from a day on; the one place that says what is in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import clock
from compliance.store.base import Base, Json, UtcDateTime
from questionnaires import catalogue
from questionnaires.lifecycle import Lifecycle
from questionnaires.moving import moved

_WAITING = "confirmed_at IS NULL AND withdrawn_at IS NULL"


class RuleChange(Base):
    """A figure (or the days of a list) proposed for a rule of an edition, and what became of the proposal.

    It holds from `starts`, or from the day of the confirmation where that comes later.
    """

    __tablename__ = "rule_changes"
    __table_args__ = (
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="four_eyes"),
        sa.CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        sa.CheckConstraint("confirmed_at IS NULL OR withdrawn_at IS NULL", name="closed_once"),
        sa.Index(
            "uq_rule_changes_open",
            "edition",
            "rule",
            unique=True,
            sqlite_where=sa.text(_WAITING),
            postgresql_where=sa.text(_WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(60))
    figures: Mapped[list[int]] = mapped_column(Json)
    starts: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def holds_from(self) -> date:
        """The first day on which it is in force, once it is confirmed."""
        return max(self.starts, clock.day_of(self.confirmed_at)) if self.confirmed_at else self.starts


@dataclass(frozen=True)
class RuleHistory:
    """All that was confirmed, in the order in which it comes into force."""

    changes: tuple[RuleChange, ...]

    def of(self, edition_id: str, rule: str) -> list[RuleChange]:
        """Those of one rule."""
        return [one for one in self.changes if (one.edition, one.rule) == (edition_id, rule)]

    def at(self, edition_id: str, moment: datetime) -> Lifecycle:
        """The edition's figures as they were in force at a moment: what was promised then is kept by these."""
        day = clock.day_of(moment)
        known = [one for one in self.changes if one.confirmed_at and one.confirmed_at <= moment]
        return _moved(edition_id, [one for one in known if one.holds_from <= day])

    def on(self, edition_id: str, day: date) -> Lifecycle:
        """As they are in force on a day to come, by what is confirmed so far."""
        return _moved(edition_id, [one for one in self.changes if one.holds_from <= day])


def _moved(edition_id: str, changes: Iterable[RuleChange]) -> Lifecycle:
    figures = {one.rule: tuple(one.figures) for one in changes if one.edition == edition_id}
    return moved(catalogue.edition(edition_id).lifecycle, figures)


def rule_history(session: Session) -> RuleHistory:
    """Read once where many things are looked at."""
    found = session.scalars(sa.select(RuleChange).where(RuleChange.confirmed_at.is_not(None)))
    return RuleHistory(tuple(_in_order(found)))


def _in_order(found: Iterable[RuleChange]) -> list[RuleChange]:
    return sorted(found, key=lambda one: (one.holds_from, one.confirmed_at or one.proposed_at, one.id))


def lifecycle_now(session: Session, edition_id: str) -> Lifecycle:
    """The edition's deadlines, reminders and grace as they are in force."""
    return rule_history(session).at(edition_id, clock.now())


def open_rule_changes(session: Session) -> list[RuleChange]:
    """Those that wait for a second administrator."""
    open_ = RuleChange.confirmed_at.is_(None), RuleChange.withdrawn_at.is_(None)
    return list(session.scalars(sa.select(RuleChange).where(*open_).order_by(RuleChange.id)))


def rule_changes(session: Session, edition_id: str, rule: str) -> list[RuleChange]:
    """All that was proposed for one rule, the newest first."""
    query = sa.select(RuleChange).where(RuleChange.edition == edition_id, RuleChange.rule == rule)
    return list(session.scalars(query.order_by(RuleChange.id.desc())))
