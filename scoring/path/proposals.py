"""Better values for one answer, by the rule that reads it, each with its effort."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, islice
from math import ceil, floor

from scoring.condition import Edge, refs
from scoring.errors import ScoringError
from scoring.path.budget import Budget
from scoring.points import age_between, apply_rule, chosen_case, read_input
from scoring.rubric import Criterion, Rubric
from scoring.rules import (
    Age,
    Bands,
    Cases,
    Choice,
    Choices,
    Constant,
    Goalposts,
    Input,
    Linear,
    Points,
    Presence,
    Product,
    Rule,
    Source,
)  # fmt: skip
from scoring.subject import RawValue
from scoring.values import YES_NO
from scoring.work import Work

MAX_COMBINATIONS = 256
FAR = 10**12
"""Where points grow with a number without end, this much is tried first and then made smaller."""
_MONTHS = 12
_LAST_DAY = 28
_OLDEST = 100_000
_ZERO = Fraction(0)
_TEXTS: Mapping[str, tuple[str, ...]] = {"given": ("given",), "text": ("given", "https://example.org/given")}
"""Stand for a text or a link that has still to be written."""
Better = tuple[RawValue, Fraction]


@dataclass(frozen=True, slots=True)
class Line:
    """A rule on one number: an answer that is a number, or the age of an answer that is a date."""

    rule: Bands | Linear | Goalposts
    source: Source | Age

    def number(self, work: Work, value: object) -> Fraction | None:
        """What the rule reads of a value of the answer."""
        if isinstance(self.source, Source):
            return value if isinstance(value, Fraction) else None
        end = work.fact(self.source.on)
        if not isinstance(value, date) or not isinstance(end, date) or value > end:
            return None
        return Fraction(age_between(self.source.unit, value, end))

    def raw(self, work: Work, number: Fraction) -> RawValue | None:
        """The answer that makes the number; None when no date has that age."""
        return number if isinstance(self.source, Source) else _date_of_age(work, self.source, number)

    def points(self, work: Work, node: str, number: Fraction) -> Fraction | None:
        with suppress(ScoringError):
            found, _ = apply_rule(work, node, self.rule, Constant(number))
            return found if isinstance(found, Fraction) else None
        return None


def better_values(work: Work, criterion: Criterion, answer: str, sign: int, budget: Budget) -> list[Better] | None:
    """Other values of one answer, from the nearest to the farthest; None when nobody can tell what is better."""
    rule, source = reading(work, criterion, answer)
    value = work.answers[answer].value
    if isinstance(rule, Choice):
        points = {option: found for option, found in rule.points.items() if isinstance(found, Fraction)}
        return _ranked(criterion, points, None if value is None else str(value), sign)
    if isinstance(rule, Choices):
        return _sets(criterion, rule, value if isinstance(value, tuple) else (), sign, budget)
    if isinstance(rule, Presence | Points):
        return [("given", step(criterion))] if value is None and isinstance(rule, Presence) else []
    if isinstance(rule, Bands | Linear | Goalposts):
        line = line_of(rule, source, answer)
        return None if line is None else list(_along(work, criterion, answer, line, sign))
    asked = work.rubric.answers[answer]
    others = sorted(asked.options) if asked.options else YES_NO if asked.type == "yes_no" else _TEXTS.get(asked.type)
    return None if others is None else [(other, step(criterion)) for other in others if other != value]


def own_answers(rubric: Rubric, criterion: Criterion) -> tuple[str, ...]:
    """Those that it reads; of one that reads none, those that choose its case and that no other criterion reads."""
    if criterion.answers or not isinstance(criterion.rule, Cases):
        return criterion.answers
    looks = (ref for case in criterion.rule.cases for ref in refs(case.when))
    return tuple(dict.fromkeys(ref.id for ref in looks if ref.kind == "answer" and ref.id not in rubric.scored))


def reading(work: Work, criterion: Criterion, answer: str) -> tuple[Rule | None, Input | None]:
    """The rule in force that reads the answer; None for one that itself chooses the case: its values have no order."""
    rule, source = criterion.rule, criterion.input
    if isinstance(rule, Cases):
        if any(ref.kind in {"answer", "state"} and ref.id == answer for case in rule.cases for ref in refs(case.when)):
            return None, None
        try:
            rule = rule.cases[chosen_case(work, criterion.id, rule)].rule
        except ScoringError:
            # For an answer that is not there yet no case may hold; then trying finds out that it is no way.
            return None, None
    if isinstance(rule, Product):
        for factor in rule.factors:
            if factor.input == Source("answer", answer):
                return factor.rule, factor.input
    return rule, source


def line_of(rule: Rule | None, source: Input | None, answer: str) -> Line | None:
    """None for a number that is worked out from several; then no single answer decides it."""
    if isinstance(rule, Bands | Linear | Goalposts):
        own = Source("answer", answer)
        if source == own or (isinstance(source, Age) and source.of == own):
            return Line(rule, source)
    return None


def step(criterion: Criterion) -> Fraction:
    return criterion.effort if isinstance(criterion.effort, Fraction) else Fraction(1)


def _ranked(criterion: Criterion, points: Mapping[str, Fraction], now: str | None, sign: int) -> list[Better]:
    ladder = sorted({sign * found for found in points.values()})
    rank = {option: ladder.index(sign * found) for option, found in points.items()}
    here = rank.get(now, -1) if now is not None else -1
    better: list[Better] = []
    for option in sorted(points, key=lambda option: (rank[option], option)):
        if option == now or rank[option] < here:
            continue
        if isinstance(criterion.effort, Fraction):
            cost = criterion.effort * max(rank[option] - here, 1)
        else:
            cost = max(criterion.effort[option] - criterion.effort.get(now or "", _ZERO), _ZERO)
        better.append((option, cost))
    return better


def _sets(criterion: Criterion, rule: Choices, now: tuple[str, ...], sign: int, budget: Budget) -> list[Better]:
    """Sets that keep what is chosen (exclusive options aside) and add options, a step each; small ones first."""
    kept = tuple(option for option in now if option not in rule.exclusive and sign * rule.points[option] >= 0)
    added = rule.points.keys() - {*kept, *rule.exclusive}
    free = sorted(option for option in added if sign * rule.points[option] > 0)
    every = (more for size in range(1, len(free) + 1) for more in combinations(free, size))
    chosen = list(islice(every, MAX_COMBINATIONS))
    if 2 ** len(free) - 1 > len(chosen):
        budget.complete = False
        chosen.append(tuple(free))
    return [(tuple(sorted((*kept, *more))), step(criterion) * len(more)) for more in chosen]


def _along(work: Work, criterion: Criterion, answer: str, line: Line, sign: int) -> Iterator[Better]:
    """One number in each better band, a step for each kind of points; else the number with the best points, a step."""
    now = line.number(work, work.answers[answer].value)
    here = None if now is None else line.points(work, criterion.id, now)
    found = ((number, line.points(work, criterion.id, number)) for number in _numbers(work, line, now, sign))
    known = [(number, points) for number, points in found if points is not None]
    ladder = sorted({sign * points for _, points in known})
    bands = isinstance(line.rule, Bands)
    start = ladder.index(sign * here) if bands and here is not None and sign * here in ladder else -1
    for number, points in sorted(known, key=lambda pair: sign * pair[1]):
        ahead = ladder.index(sign * points) - start
        raw = line.raw(work, number)
        if ahead > 0 and raw is not None and (bands or here is None or sign * points > sign * here):
            yield raw, step(criterion) * ahead


def _numbers(work: Work, line: Line, now: Fraction | None, sign: int) -> list[Fraction]:
    rule = line.rule
    if isinstance(rule, Bands):
        whole = isinstance(line.source, Age)
        return [_whole(band.edge) if whole else _inside(rule, band.edge) for band in rule.bands]
    end = end_of(work, rule, sign)
    if end is None and isinstance(rule, Linear) and rule.factor:
        end = (now or _ZERO) + (FAR if rule.factor * sign > 0 else -FAR)
    return [] if end is None else [end]


def end_of(work: Work, rule: Linear | Goalposts, sign: int) -> Fraction | None:
    """The number from which on points get no better (`sign` 1: no higher); None when there is no end."""
    if isinstance(rule, Goalposts):
        post = rule.end if rule.points * sign > 0 else rule.start
        found = post if isinstance(post, Fraction) else read_input(work, "", post)
        return found if isinstance(found, Fraction) else None
    end = rule.highest if sign > 0 else rule.lowest
    return None if end is None or rule.factor == 0 else (end - rule.base) / rule.factor


def _whole(edge: Edge) -> Fraction:
    """The whole number nearest to the edge that is inside."""
    if edge.op in {"at_least", "below"}:
        return Fraction(ceil(edge.number) - (edge.op == "below"))
    return Fraction(floor(edge.number) + (edge.op == "above"))


def _inside(rule: Bands, edge: Edge) -> Fraction:
    """A number of this band, at its edge where the edge belongs to it, else half way to the next or one beyond."""
    if edge.op in {"at_least", "at_most"}:
        return edge.number
    up = edge.op == "above"
    others = [band.edge.number for band in rule.bands]
    beyond = [other for other in others if (other > edge.number if up else other < edge.number)]
    if not beyond:
        return edge.number + (1 if up else -1)
    return (edge.number + (min(beyond) if up else max(beyond))) / 2


def _date_of_age(work: Work, age: Age, number: Fraction) -> date | None:
    """The last date of that age, in whole units; a day that every month has keeps the age whole."""
    end = work.fact(age.on)
    value = ceil(number)
    if not isinstance(end, date) or not 0 <= value <= _OLDEST:
        return None
    if age.unit == "days":
        return end - timedelta(days=value)
    months = value * (_MONTHS if age.unit == "years" else 1)
    year, month = divmod(end.year * _MONTHS + end.month - 1 - months, _MONTHS)
    return date(year, month + 1, min(end.day, _LAST_DAY)) if year > 0 else None
