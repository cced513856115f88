"""The public register: searched, filtered, page by page, without JavaScript."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import current_app, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from compliance.clock import today
from compliance.domain.provinces import PROVINCES, province_name, provinces_by_name
from compliance.domain.standing import Standing
from compliance.journeys.forms import whole_number
from compliance.journeys.language import current_language, km_digits
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import FragmentCache, cached, register_state
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.rows import Today, fill_rows, fillings
from compliance.store.base import db
from compliance.store.register_search import (
    GOOD,
    LONGEST_TEXT,
    SORTS,
    Found,
    Search,
    count,
    find_all,
    ready_entries,
    years,
)
from questionnaires import current

LINES = 50
NOT_ASKED_FOR = {Standing.CURRENT, Standing.SUPERSEDED, Standing.WAITING}
STANDINGS = (GOOD, *(s.value for s in Standing if s not in NOT_ASKED_FOR))
FIRST_YEAR, LAST_YEAR = 2000, 2999
R = TypeVar("R")


@dataclass(frozen=True)
class Asked:
    """What the address asks for; whatever it says that we do not know is left out."""

    search: Search
    page: int

    def address(self, **changed: Any) -> str:
        """The query of a neighbouring page, without empty parts."""
        search = self.search
        parts: list[tuple[str, object]] = [("q", search.text), *(("level", level) for level in search.levels)]
        parts += [("kind", search.kind), ("province", search.province)]
        parts += [("year", search.year), ("standing", search.standing), ("sort", search.sort), *changed.items()]
        return "?" + urlencode([(name, value) for name, value in parts if value not in {"", None}])


def read_address(args: MultiDict[str, str]) -> Asked:
    """The search and the page number of an address; nothing in it can be wrong, only unknown."""
    edition = current()
    year = whole_number(args.get("year"))
    search = Search(
        text="".join(
            mark for mark in args.get("q", "")[:LONGEST_TEXT] if mark.isprintable() or mark == "\u200b"
        ).strip(),
        levels=tuple(level.id for level in edition.levels if level.id in args.getlist("level")),
        kind=_known(args.get("kind", ""), [kind.id for kind in edition.kinds]),
        province=_known(args.get("province", ""), PROVINCES),
        year=year if year is not None and FIRST_YEAR <= year <= LAST_YEAR else None,
        standing=_known(args.get("standing", ""), STANDINGS),
        sort=_known(args.get("sort", ""), SORTS),
    )
    return Asked(search, whole_number(args.get("page")) or 1)


def _known(value: str, known: Any) -> str:
    return value if value in known else ""


def options(values: list[tuple[str, str]], chosen: str, anything: str) -> list[dict[str, Any]]:
    """The options of a filter, `anything` first."""
    rows = [("", anything), *values]
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in rows]


@dataclass(frozen=True)
class Shell:
    """What a search shows besides its lines: the same for all its pages and readers, until the register changes."""

    text: Markup
    total: int


@dataclass(frozen=True)
class Whole:
    """What no search narrows, in one language, until the register changes."""

    everybody: int
    years: Sequence[int]
    today: Today


_LINES, _PAGES = Markup("\x1flines\x1f"), Markup("\x1fpages\x1f")
"""Where the shell is open; nobody's text holds the separator of units."""


@public.get("/register")
@cached
def register() -> str:
    lang, asked = current_language(), read_address(request.args)
    results = found_of(asked.search, lang)
    shell = shell_of(asked.search, results, lang)
    pages = max(1, -(-shell.total // LINES))
    page = min(max(1, asked.page), pages)
    awards = results.awards[(page - 1) * LINES : page * LINES]
    ready = ready_entries(db.session(), awards, today(), "row_km" if lang == "km" else "row_en")
    address = asked.address() + ("&page=" if asked.address() != "?" else "page=")
    content = shell.text.replace(_PAGES, pagination(page, pages, address, lang))
    content = content.replace(_LINES, fill_rows(ready, whole(lang).today))
    return render_template("public/register.html", search=asked.search, content=content)


def _shared(key: tuple[object, ...], make: Callable[[], R]) -> R:
    """Made once for a state of the register, for all readers; anew when nobody could read the state."""
    state = register_state()
    if state is None:
        return make()
    fragments: FragmentCache[R] = current_app.extensions["page_cache"].fragments
    return fragments.get((state, *key), make)


def found_of(search: Search, lang: str) -> Found:
    """Everybody who matches, by the name in `lang`; kept for searches without a text, which many readers share."""

    def found() -> Found:
        return find_all(db.session(), search, today(), lang)

    return found() if search.text else _shared(("found", search, lang), found)


def whole(lang: str) -> Whole:
    """What every search shows of the register."""

    def made() -> Whole:
        session, day = db.session(), today()
        return Whole(count(session, Search(), day), years(session, day), fillings())

    return _shared(("whole", lang), made)


def pagination(page: int, pages: int, address: str, lang: str) -> Markup:
    """The links to the other pages; the same for everybody who stands on this one."""
    fragments: FragmentCache[Markup] = current_app.extensions["page_cache"].fragments
    macro = current_app.jinja_env.get_template("components/pagination.html").module.pagination  # type: ignore[attr-defined]
    return fragments.get(("pages", page, pages, address, lang), lambda: macro(page, pages, address))


def shell_of(search: Search, found: Found, lang: str) -> Shell:
    """Kept for searches without a text, as what they found."""
    if search.text:
        return _make_shell(search, found, lang)
    return _shared(("shell", search, lang), lambda: _make_shell(search, found, lang))


def _make_shell(search: Search, found: Found, lang: str) -> Shell:
    register, total = whole(lang), len(found.awards)
    text = current_app.jinja_env.get_template("public/register_list.html").render(
        search=search,
        total=total,
        by_sound=found.by_sound,
        sorted_by=_sorted_by(search.sort),
        everybody=register.everybody,
        lines=_LINES,
        pagination=_PAGES,
        filters=_filters(search, lang, found.by_level, register.years),
    )
    return Shell(Markup(text), total)  # noqa: S704 (our own markup, escaped where it was not)


def _sorted_by(sort: str) -> str:
    said = {"level": _("Highest level first"), "newest": _("Newest award first")}
    return said.get(sort) or _("Sorted by name")


def _filters(search: Search, lang: str, by_level: dict[str, int], begun: Any) -> dict[str, Any]:
    edition = current()
    standings = {
        GOOD: _("In good standing"),
        "expiring": _("Renewal due"),
        "in_grace": _("In grace period"),
        "suspended": _("Suspended"),
        "expired": _("Expired"),
        "revoked": _("Revoked"),
    }
    provinces = [(id_, province_name(id_, lang)) for id_ in provinces_by_name(lang)]
    sorts = [("level", _("Highest level first")), ("newest", _("Newest award first"))]
    return {
        "levels": [
            {"id": level.id, "title": level.title[lang], "count": by_level.get(level.id, 0)}
            for level in reversed(edition.levels)
            if not search.levels or by_level.get(level.id) or level.id in search.levels
        ],
        "kinds": options([(kind.id, kind.label[lang]) for kind in edition.kinds], search.kind, _("All kinds")),
        "provinces": options(provinces, search.province, _("All provinces")),
        "years": options([(str(n), km_digits(n, lang)) for n in begun], str(search.year or ""), _("Any year")),
        "standings": options([(key, standings[key]) for key in STANDINGS], search.standing, _("Any standing")),
        "sorts": options(sorts, search.sort, _("Name")),
    }
