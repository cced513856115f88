"""Khmer and English: which one a request is in, and how dates and numbers read in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, after_this_request, g, has_app_context, has_request_context, request
from flask import Response as Answer
from flask_babel import Babel, LazyString

from compliance.clock import PHNOM_PENH
from questionnaires import Lang
from scoring import text
from scoring.numbers import gap, khmer_digits

KHMER: Final = "km"
ENGLISH: Final = "en"
LANGUAGES = (KHMER, ENGLISH)
PREFIX = "/<any(km, en):lang>"
_ALL = Fraction(100)
SAFE = "/!$&'()*+,;=:@"
"""What a path may hold as it is (RFC 3986), besides letters and digits."""
TRANSLATIONS = Path(__file__).parents[2] / "translations"


def current_language() -> Lang:
    """The language of this request: its address says it, else the reader's browser, else Khmer."""
    if has_app_context() and "lang" in g:
        return ENGLISH if g.lang == ENGLISH else KHMER
    if not has_request_context():
        return KHMER
    first = request.path.split("/", 2)[1] if request.path.count("/") else ""
    g.lang = first if first in LANGUAGES else preferred_language()
    return ENGLISH if g.lang == ENGLISH else KHMER


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Inside the block everything is said in `lang`, whatever the request is in."""
    before = g.get("lang")
    g.lang = lang
    try:
        yield
    finally:
        if before is None:
            g.pop("lang")
        else:
            g.lang = before


@cache
def catalogue(lang: str, domain: str = "messages") -> NullTranslations:
    """The words of a language; English ones stand in the code itself."""
    return Translations.load(str(TRANSLATIONS), [lang], domain=domain)


def gettext(text: str, **values: Any) -> str:
    """A text in the language of the request, with `values` for its places; in English where nobody reads."""
    translated = str(catalogue(current_language() if has_app_context() else ENGLISH).gettext(text))
    return translated % values if values else translated


def lazy_gettext(text: str, **values: Any) -> LazyString:
    """The same, looked up when it is shown."""
    return LazyString(gettext, text, **values)


def preferred_language() -> Lang:
    """What the reader's browser asks for; Khmer when it does not say. Caches are told that the answer depends on it."""
    after_this_request(_by_language)
    return ENGLISH if request.accept_languages.best_match(LANGUAGES) == ENGLISH else KHMER


def _by_language(response: Answer) -> Answer:
    response.vary.add("Accept-Language")
    return response


def other(lang: str) -> Lang:
    return ENGLISH if lang == KHMER else KHMER


def km_digits(text: object, lang: str | None = None) -> str:
    """The text with Khmer digits on Khmer pages; unchanged on English ones."""
    return khmer_digits(text) if (lang or current_language()) == KHMER else str(text)


def show_number(value: Any, lang: str | None = None, digits: int = 0) -> str:
    """A number with up to `digits` decimals in the reader's digits, its point and commas as people type them here."""
    return _number_text(value or 0, lang or current_language(), digits)


@lru_cache(maxsize=4096, typed=True)
def _number_text(value: Any, lang: str, digits: int) -> str:
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return km_digits(format_decimal(value, pattern, locale="en"), lang)


def show_points(value: Fraction, lang: Lang | None = None, *beside: Fraction) -> str:
    """Points of 100 with one decimal, or as many as it takes to be on the right side of every number `beside` them."""
    return text.number(value, *beside, _ALL, places=1)[lang or current_language()]


def ngettext(one: str, several: str, number: int, **values: Any) -> str:
    """The text for so many, in the language of the request, with `values` for its places."""
    return catalogue(current_language() if has_app_context() else ENGLISH).ngettext(one, several, number) % values


def points_count(shown: str) -> int:
    """Which form English takes after points as they are shown: 1 only for exactly one."""
    return 1 if shown == "1" else 2


def in_points(shown: str) -> str:
    """Points as they are shown, with their unit."""
    return ngettext("%(points)s point", "%(points)s points", points_count(shown), points=shown)


def show_limit(value: Fraction, lang: Lang | None = None) -> str:
    """Points that others are compared with, exactly."""
    return text.limit(value)[lang or current_language()]


def show_gap(value: Fraction, limit: Fraction, lang: Lang | None = None, *beside: Fraction) -> str:
    """How many points are missing: with the points as they are shown they make the limit."""
    return text.digits(gap(value, limit, 1, (*beside, _ALL)))[lang or current_language()]


def show_date(value: date | datetime | None, lang: str | None = None) -> str:
    """A calendar day in Phnom Penh; empty for None."""
    if value is None:
        return ""
    day = value.astimezone(PHNOM_PENH).date() if isinstance(value, datetime) else value
    return _date_text(day, lang or current_language())


@lru_cache(maxsize=4096)
def _date_text(day: date, lang: str) -> str:
    return km_digits(format_date(day, "d MMMM y", locale=lang), lang)


def show_month(day: date, lang: str | None = None) -> str:
    """The month of a day by its name, and the year."""
    lang = lang or current_language()
    return km_digits(format_date(day, "MMM y", locale=lang), lang)


def show_datetime(value: datetime | None, lang: str | None = None) -> str:
    """A moment, on the clock of Phnom Penh; empty for None."""
    if value is None:
        return ""
    lang = lang or current_language()
    local = value.astimezone(PHNOM_PENH)
    pattern = "d MMMM y 'ម៉ោង' HH:mm" if lang == KHMER else "d MMMM y, HH:mm"
    return km_digits(format_datetime(local.replace(tzinfo=None), pattern, locale=lang), lang)


def show_clock(value: datetime, lang: str | None = None) -> str:
    """The time of day in Phnom Penh."""
    return km_digits(f"{value.astimezone(PHNOM_PENH):%H:%M}", lang)


def show_size(size: int, lang: str | None = None) -> str:
    """A file's size in KB or MB."""
    if size < 1_000_000:
        return f"{show_number(max(1, round(size / 1000)), lang)} KB"
    return f"{show_number(round(size / 1_000_000, 1), lang, digits=1)} MB"


def switch_url(lang: str) -> str:
    """This page in another language; the other home page where this one has no address of its own."""
    if not request.endpoint or not request.path.startswith(tuple(f"/{code}/" for code in LANGUAGES)):
        return f"/{lang}/"
    query = quote(request.query_string, safe=f"{SAFE}?%") if request.method in {"GET", "HEAD"} else ""
    return f"/{lang}{quote(request.path[3:], safe=SAFE)}{'?' if query else ''}{query}"


def init(app: Flask) -> None:
    """Babel, the `lang` part of every address, and the filters that templates use."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = KHMER
    Babel(app, locale_selector=current_language)

    @app.url_value_preprocessor
    def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values and "lang" in values:
            g.lang = values.pop("lang")

    @app.url_defaults
    def _give_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_language()

    filters = (
        km_digits,
        show_number,
        points_count,
        in_points,
        show_limit,
        show_date,
        show_month,
        show_datetime,
        show_clock,
        show_size,
    )
    for filter_ in filters:
        app.add_template_filter(filter_)
