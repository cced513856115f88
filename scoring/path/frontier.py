"""Least effort for each value of a node: only states that nothing cheaper equals or beats are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from scoring import numbers
from scoring.path.changes import Candidate
from scoring.rubric import Group

Chosen = tuple[Candidate | None, "Chosen | None", "Chosen | None"]


@dataclass(frozen=True, slots=True)
class Best:
    """`value` can be had for `effort` with these choices (a tree, so that joining two is cheap)."""

    effort: Fraction
    value: Fraction
    chosen: Chosen | None


Frontier = list[Best]


def choices(chosen: Chosen | None) -> list[Candidate]:
    """The candidates of a tree of choices, without those that stay as they are."""
    found: list[Candidate] = []
    stack = [chosen]
    while stack:
        part = stack.pop()
        if part is not None:
            candidate, left, right = part
            if candidate is not None and (candidate.answers or candidate.evidence):
                found.append(candidate)
            stack.extend((left, right))
    return sorted(found, key=lambda candidate: candidate.criterion)


def prune(states: list[Best], sign: int) -> Frontier:
    """Cheapest first, each strictly better than all cheaper ones."""
    kept: Frontier = []
    # Two stable sorts spare a product for every state.
    ranked = sorted(states, key=lambda state: state.value, reverse=sign > 0)
    for state in sorted(ranked, key=lambda state: state.effort):
        if not kept or (state.value > kept[-1].value if sign > 0 else state.value < kept[-1].value):
            kept.append(state)
    return kept


def join(left: Frontier, right: Frontier, sign: int, together: Callable[[Fraction, Fraction], Fraction]) -> Frontier:
    """Every pair, pruned; `together` must not fall when either side gets better."""
    best: dict[Fraction, Best] = {}
    for one in left:
        for other in right:
            effort, value = one.effort + other.effort, together(one.value, other.value)
            held = best.get(effort)
            if held is None or sign * value > sign * held.value:
                best[effort] = Best(effort, value, (None, one.chosen, other.chosen))
    return prune(list(best.values()), sign)


def combine(group: Group, parts: list[tuple[Fraction, Frontier]], bottom: Fraction, sign: int) -> Frontier:
    """The frontier of a group from those of its counted children (weight, frontier)."""
    if group.combine in {"lowest", "highest"}:
        pick = min if group.combine == "lowest" else max
        found = _fold([frontier for _, frontier in parts], sign, pick)
        return [Best(one.effort, one.value * group.times, one.chosen) for one in found]
    if group.combine == "geometric_mean":
        powers = numbers.common_whole([weight for weight, _ in parts])
        lists = [
            [Best(one.effort, one.value**power, one.chosen) for one in frontier]
            for power, (_, frontier) in zip(powers, parts, strict=True)
        ]
        found = _fold(lists, sign, lambda a, b: a * b)
        degree = sum(powers)
        return [
            Best(one.effort, numbers.root(one.value, degree, group.digits) * group.times, one.chosen) for one in found
        ]
    return _add(group, parts, bottom, sign)


def _fold(lists: list[Frontier], sign: int, together: Callable[[Fraction, Fraction], Fraction]) -> Frontier:
    found = lists[0]
    for other in lists[1:]:
        found = join(found, other, sign, together)
    return found


def _add(group: Group, parts: list[tuple[Fraction, Frontier]], bottom: Fraction, sign: int) -> Frontier:
    """Sums in whole numbers over a common denominator, which is many times faster than fractions."""
    scale = lcm(*((weight * one.value).denominator for weight, frontier in parts for one in frontier))
    effort_scale = lcm(*(one.effort.denominator for _, frontier in parts for one in frontier))
    states: list[tuple[int, int, Chosen | None]] = [(0, 0, None)]
    for weight, frontier in parts:
        steps = [
            (int(one.effort * effort_scale), int(weight * one.value * scale) * sign, one.chosen) for one in frontier
        ]
        states = _add_one(states, steps)
    factor = sign * group.times / bottom / scale
    return [Best(Fraction(effort, effort_scale), value * factor, chosen) for effort, value, chosen in states]


def _add_one(
    states: list[tuple[int, int, Chosen | None]], steps: list[tuple[int, int, Chosen | None]]
) -> list[tuple[int, int, Chosen | None]]:
    if len(steps) == 1:
        effort, value, chosen = steps[0]
        return [(e + effort, v + value, (None, c, chosen) if chosen else c) for e, v, c in states]
    best: dict[int, tuple[int, Chosen | None]] = {}
    for effort, value, chosen in states:
        for more, gain, pick in steps:
            held = best.get(effort + more)
            if held is None or value + gain > held[0]:
                best[effort + more] = (value + gain, (None, chosen, pick) if pick else chosen)
    kept: list[tuple[int, int, Chosen | None]] = []
    for effort in sorted(best):
        value, chosen = best[effort]
        if not kept or value > kept[-1][1]:
            kept.append((effort, value, chosen))
    return kept
