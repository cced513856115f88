"""Whether a level can be climbed node by node: a tree of groups, each answer read once, conditions on answers only."""

from collections.abc import Iterator
from fractions import Fraction

from scoring.condition import Condition, refs
from scoring.path.goal import Goal, node_limit
from scoring.path.proposals import own_answers
from scoring.rubric import Demand, Group, Rubric
from scoring.rules import Cases, Product, Rule, Source, leaves


def conditions(rubric: Rubric) -> Iterator[tuple[tuple[str, ...], Condition]]:
    """Every condition outside the levels' own lists; with one that chooses a case, the answers of that criterion."""
    for criterion in rubric.criteria.values():
        cases = criterion.rule.cases if isinstance(criterion.rule, Cases) else ()
        own = own_answers(rubric, criterion)
        yield from ((own, case.when) for case in cases if case.when is not None)
    yield from (((), condition) for condition in _others(rubric) if condition is not None)


def _others(rubric: Rubric) -> Iterator[Condition | None]:
    yield from (answer.asked for answer in rubric.answers.values())
    for criterion in rubric.criteria.values():
        yield criterion.applies
        yield from (override.when for override in criterion.finish.overrides)
        yield criterion.essential.demand.when if criterion.essential else None
    for group in rubric.groups.values():
        yield group.applies
        yield from (override.when for override in group.finish.overrides)
        for child in group.children:
            yield child.when
            yield from (case.when for case in child.weights)
    yield from (demand.when for demand in all_demands(rubric))


def all_demands(rubric: Rubric) -> Iterator[Demand]:
    for scale in rubric.levels.values():
        for rung in scale.rungs:
            yield from rung.gates.values()


def is_separable(goal: Goal) -> bool:
    """True when frontiers give the optimum; otherwise combinations are tried."""
    rubric = goal.rubric
    known = all(ref.kind in {"fact", "answer", "state"} for _, one in conditions(rubric) for ref in refs(one))
    return (
        known
        and _answers_read_once(rubric)
        and _is_tree(goal)
        and all(_is_monotone(group) for group in rubric.groups.values())
        and _edges_fit(goal)
        and all(
            node_limit(one) is not None or goal.is_fixed(one)
            for rung in goal.scale.rungs[: goal.target + 1]
            for one in rung.conditions
        )
    )


def _answers_read_once(rubric: Rubric) -> bool:
    read = [answer for criterion in rubric.criteria.values() for answer in own_answers(rubric, criterion)]
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
