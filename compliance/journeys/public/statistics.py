"""National figures: who takes part, which levels, what is missed most; never enough to work a company out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import render_template

from compliance.clock import today
from compliance.domain.suppression import step
from compliance.journeys.language import current_language, show_number
from compliance.journeys.language import gettext as _
from compliance.journeys.public.blueprint import public
from compliance.store.base import db
from compliance.store.national import Participant, company_count, participants
from compliance.store.register_search import GOOD, Search, count_by_kind_and_level
from questionnaires import Edition, current

MOST_MISSED = 8


@dataclass(frozen=True)
class Table:
    """A table as the page shows it."""

    head: list[str]
    rows: list[list[str]]


@public.get("/statistics")
def statistics() -> str:
    lang, session, edition = current_language(), db.session(), current()
    minimum = edition.register.national_statistics.min_companies_per_cell
    taking_part = list(participants(session))
    awards = count_by_kind_and_level(session, Search(standing=GOOD), today())
    return render_template(
        "public/statistics.html",
        minimum=minimum,
        registered=in_steps(company_count(session), minimum, lang),
        submitted=all_in_steps(edition, taking_part, minimum, lang),
        awarded=sum(awards.values()),
        levels=levels_table(edition, awards, lang),
        part=participation_table(edition, taking_part, minimum, lang),
        missed=most_missed(edition, taking_part, minimum, lang),
        totals=totals(edition, taking_part, minimum, lang),
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


def participation_table(edition: Edition, taking_part: Sequence[Participant], width: int, lang: str) -> Table:
    """Companies that submitted, by kind, in steps: who submitted without an award so far is not public."""
    submitted = Counter(participant.kind for participant in taking_part)
    rows = [[kind.label[lang], in_steps(submitted[kind.id], width, lang)] for kind in edition.kinds]
    return Table([_("Kind of company"), _("Companies that submitted")], rows)


def all_in_steps(edition: Edition, taking_part: Sequence[Participant], width: int, lang: str) -> str:
    """From the first numbers of all steps together to their last: a step of the sum itself could give parts away."""
    submitted = Counter(participant.kind for participant in taking_part)
    ends = zip(*(step(submitted[kind.id], width) for kind in edition.kinds), strict=True)
    return "–".join(show_number(sum(numbers), lang) for numbers in ends)


def in_steps(number: int, width: int, lang: str) -> str:
    """The step that holds a number, such as 5–9."""
    return "–".join(show_number(end, lang) for end in step(number, width))


def most_missed(edition: Edition, taking_part: Sequence[Participant], minimum: int, lang: str) -> Table:
    """The criteria that most companies did not meet yet; both those that do and that do not are enough to hide in."""
    missed, asked = Counter[str](), Counter[str]()
    for participant in taking_part:
        for criterion, outcome in participant.outcomes.items():
            if outcome in {"met", "partly_met", "partly", "not_met"}:
                asked[criterion] += 1
                missed[criterion] += outcome == "not_met"
    known = {question.id: question.title[lang] for question in edition.questions}
    safe = [name for name in missed if name in known and minimum <= missed[name] <= asked[name] - minimum]
    safe.sort(key=lambda name: (-missed[name] / asked[name], name))
    rows = [
        [
            known[name],
            _("%(part)s of %(all)s", part=show_number(missed[name], lang), all=show_number(asked[name], lang)),
        ]
        for name in safe[:MOST_MISSED]
    ]
    return Table([_("Criterion"), _("Companies that do not meet it yet")], rows)


def totals(edition: Edition, taking_part: Sequence[Participant], minimum: int, lang: str) -> Table:
    """The figures that companies give, added up; only where enough of them gave one. A median is not added."""
    rows = []
    for question in (question for section in edition.sections if section.statistics for question in section.questions):
        unit = question.number.unit if question.number else ""
        given = [number for one in taking_part if (number := _number(one.answers.get(question.id))) is not None]
        if unit and unit != "hours" and len(given) >= minimum:
            text = f"{show_number(sum(given), lang)} {edition.texts.units[unit][lang]}"
            rows.append([question.title[lang], text, show_number(len(given), lang)])
    return Table([_("Figure for the last 12 months"), _("Together"), _("Companies")], rows)


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value)) if value is not None else None
    except InvalidOperation:
        return None
