"""Least effort for each value of a node: only states that nothing cheaper equals or beats are kept."""

import operator
from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

from scoring import numbers
from scoring.path.budget import Budget
from scoring.path.changes import Candidate
from scoring.rubric import Group

PAIRS = 32
"""How many pairs of states cost as much as one result."""
Chosen = tuple[Candidate | None, "Chosen | None", "Chosen | None"]
Number = Fraction | int


class Best(NamedTuple):
    """`value` can be had for `effort`, in whole units, with these choices (a tree, so that joining two is cheap)."""

    effort: int
    value: Number
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
            if candidate is not None and not candidate.stays:
                found.append(candidate)
            stack.extend((left, right))
    return sorted(found, key=lambda candidate: candidate.criterion)


def prune(states: list[Best], sign: int) -> Frontier:
    """Cheapest first, each strictly better than all cheaper ones."""
    better = operator.gt if sign > 0 else operator.lt
    kept: Frontier = []
    # Two stable sorts spare a product for every state.
    ranked = sorted(states, key=lambda state: state.value, reverse=sign > 0)
    for state in sorted(ranked, key=lambda state: state.effort):
        if not kept or better(state.value, kept[-1].value):
            kept.append(state)
    return kept


def join(left: Frontier, right: Frontier, sign: int, together: Callable[[Any, Any], Any], budget: Budget) -> Frontier:
    """Every pair, pruned; `together` must not fall when either side gets better."""
    budget.spend(1 + len(left) * len(right) // PAIRS)
    better = operator.gt if sign > 0 else operator.lt
    best: dict[int, Best] = {}
    for effort, value, chosen in left:
        for more, other, pick in right:
            found = together(value, other)
            held = best.get(effort + more)
            if held is None or better(found, held.value):
                best[effort + more] = Best(effort + more, found, (None, chosen, pick) if pick else chosen)
    return prune(list(best.values()), sign)


def combine(
    group: Group, parts: list[tuple[Fraction, Frontier]], bottom: Fraction, sign: int, budget: Budget
) -> Frontier:
    """The frontier of a group from those of its counted children (weight, frontier)."""
    weights, frontiers = [weight for weight, _ in parts], [frontier for _, frontier in parts]
    if group.combine in {"lowest", "highest"}:
        found = _fold(frontiers, sign, min if group.combine == "lowest" else max, budget)
        return [Best(effort, value * group.times, chosen) for effort, value, chosen in found]
    if group.combine == "geometric_mean":
        powers = numbers.common_whole(weights)
        raised = [
            [Best(effort, value**power, chosen) for effort, value, chosen in frontier]
            for power, frontier in zip(powers, frontiers, strict=True)
        ]
        found, degree = _fold(raised, sign, operator.mul, budget), sum(powers)
        return [
            Best(effort, numbers.root(Fraction(value), degree, group.digits) * group.times, chosen)
            for effort, value, chosen in found
        ]
    # Sums in whole numbers over a common denominator are many times faster than fractions.
    unit = lcm(*((weight * state.value).denominator for weight, frontier in parts for state in frontier))
    whole = [
        [Best(effort, int(weight * value * unit), chosen) for effort, value, chosen in frontier]
        for weight, frontier in parts
    ]
    factor = group.times / bottom / unit
    return [Best(effort, value * factor, chosen) for effort, value, chosen in _fold(whole, sign, operator.add, budget)]


def _fold(frontiers: list[Frontier], sign: int, together: Callable[[Any, Any], Any], budget: Budget) -> Frontier:
    found = frontiers[0]
    for other in frontiers[1:]:
        found = join(found, other, sign, together, budget)
    return found
