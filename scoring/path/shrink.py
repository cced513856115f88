"""Numbers on the way changed by as little as is enough: any number is one step away, so the effort stays the same."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

from scoring.path.changes import Candidate
from scoring.path.goal import Goal
from scoring.path.proposals import Line, end_of, line_of, reading
from scoring.rules import Bands, Source
from scoring.work import Work


def shrink(work: Work, goal: Goal, chosen: list[Candidate], reaches: Callable[[list[Candidate]], bool]) -> None:
    """Changes `chosen` in place; linear and goalpost numbers go only as far as the rung needs, in round figures."""
    for at, answer in [(at, answer) for at, one in enumerate(chosen) for answer in one.answers]:
        rule, source = reading(work, goal.rubric.criteria[chosen[at].criterion], answer)
        line = line_of(rule, source, answer)
        if line is None or isinstance(line.rule, Bands):
            continue
        far = line.number(work, chosen[at].answers[answer]) or Fraction(0)
        now = line.number(work, work.answers[answer].value)
        worst = end_of(work, line.rule, -goal.sign) or Fraction(0)

        def nearer(number: Fraction, at: int = at, answer: str = answer, line: Line = line) -> Candidate:
            return replace(chosen[at], answers={**chosen[at].answers, answer: line.raw(work, number)})

        def is_enough(number: Fraction, at: int = at) -> bool:
            return reaches([*chosen[:at], nearer(number), *chosen[at + 1 :]])

        least = least_enough(worst if now is None else now, far, is_enough, whole=not isinstance(line.source, Source))
        chosen[at] = nearer(least)


def least_enough(now: Fraction, far: Fraction, is_enough: Callable[[Fraction], bool], *, whole: bool) -> Fraction:
    """The number next to `now` that is enough, as `far` is, in figures as round as the distance allows."""
    unit = Fraction(0)
    while far != now and (finer := _unit(abs(far - now), whole=whole)) != unit:
        unit = finer
        way = 1 if far > now else -1
        first = floor(now / unit) + 1 if way > 0 else ceil(now / unit) - 1
        low, high = 0, max(ceil(way * (far / unit - first)), 0)
        while low < high:
            middle = (low + high) // 2
            if is_enough((first + way * middle) * unit):
                high = middle
            else:
                low = middle + 1
        found = (first + way * high) * unit
        far = found if way * (far - found) > 0 else far
    return far


def _unit(distance: Fraction, *, whole: bool) -> Fraction:
    """A power of ten that goes 10 to 1,000 times into the distance; not below 1 where that is 10 or more."""
    unit = Fraction(1)
    while unit * 1000 <= distance:
        unit *= 10
    while distance < 10 * unit and not whole and unit > Fraction(1, 10**9):
        unit /= 10
    return unit
