"""Whether a level can be climbed node by node: a tree of groups, each answer read once, conditions on answers only."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

from scoring.condition import Condition, refs
from scoring.path.goal import Goal, is_settled, node_limit
from scoring.rubric import Demand, Group, Rubric
from scoring.rules import Cases, Product, Rule, Source, leaves


def conditions(rubric: Rubric) -> Iterator[Condition]:
    """Every condition outside the levels' own lists."""
    for answer in rubric.answers.values():
        yield from _some(answer.asked)
    for criterion in rubric.criteria.values():
        yield from _some(criterion.applies)
        yield from (override.when for override in criterion.finish.overrides)
        if isinstance(criterion.rule, Cases):
            for case in criterion.rule.cases:
                yield from _some(case.when)
        if criterion.essential:
            yield from _some(criterion.essential.demand.when)
    for group in rubric.groups.values():
        yield from _some(group.applies)
        yield from (override.when for override in group.finish.overrides)
        for child in group.children:
            yield from _some(child.when)
            yield from chain.from_iterable(_some(case.when) for case in child.weights)
    for demand in all_demands(rubric):
        yield from _some(demand.when)


def all_demands(rubric: Rubric) -> Iterator[Demand]:
    for scale in rubric.levels.values():
        for rung in scale.rungs:
            yield from rung.gates.values()


def is_separable(goal: Goal) -> bool:
    """True when frontiers give the optimum; otherwise combinations are tried."""
    rubric = goal.rubric
    known = all(ref.kind in {"fact", "answer", "state"} for one in conditions(rubric) for ref in refs(one))
    return (
        known
        and _answers_read_once(rubric)
        and _is_tree(goal)
        and all(_is_monotone(group) for group in rubric.groups.values())
        and _edges_fit(goal)
        and all(
            node_limit(one) is not None or is_settled(rubric, one)
            for rung in goal.scale.rungs[: goal.target + 1]
            for one in rung.conditions
        )
    )


def _some(condition: Condition | None) -> Iterator[Condition]:
    if condition is not None:
        yield condition


def _answers_read_once(rubric: Rubric) -> bool:
    read = [answer for criterion in rubric.criteria.values() for answer in criterion.answers]
    inputs = [leaf for one in rubric.criteria.values() for leaf in (*leaves(one.input), *_rule_leaves(one.rule))]
    builds_on_nodes = any(leaf.kind == "node" for leaf in inputs)
    return len(read) == len(set(read)) and not builds_on_nodes


def _rule_leaves(rule: Rule) -> Iterator[Source]:
    if isinstance(rule, Product):
        for factor in rule.factors:
            yield from leaves(factor.input)
    elif isinstance(rule, Cases):
        for case in rule.cases:
            yield from _rule_leaves(case.rule)


def _is_tree(goal: Goal) -> bool:
    seen: set[str] = set()
    stack = roots(goal)
    while stack:
        node = stack.pop()
        if node in seen:
            return False
        seen.add(node)
        stack += _children(goal.rubric, node)
    return True


def roots(goal: Goal) -> list[str]:
    """The nodes that the rung looks at and that are not below another of them."""
    nodes = list(dict.fromkeys((*goal.limits, *goal.sections)))
    below: set[str] = set()
    stack = [child for node in nodes for child in _children(goal.rubric, node)]
    while stack:
        node = stack.pop()
        if node not in below:
            below.add(node)
            stack += _children(goal.rubric, node)
    return [node for node in nodes if node not in below]


def _children(rubric: Rubric, node: str) -> list[str]:
    return [child.id for child in rubric.groups[node].children] if node in rubric.groups else []


def _is_monotone(group: Group) -> bool:
    weights = [case.weight for child in group.children for case in child.weights]
    return group.times >= 0 and all(isinstance(weight, Fraction) and weight >= 0 for weight in weights)


def _edges_fit(goal: Goal) -> bool:
    wanted = {"at_least", "above"} if goal.sign > 0 else {"at_most", "below"}
    edges = [edge for found in (*goal.limits.values(), *goal.sections.values()) for edge in found]
    return all(edge.op in wanted for edge in edges) and (
        goal.sign > 0 or all(demand.points is None for found in goal.demands.values() for demand in found)
    )
