"""Conditions that are always true or always false, whatever a subject says."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product
from math import prod

from scoring.condition import Condition, Ref, Test, Value, holds, tests
from scoring.loading.ranges import Range
from scoring.rubric import Fact, Rubric

MOST_TRIED = 5_000
_MOST_OPTIONS = 6
_STATES = ("value", "unanswered", "not_applicable", "not_asked", "void", "unsupported")
_FIXED: dict[str, tuple[Value | None, ...]] = {
    "state": _STATES,
    "ruling": (None, "confirm", "adjust", "not_supported"),
    "evidence": (None, "given", "accepted", "refused"),
    "essential": ("pass", "fail", "discretionary", "does_not_apply"),
}


def constant(rubric: Rubric, condition: Condition, reached: dict[str, Range]) -> bool | None:
    """True or False when it is always so; None when it depends, or when there is too much to try."""
    compared: dict[Ref, list[Test]] = {}
    for test in tests(condition):
        compared.setdefault(test.ref, []).append(test)
    values = {ref: _values(rubric, ref, those, reached) for ref, those in compared.items()}
    if any(found is None for found in values.values()):
        return None
    known = {ref: found for ref, found in values.items() if found}
    if prod(map(len, known.values())) > MOST_TRIED:
        return None
    outcomes = set()
    for row in product(*known.values()):
        looked = dict(zip(known, row, strict=True))
        outcomes.add(holds(condition, lambda ref, _, looked=looked: looked[ref]))  # type: ignore[misc]
        if len(outcomes) > 1:
            return None
    return outcomes.pop() if outcomes else None


def _values(rubric: Rubric, ref: Ref, those: list[Test], reached: dict[str, Range]) -> list[Value | None] | None:
    """One value for each way in which the tests can come out; None when these cannot be listed."""
    if ref.kind in _FIXED:
        return list(_FIXED[ref.kind])
    if ref.kind == "level":
        return [None, *(rung.id for rung in rubric.levels[ref.id].rungs)]
    if ref.kind == "node":
        low, high = reached[ref.id]
        values = [one for one in _numbers(those) if (low is None or one >= low) and (high is None or one <= high)]
        return [None, *values]
    named = rubric.facts[ref.id] if ref.kind == "fact" else rubric.answers[ref.id]
    missing = not isinstance(named, Fact) or (named.default is None and named.optional)
    answered = any(test.op == "answered" for test in those)
    if isinstance(named, Fact) and named.default is None and answered:
        missing = True
    found = _typed(named.type, tuple(named.options), those)
    return None if found is None else [*([None] if missing else []), *found]


def _typed(kind: str, options: tuple[str, ...], those: list[Test]) -> list[Value] | None:
    if kind == "choice":
        return list(options)
    if kind == "yes_no":
        return ["yes", "no"]
    if kind == "choices":
        return _sets(options, those)
    if kind == "number":
        return list(_numbers(those))
    if kind == "date":
        days = {test.wanted for test in those if isinstance(test.wanted, date)} or {date(2026, 1, 1)}
        return sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})
    return ["x"] if all(test.op == "answered" for test in those) else None


def _numbers(those: list[Test]) -> Iterator[Fraction]:
    """The limits, and numbers between and around them."""
    limits = sorted({test.wanted for test in those if isinstance(test.wanted, Fraction)}) or [Fraction(0)]
    yield limits[0] - 1
    for limit, following in zip(limits, [*limits[1:], limits[-1] + 2], strict=True):
        yield limit
        yield (limit + following) / 2


def _sets(options: tuple[str, ...], those: list[Test]) -> list[Value] | None:
    """Every choice among the options named; one stands for all that the same tests name as alternatives."""
    named: dict[tuple[int, ...], list[str]] = {}
    for option in options:
        where = tuple(
            place for place, test in enumerate(those) if isinstance(test.wanted, tuple) and option in test.wanted
        )
        named.setdefault(where, []).append(option)
    told = [
        group[:1] if all(those[place].op != "all_of" for place in where) else group for where, group in named.items()
    ]
    pick = [option for group in told for option in group]
    if len(pick) > _MOST_OPTIONS:
        return None
    return [chosen for size in range(1, len(pick) + 1) for chosen in combinations(pick, size)]
