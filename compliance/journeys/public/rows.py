"""A register line: written once as HTML with gaps, the gaps filled with what depends on the day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app
from markupsafe import Markup

from compliance.domain.provinces import province_name
from compliance.domain.standing import IN_FORCE, Standing
from compliance.journeys.assets import asset
from compliance.journeys.language import show_date, speaking
from compliance.store.register import ROW_WRITER, RegisterEntry
from compliance.store.register_search import ReadyEntry
from questionnaires import edition

GAP = Markup("\x1f")
"""The separator of units, which no cleaned text contains: off, mark, state; then the dates behind the line."""
OFF = frozenset(Standing) - IN_FORCE
DATE = {Standing.SUSPENDED: 1, Standing.REVOKED: 1, Standing.IN_GRACE: 2}
"""Which of the dates a line shows: its last day, that of the last decision, the end of its grace."""
EMBLEMS = frozenset({"committed", "bronze", "silver", "gold"})


@dataclass(frozen=True)
class Line:
    """What the line's macro reads."""

    name_km: str
    name_en: str
    href: str
    level: str
    kind: str
    province: str
    former: str = ""
    off: str = GAP
    mark: str = GAP
    state: str = GAP


def kind_names(edition_id: str, kinds: Iterable[str], lang: str) -> str:
    """The kinds of a company in words, in one line."""
    labels = {kind.id: kind.label for kind in edition(edition_id).kinds}
    comma = " និង" if lang == "km" else ", "
    return comma.join(labels[kind][lang] if kind in labels else kind for kind in kinds)


def _names(former: Mapping[str, str]) -> list[str]:
    return [former[name] for name in ("km", "en") if name in former]


def write_row(entry: RegisterEntry, lang: str) -> str:
    """The line of an entry in one language, with its gaps."""
    line = Line(
        name_km=entry.name_km.replace(GAP, " "),
        name_en=entry.name_latin.replace(GAP, " "),
        href=f"/{lang}/register/{entry.slug}",
        level=entry.level,
        kind=kind_names(entry.edition, entry.kinds, lang),
        province=province_name(entry.province, lang),
        former=" · ".join(_names(entry.former[0])).replace(GAP, " ") if entry.former else "",
    )
    days = {"until": entry.ends, "since": entry.acted_on, "grace": entry.grace_ends}
    dates = {name: (day, show_date(day, lang)) for name, day in days.items()}
    with speaking(lang):
        return current_app.jinja_env.get_template("public/row.html").render(entry=line, gap=GAP, **dates)


def emblem_address(level: str) -> str:
    """The picture of a level."""
    return asset(f"pictures/emblem-{level if level in EMBLEMS else 'none'}.svg")


@dataclass(frozen=True)
class Today:
    """What fills the gaps on a page: the words of each standing, the picture of each level."""

    states: dict[Standing, Markup]
    marks: dict[str, str]


def fillings() -> Today:
    """In the language of the request."""
    return Today(
        {standing: standing_chip(standing) for standing in Standing},
        {level: emblem_address(level) for level in (*EMBLEMS, "none")},
    )


def fill_rows(rows: Iterable[ReadyEntry], today: Today) -> Markup:
    """The lines as they read today."""
    lines: list[str] = []
    for entry in rows:
        start, off, mark, end, *dates = entry.fragment.split(GAP)
        day = dates[DATE.get(entry.standing, 0)]
        is_off = " is-off" if entry.standing in OFF else ""
        lines += (start, is_off, off, today.marks.get(entry.level, today.marks["none"]), mark)
        lines += (today.states[entry.standing], '<br><span class="mute">', day, "</span>", end)
    return Markup("".join(lines))  # noqa: S704 (each part was escaped when it was written)


def standing_chip(standing: str) -> Markup:
    """The standing in words, with its mark."""
    macro = current_app.jinja_env.get_template("components/standing.html").module.standing  # type: ignore[attr-defined]
    said: Markup = macro(standing)
    return said


def init(app: Flask) -> None:
    """Tells the store how a line is written."""
    app.extensions[ROW_WRITER] = write_row
