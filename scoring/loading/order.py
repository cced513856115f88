"""An order of evaluation: everything after what it looks at; a circle is a problem."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

from scoring.condition import Condition, Ref, refs
from scoring.rubric import Criterion, Finish, Group, Rubric, Scale, Unit
from scoring.rules import Cases, Input, Product, Rule, leaves

Graph = dict[Unit, tuple[Unit, ...]]


def graph(rubric: Rubric) -> Graph:
    """What each unit needs first."""
    needs: Graph = {}
    for answer in rubric.answers.values():
        needs["answer", answer.id] = _unique(_from_refs([answer.asked]))
    for criterion in rubric.criteria.values():
        needs["node", criterion.id] = _unique(_criterion(criterion))
        if criterion.essential:
            demand = criterion.essential.demand
            asked: list[Unit] = [("answer", answer) for answer in criterion.answers]
            needs["essential", criterion.id] = _unique([*asked, ("node", criterion.id), *_from_refs([demand.when])])
    for group in rubric.groups.values():
        needs["node", group.id] = _unique(_group(group))
    for scale in rubric.levels.values():
        needs["level", scale.id] = _unique(_scale(rubric, scale))
    return {unit: tuple(need for need in found if need in needs) for unit, found in needs.items()}


def sort(needs: Graph) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """(order, circle): depth first without recursion; a circle is empty when there is none."""
    done: dict[Unit, None] = {}
    for start in needs:
        path: dict[Unit, Iterator[Unit]] = {} if start in done else {start: iter(needs[start])}
        while path:
            unit = next(reversed(path))
            following = next((need for need in path[unit] if need not in done), None)
            if following is None:
                done[unit] = None
                del path[unit]
            elif following in path:
                circle = list(path)
                return tuple(done), (*circle[circle.index(following) :], following)
            else:
                path[following] = iter(needs[following])
    return tuple(done), ()


def _unique(units: Iterable[Unit]) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys(units))


def _from_refs(conditions: Iterable[Condition | None]) -> Iterator[Unit]:
    for ref in chain.from_iterable(refs(condition) for condition in conditions):
        unit = _unit(ref)
        if unit:
            yield unit


def _unit(ref: Ref) -> Unit | None:
    if ref.kind in {"answer", "state"}:
        return ("answer", ref.id)
    if ref.kind == "node":
        return ("node", ref.id)
    if ref.kind == "essential":
        return ("essential", ref.id)
    return ("level", ref.id) if ref.kind == "level" else None


def _finish(finish: Finish) -> Iterator[Unit]:
    return _from_refs(override.when for override in finish.overrides)


def _criterion(criterion: Criterion) -> Iterator[Unit]:
    yield from (("answer", answer) for answer in criterion.answers)
    yield from _from_refs([criterion.applies])
    yield from _inputs([criterion.input])
    yield from _rule(criterion.rule)
    yield from _finish(criterion.finish)


def _rule(rule: Rule) -> Iterator[Unit]:
    if isinstance(rule, Product):
        yield from _inputs(factor.input for factor in rule.factors)
    elif isinstance(rule, Cases):
        for case in rule.cases:
            yield from _from_refs([case.when])
            yield from _rule(case.rule)


def _inputs(inputs: Iterable[Input | None]) -> Iterator[Unit]:
    for leaf in chain.from_iterable(leaves(one) for one in inputs):
        if leaf.kind == "node":
            yield ("node", leaf.id)


def _group(group: Group) -> Iterator[Unit]:
    for child in group.children:
        yield ("node", child.id)
        yield from _from_refs([child.when, *(case.when for case in child.weights)])
        for case in child.weights:
            if not isinstance(case.weight, Fraction):
                yield from ((leaf.kind, leaf.id) for leaf in leaves(case.weight) if leaf.kind != "fact")
    yield from _from_refs([group.applies])
    yield from _finish(group.finish)


def _scale(rubric: Rubric, scale: Scale) -> Iterator[Unit]:
    yield from (("node", node) for node in (*scale.sections, *([scale.of] if scale.of else [])))
    for rung in scale.rungs:
        if rung.essentials:
            yield from (("essential", criterion.id) for criterion in rubric.criteria.values() if criterion.essential)
        for name, gate in rung.gates.items():
            yield from (("answer", answer) for answer in rubric.criteria[name].answers)
            yield ("node", name)
            yield from _from_refs([gate.when])
        yield from _from_refs(rung.conditions)
