"""National figures: who takes part, which levels, what is missed most; as they were published, each with its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import render_template

from compliance.actions.figures import CONCERNS, MISSED, REGISTERED, SUBMITTED, TOTAL
from compliance.clock import today
from compliance.journeys.language import current_language, show_date, show_number
from compliance.journeys.language import gettext as _
from compliance.journeys.public.blueprint import public
from compliance.store import figures
from compliance.store.base import db
from compliance.store.figures import PUBLISHED, Figure
from compliance.store.register_search import GOOD, Search, count_by_kind_and_level
from questionnaires import Edition, current

MOST_MISSED = 8
Figures = Mapping[str, Figure]


@dataclass(frozen=True)
class Table:
    """A table as the page shows it."""

    head: list[str]
    rows: list[list[str]]


@public.get("/statistics")
def statistics() -> str:
    lang, session, edition = current_language(), db.session(), current()
    told = figures.newest(session)
    awards = count_by_kind_and_level(session, Search(standing=GOOD), today())
    return render_template(
        "public/statistics.html",
        minimum=edition.register.national_statistics.min_companies_per_cell,
        published_on=told[PUBLISHED].published_on if PUBLISHED in told else None,
        registered=in_step(told, REGISTERED, lang),
        submitted=all_in_steps(edition, told, lang),
        concerns=[in_step(told, name, lang) if name in told else "" for name in CONCERNS],
        awarded=sum(awards.values()),
        levels=levels_table(edition, awards, lang),
        part=participation_table(edition, told, lang),
        missed=most_missed(edition, told, lang),
        totals=totals(edition, told, lang),
    )


def levels_table(edition: Edition, awards: dict[tuple[str, str], int], lang: str) -> Table:
    """Awards in force by kind and level, every one of them public in the register."""
    kinds, levels = [kind.id for kind in edition.kinds], [level.id for level in edition.levels]

    def line(title: str, *lines: Sequence[tuple[str, str]]) -> list[str]:
        cells = [sum(awards.get(key, 0) for key in keys) for keys in lines]
        return [title, *(show_number(number, lang) for number in (*cells, sum(cells)))]

    rows = [line(kind.label[lang], *([(kind.id, level)] for level in levels)) for kind in edition.kinds]
    rows.append(line(_("Together"), *([(kind, level) for kind in kinds] for level in levels)))
    return Table([_("Kind of company"), *(level.title[lang] for level in edition.levels), _("Together")], rows)


def participation_table(edition: Edition, told: Figures, lang: str) -> Table:
    """Companies that submitted, by kind, in steps: who submitted without an award so far is not public."""
    rows = [[kind.label[lang], in_step(told, SUBMITTED + kind.id, lang)] for kind in edition.kinds]
    return Table([_("Kind of company"), _("Companies that submitted")], rows)


def all_in_steps(edition: Edition, told: Figures, lang: str) -> str:
    """From the first numbers of all steps together to their last: a step of the sum itself could give parts away."""
    ends = [_ends(told, SUBMITTED + kind.id) for kind in edition.kinds]
    return "–".join(show_number(sum(numbers), lang) for numbers in zip(*ends, strict=True))


def in_step(told: Figures, name: str, lang: str) -> str:
    """The step that holds a number, such as 5–9."""
    return "–".join(show_number(end, lang) for end in _ends(told, name))


def _ends(told: Figures, name: str) -> tuple[int, int]:
    found = told.get(name)
    return (int(found.told["first"]), int(found.told["last"])) if found else (0, 0)


def most_missed(edition: Edition, told: Figures, lang: str) -> Table:
    """The criteria that most companies did not meet yet, each as it was told last."""
    titles = {question.id: question.title[lang] for question in edition.questions}
    shares = {name: _share(told[MISSED + name]) for name in titles if MISSED + name in told}
    rows = []
    for name in sorted(shares, key=lambda name: (-shares[name], name))[:MOST_MISSED]:
        figure = told[MISSED + name]
        part, whole = (show_number(Decimal(figure.told[key]), lang) for key in ("sum", "companies"))
        rows.append(
            [titles[name], _("%(part)s of %(all)s", part=part, all=whole), show_date(figure.published_on, lang)]
        )
    return Table([_("Criterion"), _("Companies that do not meet it yet"), _("As of")], rows)


def _share(figure: Figure) -> Decimal:
    return Decimal(figure.told["sum"]) / int(figure.told["companies"])


def totals(edition: Edition, told: Figures, lang: str) -> Table:
    """The figures that companies give, added up, each as it was told last."""
    rows = []
    for question in (question for section in edition.sections if section.statistics for question in section.questions):
        figure = told.get(TOTAL + question.id)
        if figure and question.number:
            text = f"{show_number(Decimal(figure.told['sum']), lang)} {edition.texts.units[question.number.unit][lang]}"
            companies = show_number(figure.told["companies"], lang)
            rows.append([question.title[lang], text, companies, show_date(figure.published_on, lang)])
    return Table([_("Figure for the last 12 months"), _("Together"), _("Companies"), _("As of")], rows)
