"""The national picture: who takes part and where, which levels, what is missed most, what the action plan asks."""

from collections.abc import Mapping
from decimal import Decimal

from flask import render_template
from sqlalchemy.orm import Session

from compliance.clock import today
from compliance.domain.provinces import province_name, provinces_by_name
from compliance.domain.sizes import SIZES
from compliance.journeys.language import current_language, km_digits, show_date, show_number
from compliance.journeys.language import gettext as _
from compliance.journeys.page_cache import cached
from compliance.journeys.public import charts
from compliance.journeys.public.blueprint import public
from compliance.journeys.public.charts import in_words
from compliance.journeys.public.home import counts
from compliance.journeys.public.national import Line, Lines, Table, days_shown, lines, newest, series, total_submitted
from compliance.journeys.public.plan import plan_lines
from compliance.store.base import db
from questionnaires import Edition, current

MOST_MISSED = 8


@public.get("/statistics")
@cached
def statistics() -> str:
    lang, session, edition = current_language(), db.session(), current()
    found = lines(session, edition, today())
    return render_template(
        "public/statistics.html",
        minimum=edition.register.national_statistics.min_companies_per_cell,
        counts=counts(session),
        summary=summary(found, lang),
        levels=level_chart(edition, found, lang),
        levels_by_year=levels_by_year(edition, found, lang),
        levels_by_kind=levels_table(edition, found, lang),
        kinds=charts.bars(kind_labels(edition, lang), newest(found, "submitted", "kind"), lang, by_kind(found)),
        kinds_table=participation_table(edition, found, lang),
        tiles=charts.tiles(found, lang),
        provinces_table=provinces_table(found, lang),
        sizes=charts.bars(size_labels(lang), newest(found, "submitted", "size"), lang, {}),
        sizes_table=sizes_table(found, lang),
        missed=missed_bars(edition, found, lang),
        missed_table=most_missed(edition, found, lang),
        plan=plan_lines(edition, found, lang),
        as_of={name: _day(newest(found, *key), lang) for name, key in BLOCKS.items()},
    )


BLOCKS = {
    "submitted": ("submitted", "kind"),
    "provinces": ("submitted", "province"),
    "sizes": ("submitted", "size"),
    "concerns": ("concerns-raised", ""),
}


def _day(found: Mapping[str, Line], lang: str) -> str:
    """When these were told; they are told together."""
    return next((show_date(line.on, lang) for line in found.values() if line.on), "")


def summary(found: Lines, lang: str) -> dict[str, str]:
    """The figures at the head of the page; nothing stands where nothing was told yet."""
    one = {name: newest(found, name).get("") for name in ("registered", "concerns-raised", "concerns-closed")}
    told = {**one, "submitted": total_submitted(found)}
    return {name.replace("-", "_"): in_words(line, lang) for name, line in told.items()}


def kind_labels(edition: Edition, lang: str) -> dict[str, str]:
    return {kind.id: kind.label[lang] for kind in edition.kinds}


def size_labels(lang: str) -> dict[str, str]:
    """The classes of size in words."""

    def words(least: int, most: int | None) -> str:
        if most is None:
            return _("%(number)s workers or more", number=show_number(least, lang))
        return _("%(first)s–%(last)s workers", first=show_number(least, lang), last=show_number(most, lang))

    return {name: words(*ends) for name, ends in SIZES.items()}


def by_kind(found: Lines) -> dict[str, int]:
    """Awards in force by the kind that the company names first."""
    counted: dict[str, int] = {}
    for of, line in newest(found, "awards", "kind-level").items():
        kind = of.partition("/")[0]
        counted[kind] = counted.get(kind, 0) + int(line.last or 0)
    return counted


def level_chart(edition: Edition, found: Lines, lang: str) -> dict[str, object]:
    """Rows of signs, the highest level first, and how many awards one sign stands for."""
    unit = charts.unit_of(int(line.last or 0) for line in found if (line.figure, line.by) == ("awards", "level"))
    rows = [(level.id, charts.signs(found, level.id, unit, lang)) for level in reversed(edition.levels)]
    return {"unit": unit, "rows": rows}


