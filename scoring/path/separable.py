"""Whether a level can be climbed node by node: a tree of groups, each answer read once, conditions on answers only."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

from scoring.condition import Condition, Test, refs
from scoring.rubric import Demand, Group, Rubric, Scale
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


def tests(rubric: Rubric) -> list[Test]:
    """The single tests of those conditions."""
    found: list[Test] = []
    stack = list(conditions(rubric))
    while stack:
        condition = stack.pop()
        if isinstance(condition, Test):
            found.append(condition)
        elif hasattr(condition, "part"):
            stack.append(condition.part)
        else:
            stack.extend(condition.parts)
    return found


def is_separable(rubric: Rubric, scale: Scale, target: int) -> bool:
    """True when frontiers give the optimum; otherwise every combination is tried in order of effort."""
    known = all(ref.kind in {"fact", "answer", "state"} for one in conditions(rubric) for ref in refs(one))
    return (
        known
        and _answers_read_once(rubric)
        and _is_tree(rubric, scale)
        and all(_is_monotone(group) for group in rubric.groups.values())
        and _edges_fit(scale, target)
        and all(is_settled(rubric, one) for rung in scale.rungs[: target + 1] for one in rung.conditions)
    )


def is_settled(rubric: Rubric, condition: Condition) -> bool:
    """A condition no proposed change can turn: on facts, and on answers without points that are always asked alike."""
    return all(
        ref.kind == "fact"
        or (
            ref.kind in {"answer", "state"}
            and ref.id not in rubric.scored
            and ((asked := rubric.answers[ref.id].asked) is None or is_settled(rubric, asked))
        )
        for ref in refs(condition)
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


def _is_tree(rubric: Rubric, scale: Scale) -> bool:
    seen: set[str] = set()
    stack = roots(rubric, scale)
    while stack:
        node = stack.pop()
        if node in seen:
            return False
        seen.add(node)
        if node in rubric.groups:
            stack.extend(child.id for child in rubric.groups[node].children)
    return True


def roots(rubric: Rubric, scale: Scale) -> list[str]:
    """The node of the total, and sections that are not below it."""
    below: set[str] = set()
    stack = [scale.of] if scale.of else []
    while stack:
        node = stack.pop()
        if node not in below and node in rubric.groups:
            stack.extend(child.id for child in rubric.groups[node].children)
        below.add(node)
    return [*([scale.of] if scale.of else []), *(section for section in scale.sections if section not in below)]


def _is_monotone(group: Group) -> bool:
    weights = [case.weight for child in group.children for case in child.weights]
    return group.times >= 0 and all(isinstance(weight, Fraction) and weight >= 0 for weight in weights)


def _edges_fit(scale: Scale, target: int) -> bool:
    wanted = {"at_least", "above"} if scale.better == "high" else {"at_most", "below"}
    for rung in scale.rungs[: target + 1]:
        edges = [rung.total]
        if rung.each_section:
            edges += [rung.each_section.edge, *rung.each_section.exceptions.values()]
        if any(edge is not None and edge.op not in wanted for edge in edges):
            return False
        if any(gate.points is not None for gate in rung.gates.values()) and scale.better == "low":
            return False
    return True
