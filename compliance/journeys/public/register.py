"""The public register: searched, filtered, page by page, without JavaScript."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from compliance.clock import today
from compliance.domain.provinces import PROVINCES, province_name
from compliance.domain.standing import Standing
from compliance.journeys.kept import kept
from compliance.journeys.language import current_language
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.rows import fill_rows
from compliance.store.base import db
from compliance.store.register_search import GOOD, LONGEST_TEXT, Search, count, count_by_level, find_rows, years
from questionnaires import current

LINES = 50
STANDINGS = (GOOD, *(s.value for s in Standing if s not in {Standing.CURRENT, Standing.SUPERSEDED}))


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
        parts += [("year", search.year), ("standing", search.standing), *changed.items()]
        return "?" + urlencode([(name, value) for name, value in parts if value not in {"", None}])


def read_address(args: MultiDict[str, str]) -> Asked:
    """The search and the page number of an address; nothing in it can be wrong, only unknown."""
    edition = current()
    year = args.get("year", "")
    search = Search(
        text=args.get("q", "").replace("\0", "")[:LONGEST_TEXT].strip(),
        levels=tuple(level.id for level in edition.levels if level.id in args.getlist("level")),
        kind=_known(args.get("kind", ""), [kind.id for kind in edition.kinds]),
        province=_known(args.get("province", ""), PROVINCES),
        year=int(year) if year.isascii() and year.isdigit() and 2000 <= int(year[:9]) <= 2999 else None,
        standing=_known(args.get("standing", ""), STANDINGS),
    )
    page = args.get("page", "1")
    return Asked(search, int(page) if page.isascii() and page.isdigit() and 0 < len(page) <= 6 else 1)


def _known(value: str, known: Any) -> str:
    return value if value in known else ""


def options(values: list[tuple[str, str]], chosen: str, anything: str) -> list[dict[str, Any]]:
    """The options of a filter, `anything` first."""
    rows = [("", anything), *values]
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in rows]


@public.get("/register")
@kept
def register() -> str:
    lang, day, session = current_language(), today(), db.session()
    asked = read_address(request.args)
    by_level = count_by_level(session, asked.search, day)
    total = sum(by_level.values())
    pages = max(1, -(-total // LINES))
    page = min(max(asked.page, 1), pages)
    found = find_rows(session, asked.search, day, (page - 1) * LINES, LINES, lang)
    return render_template(
        "public/register.html",
        search=asked.search,
        total=total,
        everybody=total if asked.search == Search() else count(session, Search(), day),
        rows=fill_rows(found),
        page=page,
        pages=pages,
        address=asked.address() + ("&page=" if asked.address() != "?" else "page="),
        filters=_filters(asked.search, lang, by_level, years(session, day)),
    )


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
    provinces = sorted(((id_, province_name(id_, lang)) for id_ in PROVINCES), key=lambda pair: pair[1])
    return {
        "levels": [
            {"id": level.id, "title": level.title[lang], "count": by_level.get(level.id, 0)}
            for level in reversed(edition.levels)
            if not search.levels or by_level.get(level.id) or level.id in search.levels
        ],
        "kinds": options([(kind.id, kind.label[lang]) for kind in edition.kinds], search.kind, _("All kinds")),
        "provinces": options(provinces, search.province, _("All provinces")),
        "years": options([(str(year), str(year)) for year in begun], str(search.year or ""), _("Any year")),
        "standings": options([(key, standings[key]) for key in STANDINGS], search.standing, _("Any standing")),
    }
