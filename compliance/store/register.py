"""The public's read model: one entry an award, with the days on which it is the one to show."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import clock
from compliance.domain.collation import collation_key
from compliance.domain.provinces import province_name
from compliance.domain.renewal import add_months
from compliance.domain.reporting import WAYS
from compliance.domain.search import fold
from compliance.domain.sounds import beginnings
from compliance.domain.standing import AwardAct, Standing, Term, standing
from compliance.store.awards import Award, awards_of, certificates_of, settle
from compliance.store.base import Base, Json, UtcDateTime, words
from compliance.store.changes import earlier_names, former_names
from compliance.store.channel_checks import checked_days
from compliance.store.companies import Company, service_name
from compliance.store.public_record import Shown, facts_of, tell
from compliance.store.reporting_channels import channels_of
from compliance.store.transparency import log_size
from questionnaires import edition

CHANGED = "register_changed"
"""In a session's `info`: its running transaction changes the register."""
ROW_WRITER, JSON_WRITER = "register_row_writer", "register_json_writer"
"""Application extensions: whoever shows entries says how their lines and their JSON are written."""
NEWS: tuple[str, ...] = ("slug", "name_km", "name_latin", "kinds", "province", "website", "level", "number", "edition")
NEWS += (
    "scope_km",
    "scope_en",
    "not_covered_km",
    "not_covered_en",
    "brands",
    "covered",
    "services",
    "starts",
    "ends",
    "grace_ends",
    "last_act",
    "acted_on",
)
"""What the public reads of an entry."""


