"""Where conditions stand in a rubric, what looks at what, and where an entry of the file is."""

from collections.abc import Iterator
from fractions import Fraction

from scoring.condition import Condition, Ref, tests
from scoring.loading.tree import Branch, Listing, Place, Tree
from scoring.rubric import Criterion, Finish, Group, Rubric, Scale
from scoring.rules import Age, Arithmetic, Cases, Goalposts, Input, Product, Rule, leaves

Key = tuple[str | int, ...]
Standing = tuple[Key, Condition | None]


def place_of(tree: Tree, key: Key) -> Place:
    """The place of an entry, or of the nearest part around it that the file has."""
    place = tree.place
    for part in key:
        if isinstance(tree, Branch) and part in tree.entries:
            place, tree = tree.entries[str(part)]
        elif isinstance(tree, Listing) and isinstance(part, int) and part < len(tree.items):
            tree = tree.items[part]
            place = tree.place
        else:
            break
    return place


def conditions(rubric: Rubric) -> Iterator[tuple[Key, Condition]]:
    """Every condition with the way to it."""
    for key, condition in _standing(rubric):
        if condition is not None:
            yield key, condition


def chains(rubric: Rubric) -> Iterator[tuple[Key, tuple[Condition, ...]]]:
    """Cases, and weights by cases, of which the last has a condition as well."""
    for criterion in rubric.criteria.values():
        if isinstance(criterion.rule, Cases):
            yield from _open(("criteria", criterion.id, "cases"), [case.when for case in criterion.rule.cases])
    for group in rubric.groups.values():
        for child in group.children:
            key = ("groups", group.id, "of", child.id, "weight")
            yield from _open(key, [case.when for case in child.weights])


def _open(key: Key, whens: list[Condition | None]) -> Iterator[tuple[Key, tuple[Condition, ...]]]:
    conditional = tuple(when for when in whens if when is not None)
    if len(conditional) == len(whens):
        yield key, conditional


def looked_at(rubric: Rubric) -> frozenset[Ref]:
    """Everything that conditions and inputs look at."""
    found = {test.ref for _, condition in conditions(rubric) for test in tests(condition)}
    for one in _inputs(rubric):
        found |= {Ref(leaf.kind, leaf.id) for leaf in leaves(one)} | {Ref("fact", day) for day in _days(one)}
    return frozenset(found)


def _standing(rubric: Rubric) -> Iterator[Standing]:
    for answer in rubric.answers.values():
        own = answer.id in rubric.criteria
        yield ("criteria" if own else "answers", answer.id, "asked"), answer.asked
    for criterion in rubric.criteria.values():
        yield from _in_criterion(criterion)
    for group in rubric.groups.values():
        yield from _in_group(group)
    for scale in rubric.levels.values():
        yield from _in_scale(scale)


def _in_criterion(criterion: Criterion) -> Iterator[Standing]:
    key = ("criteria", criterion.id)
    yield (*key, "applies"), criterion.applies
    if criterion.essential:
        yield (*key, "essential", "when"), criterion.essential.demand.when
    if isinstance(criterion.rule, Cases):
        yield from (((*key, "cases", place, "when"), case.when) for place, case in enumerate(criterion.rule.cases))
    yield from _overrides(key, criterion.finish)


def _in_group(group: Group) -> Iterator[Standing]:
    key = ("groups", group.id)
    yield (*key, "applies"), group.applies
    for child in group.children:
        yield (*key, "of", child.id, "when"), child.when
        for place, case in enumerate(child.weights):
            yield (*key, "of", child.id, "weight", place, "when"), case.when
    yield from _overrides(key, group.finish)


def _overrides(key: Key, finish: Finish) -> Iterator[Standing]:
    yield from (((*key, "overrides", place, "when"), one.when) for place, one in enumerate(finish.overrides))


def _in_scale(scale: Scale) -> Iterator[Standing]:
    for place, rung in enumerate(scale.rungs):
        key = ("levels", scale.id, "rungs", place)
        yield from (((*key, "conditions", at), condition) for at, condition in enumerate(rung.conditions))
        yield from (((*key, "criteria", name, "when"), gate.when) for name, gate in rung.gates.items())


def _inputs(rubric: Rubric) -> Iterator[Input]:
    """Every input: of criteria and factors, of weights, and goalposts that are read."""
    for criterion in rubric.criteria.values():
        if criterion.input is not None:
            yield criterion.input
        yield from _in_rule(criterion.rule)
    for group in rubric.groups.values():
        weights = (case.weight for child in group.children for case in child.weights)
        yield from (weight for weight in weights if not isinstance(weight, Fraction))


def _in_rule(rule: Rule) -> Iterator[Input]:
    if isinstance(rule, Cases):
        for case in rule.cases:
            yield from _in_rule(case.rule)
    elif isinstance(rule, Product):
        for factor in rule.factors:
            yield factor.input
            yield from _in_rule(factor.rule)
    elif isinstance(rule, Goalposts):
        yield from (post for post in (rule.start, rule.end) if not isinstance(post, Fraction))


def _days(source: Input) -> Iterator[str]:
    if isinstance(source, Age):
        yield source.on
    elif isinstance(source, Arithmetic):
        for part in source.parts:
            yield from _days(part)
