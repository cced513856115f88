"""What a rule yields for the values it reads, exactly, with the reason."""

import operator
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from typing import cast

from scoring import numbers
from scoring.condition import Value
from scoring.results import Param, Reason
from scoring.rules import (
    Age,
    AgeUnit,
    Arithmetic,
    Bands,
    Cases,
    Choice,
    Choices,
    Constant,
    Factor,
    Goalposts,
    Input,
    Linear,
    Points,
    Product,
    Rule,
    Simple,
    Source,
    Yield,
)
from scoring.work import Work

_ZERO = Fraction(0)
_MONTHS = 12
_OPERATORS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
}


def apply_rule(work: Work, node: str, rule: Rule, source: Input | None) -> tuple[Yield, Reason]:
    """The points (or the state an option stands for) of one criterion."""
    if isinstance(rule, Cases):
        index = chosen_case(work, node, rule)
        found, why = apply_rule(work, node, rule.cases[index].rule, source)
        return found, Reason("case", (("case", Fraction(index)), *why.params))
    if isinstance(rule, Product):
        return _product(work, node, rule.factors)
    if isinstance(rule, Points):
        return rule.points, Reason("points")
    return _simple(work, node, rule, read_input(work, node, cast("Input", source)))


def chosen_case(work: Work, node: str, rule: Cases) -> int:
    for index, case in enumerate(rule.cases):
        if work.grants(case.when):
            return index
    raise work.error("no_case", node, None, "no case holds and there is no last case without 'when'")


def _product(work: Work, node: str, factors: tuple[Factor, ...]) -> tuple[Yield, Reason]:
    """The reason holds what each factor read, and what it gave."""
    product = Fraction(1)
    told: list[Param] = []
    for place, factor in enumerate(factors):
        found, why = apply_rule(work, node, factor.rule, factor.input)
        if not isinstance(found, Fraction):
            return found, Reason("product")
        product *= found
        told += [(f"factor{place}", why.params[0][1] if why.params else ""), (f"gives{place}", found)]
    return product, Reason("product", tuple(told))


def _simple(work: Work, node: str, rule: Simple, value: Value) -> tuple[Yield, Reason]:
    match rule:
        case Choice():
            return rule.points[str(value)], Reason("option", (("option", str(value)),))
        case Choices():
            chosen = cast("tuple[str, ...]", value)
            points = sum((rule.points[option] for option in chosen), _ZERO)
            return points, Reason("options", (("options", ";".join(chosen)),))
        case Bands():
            return _band(work, node, rule, cast("Fraction", value)), Reason("band", _measured(value))
        case Linear():
            return _linear(work, node, rule, cast("Fraction", value)), Reason("number", _measured(value))
        case Goalposts():
            return _goalposts(work, node, rule, cast("Fraction", value)), Reason("number", _measured(value))
        case _:
            return rule.points, Reason("given")


def _measured(value: Value) -> tuple[Param, ...]:
    return (("value", value if isinstance(value, Fraction) else str(value)),)


def _band(work: Work, node: str, rule: Bands, value: Fraction) -> Yield:
    band = rule.holding(value)
    if band is not None:
        return band.points
    if rule.otherwise is None:
        raise work.error("outside_bands", node, value, "the value fits no band and there is no 'otherwise'")
    return rule.otherwise


def _linear(work: Work, node: str, rule: Linear, value: Fraction) -> Fraction:
    points = inside = rule.base + rule.factor * value
    if rule.lowest is not None:
        inside = max(inside, rule.lowest)
    if rule.highest is not None:
        inside = min(inside, rule.highest)
    if rule.refuse and inside != points:
        raise work.error("outside", node, value, "the value is outside of what the rule allows")
    return inside


def _goalposts(work: Work, node: str, rule: Goalposts, value: Fraction) -> Fraction:
    start, end = (_goalpost(work, node, one) for one in (rule.start, rule.end))
    if start == end:
        raise work.error("same_goalposts", node, start, "both goalposts are the same")
    low, high = sorted((start, end))
    closed = {"both": (start, end), "low": (start,), "high": (end,), "none": ()}[rule.clamp]
    if low in closed:
        value = max(value, low)
    if high in closed:
        value = min(value, high)
    if not rule.log:
        return rule.points * (value - start) / (end - start)
    for number in (value, start, end):
        if number <= 0:
            raise work.error("not_positive", node, number, "a logarithm needs a value above 0")
    start, end, here = (numbers.logarithm(number, rule.digits) for number in (start, end, value))
    return rule.points * (here - start) / (end - start)


def _goalpost(work: Work, node: str, goalpost: Fraction | Source) -> Fraction:
    return goalpost if isinstance(goalpost, Fraction) else read_number(work, node, goalpost)


def read_input(work: Work, node: str, source: Input) -> Value:
    """The value a rule works on; the answers and nodes it reads have been found to have one."""
    match source:
        case Constant():
            return source.number
        case Source(kind="answer"):
            found = work.answers[source.id].counted
        case Source(kind="fact"):
            found = work.fact(source.id)
        case Source():
            found = work.nodes[source.id].value
        case Age():
            return _age(work, node, source)
        case _:
            return _calculate(work, node, source, [read_number(work, node, part) for part in source.parts])
    if found is None:
        raise work.error("no_value", node, None, f"{source.id} has no value, but the rule needs it")
    return found


def read_number(work: Work, node: str, source: Input) -> Fraction:
    return cast("Fraction", read_input(work, node, source))


def _calculate(work: Work, node: str, source: Arithmetic, parts: list[Fraction]) -> Fraction:
    if source.op == "smallest":
        return min(parts)
    if source.op == "largest":
        return max(parts)
    if source.op == "divide" and 0 in parts[1:]:
        raise work.error("division_by_zero", node, Fraction(0), "a value is divided by 0")
    return reduce(_OPERATORS[source.op], parts)


def _age(work: Work, node: str, source: Age) -> Fraction:
    start = cast("date", read_input(work, node, source.of))
    end = cast("date", read_input(work, node, Source("fact", source.on)))
    if start > end:
        raise work.error("future_date", node, start.isoformat(), f"the date is after {source.on}")
    return Fraction(age_between(source.unit, start, end))


def age_between(unit: AgeUnit, start: date, end: date) -> int:
    """Whole days, months or years from one date to a later one."""
    if unit == "days":
        return (end - start).days
    months = (end.year - start.year) * _MONTHS + end.month - start.month - (end.day < start.day)
    return months if unit == "months" else months // _MONTHS
