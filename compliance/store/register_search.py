"""Finding entries: words in both scripts, filters, pages, counts and the whole list for open data."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only

from compliance.domain.search import fold
from compliance.domain.sounds import SHORTEST, sounds
from compliance.domain.standing import EXPIRING_DAYS, IN_FORCE, AwardAct, Standing, Term, standing
from compliance.store.register import RegisterEntry
from questionnaires import current

GOOD = "good"
"""The filter for every award that is in force, whatever it is near to."""
LONGEST_TEXT = 200
MOST_WORDS = 8
TRIGRAM = 3
BY_NAME = "name"
SORTS = ("level", "newest")
"""What a list may be sorted by instead of the name: highest level first, latest award first."""
Order: TypeAlias = "array[int]"
"""Award ids in the order of a list: eight bytes each, so that the whole register's order can be kept."""

_words_found = sa.table("register_words", sa.column("rowid"), sa.column("folded"))


@dataclass(frozen=True)
class Search:
    """What a reader looks for; empty fields do not narrow."""

    text: str = ""
    levels: tuple[str, ...] = ()
    kind: str = ""
    province: str = ""
    year: int | None = None
    standing: str = ""
    sort: str = ""
    """One of SORTS; nothing is by name."""


Fragment = Literal["row_km", "row_en", "json"]


@dataclass(frozen=True)
class Found:
    """The awards that a search found, in order, and how many of each level.

    `by_sound`: nothing holds the words as they were typed; these have names that sound like them.
    """

    awards: Order
    by_level: dict[str, int]
    by_sound: bool = False


@dataclass(frozen=True)
class ReadyEntry:
    """An entry's ready HTML or JSON, and what fills its gaps."""

    fragment: str
    level: str
    standing: Standing


def standing_on(on: date) -> sa.ColumnElement[str]:
    """`domain.standing.standing` as SQL, so that a search can filter by it (a test compares the two)."""
    entry = RegisterEntry
    return sa.case(
        (entry.last_act == AwardAct.REVOKED, Standing.REVOKED.value),
        (entry.last_act == AwardAct.SUPERSEDED, Standing.SUPERSEDED.value),
        (sa.and_(entry.starts > on, entry.last_act != AwardAct.SUSPENDED), Standing.WAITING.value),
        (entry.grace_ends < on, Standing.EXPIRED.value),
        (entry.last_act == AwardAct.SUSPENDED, Standing.SUSPENDED.value),
        (entry.ends < on, Standing.IN_GRACE.value),
        (entry.ends < on + timedelta(days=EXPIRING_DAYS), Standing.EXPIRING.value),
        else_=Standing.CURRENT.value,
    )


def _words(session: Session, words: Sequence[str]) -> Iterator[sa.ColumnElement[bool]]:
    """Entries that contain all the words, in the middle of others too.

    Those of three characters and more are looked up in SQLite's trigram index, together: each alone may be in
    thousands of entries. PostgreSQL uses its own index for LIKE.
    """
    indexed = [word for word in words if len(word) >= TRIGRAM and session.get_bind().dialect.name == "sqlite"]
    if indexed:
        together = " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)
        hits = sa.select(_words_found.c.rowid).where(_words_found.c.folded.match(together))
        yield RegisterEntry.award_id.in_(hits)
    yield from (RegisterEntry.folded.contains(word, autoescape=True) for word in words if word not in indexed)


def _conditions(session: Session, search: Search, on: date) -> list[sa.ColumnElement[bool]]:
    words = fold(search.text[:LONGEST_TEXT]).split()[:MOST_WORDS]
    return [*_filters(search, on), *_words(session, words)]


def _filters(search: Search, on: date) -> list[sa.ColumnElement[bool]]:
    entry = RegisterEntry
    conditions = [entry.shown_from <= on, entry.shown_to >= on]
    if search.levels:
        conditions.append(entry.level.in_(search.levels))
    if search.kind:
        conditions.append(entry.kinds_text.contains(f" {search.kind} ", autoescape=True))
    if search.province:
        conditions.append(entry.province == search.province)
    if search.year is not None:
        conditions.append(entry.starts.between(date(search.year, 1, 1), date(search.year, 12, 31)))
    if search.standing == GOOD:
        conditions.append(standing_on(on).in_([good.value for good in sorted(IN_FORCE)]))
    elif search.standing:
        conditions.append(standing_on(on) == search.standing)
    return conditions


def _order(lang: str, sort: str = "") -> tuple[Any, ...]:
    entry = RegisterEntry
    by_name = (entry.key_km if lang == "km" else entry.key_latin, entry.award_id)
    if sort == "newest":
        return (entry.starts.desc(), *by_name)
    if sort == "level":
        ranks = {level.id: rank for rank, level in enumerate(current().levels)}
        return (sa.case(ranks, value=entry.level, else_=-1).desc(), *by_name)
    return by_name


def find(session: Session, search: Search, on: date, offset: int, limit: int, lang: str = "en") -> list[RegisterEntry]:
    """Matching entries, by the name in `lang`."""
    query = sa.select(RegisterEntry).where(*_conditions(session, search, on)).order_by(*_order(lang, search.sort))
    return list(session.scalars(query.offset(offset).limit(limit)))


