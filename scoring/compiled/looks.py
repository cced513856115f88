"""What a criterion looks at: its conditions, the tests in them, the answers and facts its points depend on."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Literal

from scoring.condition import Condition, Not, Test, refs
from scoring.rubric import Answer, Criterion, Demand, Group, Rubric
from scoring.rules import Age, Cases, Choice, Choices, Presence, Product, Rule, Source, leaves

Need = tuple[Literal["answer", "evidence", "ruling", "condition", "fact"], str | Condition]


READABLE = {"fact", "answer", "state"}


class NotCompiledError(Exception):
    """The rubric uses something the program does not know; the plain code scores it."""


def check(rubric: Rubric) -> None:
    """Raises NotCompiledError for rules and asking conditions that look at results, rulings or evidence."""
    for answer in rubric.answers.values():
        _check(answer.asked)
    for criterion in rubric.criteria.values():
        for condition in own_conditions(criterion):
            _check(condition)
        if any(leaf.kind == "node" for leaf in all_leaves(criterion)):
            raise NotCompiledError("a rule reads a node")


def _check(condition: Condition | None) -> None:
    if any(ref.kind not in READABLE for ref in refs(condition)):
        raise NotCompiledError("a condition looks at nodes, levels, essentials, rulings or evidence")


def own_conditions(criterion: Criterion) -> list[Condition]:
    rule = criterion.rule
    found = [criterion.applies, *(override.when for override in criterion.finish.overrides)]
    found += [case.when for case in rule.cases] if isinstance(rule, Cases) else []
    found += [criterion.essential.demand.when] if criterion.essential else []
    return [one for one in found if one is not None]


def looked_at(criterion: Criterion, gates: Iterable[Demand]) -> tuple[str, ...]:
    """The answers that conditions of a criterion, and of demands on it, look at."""
    conditions = (*own_conditions(criterion), *(gate.when for gate in gates))
    found = (ref.id for condition in conditions for ref in refs(condition) if ref.kind in {"answer", "state"})
    return tuple(dict.fromkeys(found))


def tests_of(condition: Condition | None) -> list[Test]:
    if condition is None:
        return []
    if isinstance(condition, Test):
        return [condition]
    if isinstance(condition, Not):
        return tests_of(condition.part)
    return [test for part in condition.parts for test in tests_of(part)]


def all_leaves(criterion: Criterion) -> list[Source]:
    """Everything the input and the factors of a criterion read."""
    return [*leaves(criterion.input), *_rule_leaves(criterion.rule)]


def _rule_leaves(rule: Rule) -> list[Source]:
    if isinstance(rule, Product):
        return [leaf for factor in rule.factors for leaf in leaves(factor.input)]
    return [leaf for case in rule.cases for leaf in _rule_leaves(case.rule)] if isinstance(rule, Cases) else []


def answers_read(criterion: Criterion) -> list[str]:
    return [leaf.id for leaf in all_leaves(criterion) if leaf.kind == "answer"]


def facts_read(criterion: Criterion) -> list[str]:
    """Facts whose value the points depend on."""
    found = [leaf.id for leaf in all_leaves(criterion) if leaf.kind == "fact"]
    stack: list[object] = [criterion.input, criterion.rule]
    while stack:
        one = stack.pop()
        if isinstance(one, Age):
            found.append(one.on)
        for name in ("parts", "factors", "cases"):
            stack.extend(getattr(one, name, ()))
        stack += [getattr(one, name) for name in ("input", "rule") if hasattr(one, name)]
    return list(dict.fromkeys(found))


def aged(criterion: Criterion, basis: str) -> Age | None:
    """Points by the age of one answered day alone: ages are few, days are many."""
    source = criterion.input
    if not isinstance(source, Age) or source.of.kind != "answer" or basis == "verified":
        return None
    alone = answers_read(criterion) == [source.of.id] == list(criterion.answers)
    return source if alone and facts_read(criterion) == [source.on] else None


def readers(rubric: Rubric) -> dict[str, list[Criterion]]:
    """The criteria that read each answer."""
    found: dict[str, list[Criterion]] = {name: [] for name in rubric.answers}
    for criterion in rubric.criteria.values():
        for name in dict.fromkeys((*criterion.answers, *answers_read(criterion))):
            found[name].append(criterion)
    return found


def aged_by(rubric: Rubric, reading: list[Criterion], basis: str) -> Criterion | None:
    """The only criterion of those reading an answer, if it looks at its age alone."""
    only = reading[0] if len(reading) == 1 else None
    return only if only and aged(only, basis) and reads_no_options(rubric, only) else None


def points_of(rule: Rule) -> list[Fraction]:
    if isinstance(rule, Choice | Choices):
        return [points for points in rule.points.values() if isinstance(points, Fraction)]
    return []


def whole_scale(rubric: Rubric, group: Group) -> int:
    """Makes most weighted points of the group's criteria whole numbers; others stay fractions."""
    found = 1
    for child in group.children:
        if child.id in rubric.criteria:
            weight, criterion = child.weights[0].weight, rubric.criteria[child.id]
            points = (criterion.attainable or Fraction(1), *points_of(criterion.rule))
            found = lcm(found, weight.denominator, *((weight * one).denominator for one in points))
    return found


def demands_on(rubric: Rubric, criterion: Criterion) -> list[Demand]:
    """The different demands that rungs state on a criterion."""
    found = (rung.gates.get(criterion.id) for scale in rubric.levels.values() for rung in scale.rungs)
    return [demand for demand in dict.fromkeys(found) if demand is not None]


def is_unread(rubric: Rubric, answer: Answer, reading: Iterable[Criterion], tests: Iterable[tuple[str, Test]]) -> bool:
    """Only whether there is a readable value matters, never which, to those reading an answer and to its tests."""
    if answer.counts_as or any(test.op != "answered" and how != "state" for how, test in tests):
        return False
    return all(_reads_no_content(rubric, one, answer) for one in reading)


def _reads_no_content(rubric: Rubric, criterion: Criterion, answer: Answer) -> bool:
    only = criterion.answers == (answer.id,) and criterion.input == Source("answer", answer.id)
    return only and isinstance(criterion.rule, Presence) and reads_no_options(rubric, criterion)


def reads_no_options(rubric: Rubric, criterion: Criterion) -> bool:
    """No demand on the criterion names answers that meet it."""
    essential = criterion.essential
    asked = [*demands_on(rubric, criterion), *([essential.demand] if essential else [])]
    return all(one.met_by is None for one in asked) and not (essential and essential.discretionary)


def needed(criterion: Criterion, gates: list[Demand], basis: str) -> tuple[Need, ...]:
    """Everything a criterion's row depends on."""
    own = tuple(dict.fromkeys((criterion.id, *criterion.answers)))
    needs: list[Need] = [("answer", name) for name in dict.fromkeys((*criterion.answers, *answers_read(criterion)))]
    wanted = [*gates, *([criterion.essential.demand] if criterion.essential else [])]
    if criterion.evidence.at_most is not None or any(demand.evidence for demand in wanted):
        needs += [("evidence", name) for name in own]
    if basis == "verified":
        needs += [("ruling", name) for name in own]
    conditions = [criterion.applies, *own_conditions(criterion), *(demand.when for demand in gates)]
    needs += [("condition", one) for one in dict.fromkeys(conditions) if one is not None]
    return (*needs, *(("fact", name) for name in facts_read(criterion)))