class RegisterEntry(Base):
    """What the register shows of one award, from `shown_from` to `shown_to`; standing is computed from the dates.

    A renewal that starts next month has its entry today: on its first day it takes over by itself.
    """

    __tablename__ = "register_entries"
    __table_args__ = (
        # All that finding a page of lines reads: the entries themselves are wide.
        sa.Index("ix_register_entries_km", "key_km", "award_id", "shown_from", "shown_to", "level"),
        sa.Index("ix_register_entries_latin", "key_latin", "award_id", "shown_from", "shown_to", "level"),
        sa.Index("ix_register_entries_days", "shown_from", "shown_to", "level", "starts"),
    )

    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    shown_from: Mapped[date] = mapped_column()
    shown_to: Mapped[date] = mapped_column()
    slug: Mapped[str] = mapped_column(String(80), index=True)
    name_km: Mapped[str] = mapped_column(String(200))
    name_latin: Mapped[str] = mapped_column(String(200))
    key_km: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    key_latin: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    kinds: Mapped[list[str]] = mapped_column(Json)
    kinds_text: Mapped[str] = mapped_column(String(300))
    province: Mapped[str] = mapped_column(String(40))
    website: Mapped[str] = mapped_column(String(300))
    level: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    edition: Mapped[str] = mapped_column(String(40))
    scope_km: Mapped[str] = mapped_column(Text)
    scope_en: Mapped[str] = mapped_column(Text)
    not_covered_km: Mapped[str] = mapped_column(Text, default="", server_default="")
    not_covered_en: Mapped[str] = mapped_column(Text, default="", server_default="")
    former: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list, server_default="[]")
    brands: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    covered: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    services: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")
    starts: Mapped[date] = mapped_column()
    ends: Mapped[date] = mapped_column()
    grace_days: Mapped[int] = mapped_column()
    grace_ends: Mapped[date] = mapped_column()
    last_act: Mapped[AwardAct] = mapped_column(words(AwardAct))
    acted_on: Mapped[date] = mapped_column()
    folded: Mapped[str] = mapped_column(Text)
    sounds: Mapped[str] = mapped_column(Text, server_default="")
    row_km: Mapped[str] = mapped_column(Text)
    row_en: Mapped[str] = mapped_column(Text)
    json: Mapped[str] = mapped_column(Text, server_default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    def standing(self, on: date) -> Standing:
        """Computed, as for the award itself."""
        return standing(Term(self.starts, self.ends, self.grace_days), self.last_act, on)


RowWriter = Callable[[RegisterEntry, str], str]
JsonWriter = Callable[[RegisterEntry], str]


class RegisterChange(Base):
    """One row: a number that grows with every change of the register; caches are keyed by it."""

    __tablename__ = "register_changes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)


def shown_days(awards: list[Award]) -> list[tuple[Award, date, date]]:
    """When each award of one company is the one to show: from its start until the next one's.

    The last stays for the edition's months of history after its grace. One replaced on its first day has no day, nor
    has one that was ended before it began.
    """
    days = []
    for award in awards:
        if award.replaced_from is None:
            months = edition(award.edition).register.history_months
            last = add_months(award.term.grace_ends, months)
        else:
            last = award.replaced_from - timedelta(days=1)
        if award.held.begins and award.starts <= last:
            days.append((award, award.starts, last))
    return days


def refresh_entry(session: Session, company_id: int) -> None:
    """Rewrites a company's entries from its awards and tells the transparency log; call it in the transaction that
    changed them.

    An entry's `changed_at` moves only when something that the public reads of it changed.
    """
    tell(session, _rewritten(session, company_id))
    bump(session)


def _rewritten(session: Session, company_id: int) -> list[Shown]:
    """The entries as they are now; every award with what the public reads of it."""
    company = session.get_one(Company, company_id)
    awards = awards_of(session, company_id)
    settle(awards)
    services = _services(session, company)
    # Old names and the numbers of all certificates lead here.
    earlier, former = earlier_names(session, company_id), former_names(session, company_id)
    earlier += [one.number for one in certificates_of(session, [award.id for award in awards])]
    shown = shown_days(awards)
    kept = {award.id for award, _first, _last in shown}
    stale = sa.delete(RegisterEntry).where(RegisterEntry.company_id == company_id, RegisterEntry.award_id.not_in(kept))
    session.execute(stale)
    for award, first, last in shown:
        entry = session.get(RegisterEntry, award.id)
        before = _news(entry) if entry else None
        entry = entry or RegisterEntry(award_id=award.id, changed_at=award.acted_at)
        entry.shown_from, entry.shown_to = first, last
        _copy_company(entry, company)
        entry.services = services
        entry.former = former
        _copy_award(entry, award, earlier)
        if before not in {None, _news(entry)}:
            entry.changed_at = clock.now()
        _write_rows(entry)
        session.add(entry)
    session.flush()
    until = {award.id: last for award, _first, last in shown}
    return [Shown(one, facts_of(one, services), until.get(one.id, date.min) >= clock.today()) for one in awards]


def _services(session: Session, company: Company) -> list[dict[str, Any]]:
    """Those that the public reads of, each with where it takes reports of harm and since when it says so."""
    channels, checked = channels_of(session, company.id), checked_days(session, company.id)
    told = []
    for one in company.services:
        if one["public"]:
            channel = channels.get(one["id"])
            ways = channel.ways if channel else dict.fromkeys(WAYS, "")
            since = clock.day_of(channel.set_at).isoformat() if channel and any(ways.values()) else ""
            # Left out, as days are, where none is said: entries of before read the same.
            harms = {"harms": dict(channel.harms)} if channel and channel.harms else {}
            days = {way: day.isoformat() for way, day in sorted(checked.get(one["id"], {}).items())}
            more = {**harms, **({"checked": days} if days else {})}
            told.append({"km": one["km"], "latin": one["latin"], "kind": one["kind"], **ways, "since": since, **more})
    return told


def _news(entry: RegisterEntry) -> str:
    """All that readers are told of an entry, to see whether anything changed."""
    return repr([getattr(entry, name) for name in NEWS])


def _copy_company(entry: RegisterEntry, company: Company) -> None:
    entry.company_id, entry.slug = company.id, company.slug
    entry.name_km, entry.name_latin = company.name_km, company.name_latin
    entry.key_km = collation_key(company.name_km, "km")
    entry.key_latin = collation_key(company.name_latin, "en")
    entry.kinds, entry.kinds_text = list(company.kinds), f" {' '.join(company.kinds)} "
    entry.province, entry.website = company.province, company.website
    entry.brands = list(company.brands)


def _copy_award(entry: RegisterEntry, award: Award, earlier: list[str]) -> None:
    entry.level, entry.number, entry.edition = award.level, award.number, award.edition
    entry.scope_km, entry.scope_en = award.scope_km, award.scope_en
    entry.not_covered_km, entry.not_covered_en = award.not_covered_km, award.not_covered_en
    named = [*entry.brands, *(service_name(one) for one in entry.services)]
    entry.covered = [name for name in award.brands if name in named]
    entry.starts, entry.ends = award.starts, award.ends
    entry.grace_days, entry.grace_ends = award.grace_days, award.term.grace_ends
    entry.last_act = award.last_act
    entry.acted_on = clock.day_of(award.acted_at)
    level = edition(award.edition).level(award.level)
    services = [one[key] for one in entry.services for key in ("km", "latin") if one[key]]
    called = [entry.name_km, entry.name_latin, *entry.brands, *services, *earlier]
    said = [*called, entry.scope_km, entry.scope_en, entry.number, entry.slug, level.title.km, level.title.en]
    said += [province_name(entry.province, lang) for lang in ("km", "en")]
    entry.folded = fold("\n".join(said))
    entry.sounds = "".join(map(beginnings, called))


def _write_rows(entry: RegisterEntry) -> None:
    """The entry's line as ready HTML and its JSON, both with gaps for what depends on the day."""
    write_row: RowWriter = current_app.extensions[ROW_WRITER]
    write_json: JsonWriter = current_app.extensions[JSON_WRITER]
    entry.row_km, entry.row_en, entry.json = write_row(entry, "km"), write_row(entry, "en"), write_json(entry)


def rebuild(session: Session) -> int:
    """Rewrites every entry, after texts, marks or the markup of a line changed; how many companies there are."""
    companies = list(session.scalars(sa.select(Award.company_id).distinct()))
    tell(session, [shown for company_id in companies for shown in _rewritten(session, company_id)])
    bump(session)
    return len(companies)


def is_complete(session: Session) -> bool:
    """False after a migration that gave entries a part that nobody has written yet, or awards a log that is empty:
    `rebuild` writes it."""
    unwritten = sa.select(RegisterEntry.award_id).where(RegisterEntry.json == "")
    log_is_there = log_size(session) > 0 or session.scalar(sa.select(Award.id).limit(1)) is None
    return log_is_there and session.scalar(unwritten.limit(1)) is None


class Commits:
    """How often this process has committed a change of the register: its own caches need not ask the database."""

    def __init__(self) -> None:
        self.number = 0


commits = Commits()


@sa.event.listens_for(Session, "after_commit")
def _count(session: Session) -> None:
    if session.info.pop(CHANGED, False):
        commits.number += 1


def bump(session: Session) -> None:
    """Says that the register changed."""
    session.info[CHANGED] = True
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    number = RegisterChange.__table__.c.number
    first = insert(RegisterChange).values(id=1, number=1)
    session.execute(first.on_conflict_do_update(index_elements=["id"], set_={"number": number + 1}))


def change_number(session: Session) -> int:
    """The register's change number; equal numbers mean equal content on the same day."""
    return session.scalar(sa.select(RegisterChange.number).where(RegisterChange.id == 1)) or 0


def entry_by_slug(session: Session, slug: str, on: date) -> RegisterEntry | None:
    """The entry a company's page shows on a day."""
    shown = sa.and_(RegisterEntry.shown_from <= on, RegisterEntry.shown_to >= on)
    return session.scalar(sa.select(RegisterEntry).where(RegisterEntry.slug == slug, shown))
