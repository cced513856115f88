"""Combining weighted children: sum, mean, share, lowest, highest, geometric mean."""

from dataclasses import dataclass
from fractions import Fraction

from scoring import numbers
from scoring.results import Part
from scoring.rubric import Group
from scoring.work import Work

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Counted:
    """A child that counts, with its weight for this subject."""

    id: str
    weight: Fraction
    value: Fraction
    attainable: Fraction | None


@dataclass(frozen=True, slots=True)
class Combined:
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
    bottom = _bottom(work, group, counted)
    if bottom is None:
        return None
    parts = tuple(Part(child.id, child.weight, child.value, child.weight * group.times / bottom) for child in counted)
    value = sum((child.weight * child.value for child in counted), _ZERO) * group.times / bottom
    if group.combine == "share":
        return Combined(value, group.times, parts)
    tops = [None if child.attainable is None else max(child.weight * child.attainable, _ZERO) for child in counted]
    attainable = None if None in tops else sum((top for top in tops if top), _ZERO) * group.times / bottom
    return Combined(value, attainable, parts)


def _bottom(work: Work, group: Group, counted: list[Counted]) -> Fraction | None:
    if group.combine == "sum":
        return _ONE
    if group.combine == "mean":
        return sum((child.weight for child in counted), _ZERO) or None
    tops: list[Fraction] = []
    for child in counted:
        if child.attainable is None:
            raise work.error("no_attainable", group.id, child.id, "a share needs the most points of each child")
        tops.append(child.weight * child.attainable)
    bottom = sum(tops, _ZERO)
    return bottom if bottom > 0 else None


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
