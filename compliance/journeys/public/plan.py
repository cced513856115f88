"""What the national action plan asks to be followed, line by line: questions that cite it, with figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compliance.journeys.language import gettext as _
from compliance.journeys.language import show_date
from compliance.journeys.public.charts import Spark, in_words, spark, year_of
from compliance.journeys.public.national import Line, Lines, Table, newest, series
from questionnaires import Edition, Question

PLAN = "NAP2021"
"""The plan, among the edition's sources."""


@dataclass(frozen=True)
class PlanLine:
    """What is asked, what is told of it now, and in the years before; no `value`: it is not told, for `why`."""

    title: str
    asks: str
    value: str
    unit: str
    as_of: str
    years: Sequence[tuple[str, str]]
    spark: Spark | None
    why: str = ""


def plan_lines(edition: Edition, found: Lines, lang: str) -> list[PlanLine]:
    """In the order of the Code: amounts that companies report, then criteria, by how many do not meet them yet."""
    cited = [question for question in edition.questions if any(source.ref == PLAN for source in question.sources)]
    return [*_of(edition, found, cited, lang, reported=True), *_of(edition, found, cited, lang, reported=False)]


def _of(edition: Edition, found: Lines, cited: Sequence[Question], lang: str, *, reported: bool) -> Iterator[PlanLine]:
    figure, by = ("reported", "question") if reported else ("missed", "criterion")
    told = newest(found, figure, by)
    for question in cited:
        if question.id in told:
            yield _line(edition, question, series(found, figure, by, question.id), lang)


def _line(edition: Edition, question: Question, points: Sequence[Line], lang: str) -> PlanLine:
    last = points[-1]
    unit = edition.texts.units[last.unit][lang] if last.unit else _("companies do not meet it yet")
    return PlanLine(
        question.title[lang],
        question.text[lang],
        in_words(last, lang),
        unit,
        show_date(last.on, lang),
        [(year_of(line, lang), in_words(line, lang)) for line in points if line.on],
        spark(points, lang),
        "" if last.on else _why(last),
    )


def _why(line: Line) -> str:
    if line.unit == "hours":
        return _("A middle value of each company cannot be added up.")
    return _("Not told yet: a company could be worked out.")


def plan_table(edition: Edition, found: Lines, lang: str) -> Table:
    """The same as a table, a line of the plan a row."""
    rows = [
        [one.title, f"{one.value} {one.unit}" if one.value else "", one.as_of]
        for one in plan_lines(edition, found, lang)
    ]
    return Table([_("Asked by the plan"), _("Together"), _("As of")], rows)