def levels_by_year(edition: Edition, found: Lines, lang: str) -> Table:
    """Awards in force on this day of each year."""
    rows = [(level.title[lang], series(found, "awards", "level", level.id)) for level in reversed(edition.levels)]
    head = [_("Level"), *(km_digits(day.year, lang) for day in days_shown(today()))]
    numbers = [[int(line.last or 0) for line in line_of] for _title, line_of in rows]
    cells = [
        [title, *(show_number(number, lang) for number in row)] for (title, _l), row in zip(rows, numbers, strict=True)
    ]
    together = [show_number(sum(column), lang) for column in zip(*numbers, strict=True)]
    return Table(head, [*cells, [_("Together"), *together]])


def levels_table(edition: Edition, found: Lines, lang: str) -> Table:
    """Awards in force by kind and level, every one of them public in the register."""
    counted = {of: int(line.last or 0) for of, line in newest(found, "awards", "kind-level").items()}
    numbers = [[counted.get(f"{kind.id}/{level.id}", 0) for level in edition.levels] for kind in edition.kinds]
    titles = [*(kind.label[lang] for kind in edition.kinds), _("Together")]
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    rows = [
        [title, *(show_number(number, lang) for number in (*row, sum(row)))]
        for title, row in zip(titles, [*numbers, sums], strict=True)
    ]
    return Table([_("Kind of company"), *(level.title[lang] for level in edition.levels), _("Together")], rows)


def participation_table(edition: Edition, found: Lines, lang: str) -> Table:
    """Companies that submitted, by kind, in steps: who submitted without an award so far is not public."""
    submitted, awards = newest(found, "submitted", "kind"), by_kind(found)
    rows = [
        [kind.label[lang], in_words(submitted.get(kind.id), lang), show_number(awards.get(kind.id, 0), lang)]
        for kind in edition.kinds
    ]
    together = [_("Together"), in_words(total_submitted(found), lang), show_number(sum(awards.values()), lang)]
    return Table([_("Kind of company"), _("Companies that submitted"), _("Awards in force")], [*rows, together])


def provinces_table(found: Lines, lang: str) -> Table:
    """The same by province, by name; those without an award and with fewer companies than a step in one line."""
    submitted, awards = newest(found, "submitted", "province"), newest(found, "awards", "province")
    shown = [name for name in provinces_by_name(lang) if awards[name].last or submitted[name].first]
    rows = [
        [province_name(name, lang), in_words(submitted[name], lang), in_words(awards[name], lang)] for name in shown
    ]
    rest = [submitted[name] for name in submitted if name not in shown]
    if rest:
        others = _("%(number)s others, in each", number=show_number(len(rest), lang))
        rows.append([others, in_words(rest[0], lang), show_number(0, lang)])
    return Table([_("Province"), _("Companies that submitted"), _("Awards in force")], rows)


def sizes_table(found: Lines, lang: str) -> Table:
    submitted = newest(found, "submitted", "size")
    rows = [[label, in_words(submitted.get(name), lang)] for name, label in size_labels(lang).items()]
    return Table([_("Size of company"), _("Companies that submitted")], rows)


def _most_missed(found: Lines) -> list[Line]:
    told = [line for line in newest(found, "missed", "criterion").values() if line.first]
    return sorted(told, key=lambda line: (-(line.first or Decimal(0)), line.of))[:MOST_MISSED]


def missed_bars(edition: Edition, found: Lines, lang: str) -> list[charts.Bar]:
    """The criteria that most companies did not meet yet."""
    most = {line.of: line for line in _most_missed(found)}
    labels = {name: edition.question(name).title[lang] for name in most}
    return charts.bars(labels, most, lang, {})


def most_missed(edition: Edition, found: Lines, lang: str) -> Table:
    """The same as a table, each as it was told last."""
    rows = [
        [edition.question(line.of).title[lang], in_words(line, lang), show_date(line.on, lang)]
        for line in _most_missed(found)
    ]
    return Table([_("Criterion"), _("Companies that do not meet it yet"), _("As of")], rows)


def figures_now(session: Session) -> Lines:
    """What every reader of national figures sees today."""
    return lines(session, current(), today())