def find_all(session: Session, search: Search, on: date, lang: str) -> Found:
    """Everybody who matches, as `search.sort` says, and how many there are at each level, in one look."""
    entry = RegisterEntry
    query = sa.select(entry.award_id, entry.level).order_by(*_order(lang, search.sort))
    rows = session.connection().execute(query.where(*_conditions(session, search, on))).all()
    spoken = "" if rows else sounds(search.text[:LONGEST_TEXT])
    by_sound = len(spoken) >= SHORTEST
    if by_sound:
        alike = entry.sounds.contains(f" {spoken}", autoescape=True)
        rows = session.connection().execute(query.where(*_filters(search, on), alike)).all()
    return Found(array("q", (row[0] for row in rows)), Counter(row[1] for row in rows), by_sound and bool(rows))


def ready_entries(session: Session, awards: Order, on: date, kind: Fragment) -> list[ReadyEntry]:
    """Ready lines, or ready JSON, in the order of `awards`."""
    rows = session.connection().execute(_fragments(kind), {"awards": list(awards)}).all()
    ready = {
        award: ReadyEntry(fragment, level, standing(Term(starts, ends, grace), act, on))
        for award, fragment, level, starts, ends, grace, act in rows
    }
    return [ready[award] for award in awards if award in ready]


@lru_cache(maxsize=3)
def _fragments(kind: Fragment) -> Any:
    """The statement that most readers need, built once: building it costs more than running it."""
    entry = cast("sa.Table", RegisterEntry.__table__).c
    columns = (entry.award_id, entry[kind], entry.level, entry.starts, entry.ends, entry.grace_days, entry.last_act)
    return sa.select(*columns).where(entry.award_id.in_(sa.bindparam("awards", expanding=True)))


def count(session: Session, search: Search, on: date) -> int:
    """How many entries match."""
    query = sa.select(sa.func.count()).select_from(RegisterEntry).where(*_conditions(session, search, on))
    return session.scalar(query) or 0


def count_by_level(session: Session, search: Search, on: date) -> dict[str, int]:
    """How many entries match at each level."""
    query = sa.select(RegisterEntry.level, sa.func.count()).where(*_conditions(session, search, on))
    return {row[0]: row[1] for row in session.execute(query.group_by(RegisterEntry.level))}


def years(session: Session, on: date) -> Sequence[int]:
    """The years in which shown awards began, newest first."""
    begun = sa.extract("year", RegisterEntry.starts)
    query = sa.select(begun).where(RegisterEntry.shown_from <= on, RegisterEntry.shown_to >= on)
    return sorted({int(year) for year in session.scalars(query.distinct())}, reverse=True)


def everything(session: Session, on: date) -> Iterator[RegisterEntry]:
    """All entries shown on a day, by Latin name, a few at a time."""
    query = sa.select(RegisterEntry).where(*_conditions(session, Search(), on)).order_by(*_order("en"))
    yield from session.scalars(query.execution_options(yield_per=500))


def narrow_entries(session: Session, on: date) -> Iterator[RegisterEntry]:
    """All entries shown on a day, with nothing read of each but its award's days and its services."""
    entry = RegisterEntry
    term = (entry.starts, entry.ends, entry.grace_days, entry.last_act, entry.edition)
    query = sa.select(entry).where(*_conditions(session, Search(), on)).order_by(entry.award_id)
    query = query.options(load_only(entry.company_id, entry.services, *term, raiseload=True))
    yield from session.scalars(query.execution_options(yield_per=500))


def shown_slugs(session: Session, on: date) -> list[str]:
    """The companies that have a page on a day, by the name in its address."""
    shown = RegisterEntry.shown_from <= on, RegisterEntry.shown_to >= on
    return list(session.scalars(sa.select(RegisterEntry.slug).where(*shown).order_by(RegisterEntry.slug)))


def newest(session: Session, search: Search, on: date, limit: int) -> list[RegisterEntry]:
    """Matching entries, the newest awards first."""
    entry = RegisterEntry
    query = sa.select(entry).where(*_conditions(session, search, on))
    return list(session.scalars(query.order_by(entry.starts.desc(), entry.award_id.desc()).limit(limit)))


def count_by_province(session: Session, search: Search, on: date) -> dict[str, int]:
    """How many entries match in each province that has some."""
    query = sa.select(RegisterEntry.province, sa.func.count()).where(*_conditions(session, search, on))
    return {row[0]: row[1] for row in session.execute(query.group_by(RegisterEntry.province))}


def provinces_covered(session: Session, search: Search, on: date) -> int:
    """In how many provinces there are matching companies."""
    query = sa.select(sa.func.count(RegisterEntry.province.distinct())).where(*_conditions(session, search, on))
    return session.scalar(query) or 0


def count_by_kind_and_level(session: Session, search: Search, on: date) -> dict[tuple[str, str], int]:
    """How many entries match, by the kind that a company names first and by level."""
    first = sa.func.trim(RegisterEntry.kinds_text)
    query = sa.select(first, RegisterEntry.level, sa.func.count()).where(*_conditions(session, search, on))
    counted: dict[tuple[str, str], int] = {}
    for kinds, level, number in session.execute(query.group_by(first, RegisterEntry.level)):
        key = (kinds.partition(" ")[0], level)
        counted[key] = counted.get(key, 0) + number
    return counted
