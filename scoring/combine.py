"""Combining weighted children: sum, mean, share, lowest, highest, geometric mean."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from scoring import numbers
from scoring.results import Part
from scoring.rubric import Group
from scoring.work import Work

_ZERO = Fraction(0)
_ONE = Fraction(1)


class Counted(NamedTuple):
    """A child that counts, with its weight for this subject."""

    id: str
    weight: Fraction
    value: Fraction
    attainable: Fraction | None


class Combined(NamedTuple):
    """A group's value before its cap, floor, overrides and rounding."""

    value: Fraction
    attainable: Fraction | None
    parts: tuple[Part, ...]
    decided_by: str | None = None


def combine(work: Work, group: Group, counted: list[Counted]) -> Combined | None:
    """The combined value times the group's `times`; None when there is nothing to divide by."""
    if group.combine in {"lowest", "highest"}:
        return _extreme(group, counted)
    if group.combine == "geometric_mean":
        return _geometric(work, group, counted)
    return _weighted(work, group, counted)


def _weighted(work: Work, group: Group, counted: list[Counted]) -> Combined | None:
    """Sum, mean and share, in whole numbers: weights are `w / weight_unit`, values `v / value_unit`."""
    weights, weight_unit = _whole([child.weight for child in counted])
    values, value_unit = _whole([child.value for child in counted])
    tops = _attainable(work, group, counted)
    most, most_unit = _whole(tops) if tops is not None else ((), 1)
    # Every weight is multiplied by up / down before it meets its value.
    up, down = group.times.numerator, group.times.denominator
    if group.combine == "mean":
        down *= sum(weights)
    elif group.combine == "share":
        up, down = up * most_unit, down * sum(w * top for w, top in zip(weights, most, strict=True))
    else:
        down *= weight_unit
    if down <= 0:
        return None
    factors = {weight: Fraction(weight * up, down) for weight in set(weights)}
    parts = tuple(
        Part(child.id, child.weight, child.value, factors[weight])
        for child, weight in zip(counted, weights, strict=True)
    )
    value = Fraction(sum(w * v for w, v in zip(weights, values, strict=True)) * up, down * value_unit)
    if group.combine == "share":
        return Combined(value, group.times, parts)
    if tops is None:
        return Combined(value, None, parts)
    top = sum(max(w * top, 0) for w, top in zip(weights, most, strict=True))
    return Combined(value, Fraction(top * up, down * most_unit), parts)


def _attainable(work: Work, group: Group, counted: list[Counted]) -> list[Fraction] | None:
    """The most points of each child; None when one of them has no top, which a share cannot do without."""
    tops: list[Fraction] = []
    for child in counted:
        if child.attainable is None:
            if group.combine == "share":
                raise work.error("no_attainable", group.id, child.id, "a share needs the most points of each child")
            return None
        tops.append(child.attainable)
    return tops


def _whole(numbers_: Sequence[Fraction]) -> tuple[list[int], int]:
    """The numbers as whole numbers of one unit, and how many units make 1."""
    unit = lcm(*[number.denominator for number in numbers_])
    return [number.numerator * (unit // number.denominator) for number in numbers_], unit


def _extreme(group: Group, counted: list[Counted]) -> Combined:
    """Of equal children the first by name decides, so that the order of children does not matter."""
    lowest = group.combine == "lowest"
    decider = min(counted, key=lambda child: (child.value if lowest else -child.value, child.id))
    pick = min if lowest else max
    tops = [child.attainable for child in counted if child.attainable is not None]
    attainable = pick(tops) * group.times if len(tops) == len(counted) else None
    parts = tuple(
        Part(child.id, child.weight, child.value, group.times if child is decider else _ZERO) for child in counted
    )
    return Combined(decider.value * group.times, attainable, parts, decider.id)


def _geometric(work: Work, group: Group, counted: list[Counted]) -> Combined:
    """Roots are rounded half even to the group's `digits` decimals unless they are rational."""
    whole = numbers.common_whole([child.weight for child in counted])
    product, best = _ONE, _ONE
    for child, power in zip(counted, whole, strict=True):
        if child.value < 0:
            raise work.error("negative_value", group.id, child.value, f"a geometric mean needs {child.id} not below 0")
        product *= child.value**power
        best *= _ZERO if child.attainable is None else max(child.attainable, _ZERO) ** power
    known = all(child.attainable is not None for child in counted)
    attainable = numbers.root(best, sum(whole), group.digits) * group.times if known else None
    parts = tuple(Part(child.id, child.weight, child.value, None) for child in counted)
    return Combined(numbers.root(product, sum(whole), group.digits) * group.times, attainable, parts)
