"""The public's read model: one entry a company that holds or held an award, rewritten with every decision."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import clock
from compliance.domain.search import fold
from compliance.domain.standing import EXPIRING_DAYS, AwardAct, Standing, Term, standing
from compliance.store.awards import Award, awards_of
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.companies import Company

HISTORY_MONTHS = 36


class RegisterEntry(Base):
    """What the register shows of one company; `grace_ends` and `last_act` give its standing on any day."""

    __tablename__ = "register_entries"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name_km: Mapped[str] = mapped_column(String(200))
    name_latin: Mapped[str] = mapped_column(String(200))
    sort_latin: Mapped[str] = mapped_column(String(200), index=True)
    kinds: Mapped[list[str]] = mapped_column(Json)
    kinds_text: Mapped[str] = mapped_column(String(300))
    province: Mapped[str] = mapped_column(String(40))
    website: Mapped[str] = mapped_column(String(300))
    level: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    edition: Mapped[str] = mapped_column(String(40))
    scope_km: Mapped[str] = mapped_column(Text)
    scope_en: Mapped[str] = mapped_column(Text)
    starts: Mapped[date] = mapped_column()
    ends: Mapped[date] = mapped_column()
    grace_days: Mapped[int] = mapped_column()
    grace_ends: Mapped[date] = mapped_column()
    last_act: Mapped[AwardAct] = mapped_column(words(AwardAct))
    folded: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def standing(self, on: date) -> Standing:
        """Computed, as for the award itself."""
        return standing(Term(self.starts, self.ends, self.grace_days), self.last_act, on)


class RegisterChange(Base):
    """One row: a number that grows with every change of the register; caches are keyed by it."""

    __tablename__ = "register_changes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty fields do not narrow."""

    text: str = ""
    level: str = ""
    kind: str = ""
    province: str = ""
    year: int | None = None
    standing: str = ""


def standing_on(on: date) -> sa.ColumnElement[str]:
    """`domain.standing.standing` as SQL, so that a search can filter by it (a test compares the two)."""
    entry = RegisterEntry
    return sa.case(
        (entry.last_act == AwardAct.REVOKED, Standing.REVOKED.value),
        (entry.last_act == AwardAct.SUPERSEDED, Standing.SUPERSEDED.value),
        (entry.grace_ends < on, Standing.EXPIRED.value),
        (entry.last_act == AwardAct.SUSPENDED, Standing.SUSPENDED.value),
        (entry.ends < on, Standing.IN_GRACE.value),
        (entry.ends < on + timedelta(days=EXPIRING_DAYS), Standing.EXPIRING.value),
        else_=Standing.CURRENT.value,
    )


def _matching(search: Search, on: date) -> sa.Select[Any]:
    entry = RegisterEntry
    query = sa.select(entry).where(entry.starts <= on)
    for word in fold(search.text).split()[:8]:
        query = query.where(entry.folded.contains(word, autoescape=True))
    if search.level:
        query = query.where(entry.level == search.level)
    if search.kind:
        query = query.where(entry.kinds_text.contains(f" {search.kind} ", autoescape=True))
    if search.province:
        query = query.where(entry.province == search.province)
    if search.year is not None:
        query = query.where(sa.extract("year", entry.starts) == search.year)
    if search.standing:
        query = query.where(standing_on(on) == search.standing)
    return query


def find(session: Session, search: Search, on: date, offset: int, limit: int) -> list[RegisterEntry]:
    """Matching entries by Latin name."""
    query = _matching(search, on).order_by(RegisterEntry.sort_latin, RegisterEntry.company_id)
    return list(session.scalars(query.offset(offset).limit(limit)))


def count(session: Session, search: Search, on: date) -> int:
    """How many entries match."""
    return session.scalar(sa.select(sa.func.count()).select_from(_matching(search, on).subquery())) or 0


def entry_by_slug(session: Session, slug: str) -> RegisterEntry | None:
    """One company's entry."""
    return session.scalar(sa.select(RegisterEntry).where(RegisterEntry.slug == slug))


def change_number(session: Session) -> int:
    """The register's change number; equal numbers mean equal content on the same day."""
    return session.scalar(sa.select(RegisterChange.number).where(RegisterChange.id == 1)) or 0


def shown_award(awards: list[Award], on: date) -> Award | None:
    """The award an entry shows: the newest that has started and was not replaced; else the newest of all."""
    begun = [award for award in awards if award.starts <= on and award.last_act is not AwardAct.SUPERSEDED]
    candidates = begun or awards
    return max(candidates, key=lambda award: (award.starts, award.id), default=None)


def refresh_entry(session: Session, company_id: int) -> None:
    """Rewrites a company's entry from its awards; call it in the transaction that changed them."""
    company = session.get_one(Company, company_id)
    award = shown_award(awards_of(session, company_id), clock.today())
    if award is None:
        return
    entry = session.get(RegisterEntry, company_id) or RegisterEntry(company_id=company_id)
    entry.award_id = award.id
    entry.slug = company.slug
    entry.name_km, entry.name_latin = company.name_km, company.name_latin
    entry.sort_latin = fold(company.name_latin)[:200]
    entry.kinds, entry.kinds_text = company.kinds, f" {' '.join(company.kinds)} "
    entry.province, entry.website = company.province, company.website
    entry.level, entry.number, entry.edition = award.level, award.number, award.edition
    entry.scope_km, entry.scope_en = award.scope_km, award.scope_en
    entry.starts, entry.ends = award.starts, award.ends
    entry.grace_days, entry.grace_ends = award.grace_days, award.term.grace_ends
    entry.last_act = award.last_act
    entry.folded = fold(f"{company.name_km} {company.name_latin} {award.scope_km} {award.scope_en} {award.number}")
    entry.changed_at = clock.now()
    session.add(entry)
    session.flush()
    bump(session)


def bump(session: Session) -> None:
    """Says that the register changed."""
    changed = session.get(RegisterChange, 1, with_for_update=True) or RegisterChange(id=1, number=0)
    changed.number += 1
    session.add(changed)
    session.flush()
