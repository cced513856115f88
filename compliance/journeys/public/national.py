"""The national figures as lines: page, tables, CSV and JSON all show these and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from sqlalchemy.orm import Session

from compliance.actions.figure_parts import MISSED, TOTAL
from compliance.actions.figures import CONCERNS
from compliance.actions.participation import PROVINCE, REGISTERED, SIZE, SUBMITTED
from compliance.domain.provinces import PROVINCES
from compliance.domain.renewal import add_months
from compliance.domain.sizes import SIZES
from compliance.store.awards_on import levels_on
from compliance.store.figures import Figure, yearly
from compliance.store.register_search import GOOD, Search, count_by_kind_and_level, count_by_province
from questionnaires import Edition

YEARS_SHOWN = 3
Mark = Literal["exact", "step", "few", "covered"]
"""`few`: a step that begins with 0, so that nobody learns whether there are any; `covered`: not told."""


@dataclass(frozen=True)
class Line:
    """One figure of one day: at least `first`, at most `last`. `figure`, `by` and `of` name it for ever."""

    figure: str
    by: str
    of: str
    on: date | None
    first: Decimal | None
    last: Decimal | None
    mark: Mark
    unit: str = ""

    @property
    def id(self) -> str:
        """Of the series: the same on every day."""
        return ":".join(part for part in (self.figure, self.by, self.of) if part)


Lines = Sequence[Line]


@dataclass(frozen=True)
class Table:
    """A table as a page shows it; an empty cell is not told."""

    head: list[str]
    rows: list[list[str]]


def lines(session: Session, edition: Edition, today: date) -> list[Line]:
    """All of them: those of the register as of today and in the years before, then what was published."""
    told = yearly(session)
    return [*_awards(session, edition, today), *_participation(edition, told), *_answers(edition, told)]


def newest(found: Lines, figure: str, by: str = "") -> dict[str, Line]:
    """The newest line of each series of a figure, by what it is of."""
    return {line.of: line for line in found if (line.figure, line.by) == (figure, by)}


def series(found: Lines, figure: str, by: str, of: str) -> list[Line]:
    """One series, the oldest first."""
    return [line for line in found if (line.figure, line.by, line.of) == (figure, by, of)]


def total_submitted(found: Lines) -> Line | None:
    """All kinds together, as their newest steps add up; None before the first publication."""
    by_kind = list(newest(found, "submitted", "kind").values())
    return added(by_kind, "submitted") if by_kind and by_kind[0].on else None


def added(parts: Sequence[Line], figure: str) -> Line:
    """From all first numbers together to all last: a step of the sum itself could give parts away."""
    first, last = (sum((getattr(part, end) or Decimal(0) for part in parts), Decimal(0)) for end in ("first", "last"))
    return Line(figure, "", "", parts[0].on, first, last, "step" if first else "few")


def days_shown(today: date) -> list[date]:
    """Today and the same day of the years before, the oldest first."""
    return [add_months(today, -12 * years) for years in reversed(range(YEARS_SHOWN))]


def _awards(session: Session, edition: Edition, today: date) -> Iterator[Line]:
    """Public one by one in the register: counted exactly."""
    for day in days_shown(today):
        counted = levels_on(session, day)
        for level in edition.levels:
            yield _exact("awards", "level", level.id, day, counted.get(level.id, 0))
    in_force = Search(standing=GOOD)
    by_both = count_by_kind_and_level(session, in_force, today)
    for kind in edition.kinds:
        for level in edition.levels:
            yield _exact("awards", "kind-level", f"{kind.id}/{level.id}", today, by_both.get((kind.id, level.id), 0))
    by_province = count_by_province(session, in_force, today)
    for province in PROVINCES:
        yield _exact("awards", "province", province, today, by_province.get(province, 0))


def _exact(figure: str, by: str, of: str, day: date, number: int) -> Line:
    return Line(figure, by, of, day, Decimal(number), Decimal(number), "exact")


Told = Mapping[str, Sequence[Figure]]


def _participation(edition: Edition, told: Told) -> Iterator[Line]:
    yield from _steps(told, REGISTERED, "registered", "", "")
    for kind in edition.kinds:
        yield from _steps(told, SUBMITTED + kind.id, "submitted", "kind", kind.id)
    for province in PROVINCES:
        yield from _steps(told, PROVINCE + province, "submitted", "province", province)
    for size in SIZES:
        yield from _steps(told, SIZE + size, "submitted", "size", size)
    for name in CONCERNS:
        yield from _steps(told, name, name.replace(":", "-"), "", "")


def _answers(edition: Edition, told: Told) -> Iterator[Line]:
    for question in edition.questions:
        if question.rule:
            yield from _steps(told, MISSED + question.id, "missed", "criterion", question.id)
    for section in edition.sections:
        for question in section.questions if section.statistics else ():
            if question.number:
                yield from _reported(told, question.id, question.number.unit or "")


def _steps(told: Told, name: str, figure: str, by: str, of: str) -> Iterator[Line]:
    """One line a year; one that is covered where nothing was told."""
    for one in told.get(name, ()):
        first, last = Decimal(one.told["first"]), Decimal(one.told["last"])
        yield Line(figure, by, of, one.published_on, first, last, "step" if first else "few")
    if not told.get(name):
        yield Line(figure, by, of, None, None, None, "covered")


def _reported(told: Told, question: str, unit: str) -> Iterator[Line]:
    for one in told.get(TOTAL + question, ()):
        amount = Decimal(one.told["sum"])
        yield Line("reported", "question", question, one.published_on, amount, amount, "exact", unit)
    if not told.get(TOTAL + question):
        yield Line("reported", "question", question, None, None, None, "covered", unit)
