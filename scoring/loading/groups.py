"""Groups from the tree."""

from collections.abc import Mapping
from fractions import Fraction

from scoring.loading.conditions import optional_condition
from scoring.loading.finish import FINISH_KEYS, read_finish, read_policy
from scoring.loading.fits import check_numbers
from scoring.loading.inputs import read_input
from scoring.loading.names import Names
from scoring.loading.reading import Reading, suggest
from scoring.loading.tree import Leaf, Listing, Tree
from scoring.numbers import common_whole
from scoring.rubric import COMBINES, Child, Combine, Criterion, Group, WeightCase
from scoring.rules import Input

_KEYS = ("title", "combine", "of", "times", "when_empty", "when_void", "needs", "digits", "applies", *FINISH_KEYS)
_MAX_ROOT = 200
_ONE = Fraction(1)


def read_groups(
    reading: Reading, tree: Tree | None, names: Names, criteria: Mapping[str, Criterion]
) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for name, value in reading.branch(tree, "groups").items():
        found[name] = _group(reading, name, value, names)
        if found[name].combine == "share":
            _check_tops(reading, value, found[name], criteria)
    return found


def _group(reading: Reading, name: str, tree: Tree, names: Names) -> Group:
    node = f"groups.{name}"
    entries = reading.branch(tree, node, _KEYS)
    for key in ("combine", "of"):
        if key not in entries:
            reading.wrong(tree, node, f"{key!r} is missing", "Write combine: mean and of: [child, …]")
    combine = reading.one_of(entries["combine"], node, COMBINES) if "combine" in entries else "sum"
    children = _children(reading, entries["of"], node, names) if "of" in entries else ()
    _check_weights(reading, tree, node, combine, children)
    empty = entries.get("when_empty")
    when_empty = (
        "none" if empty is None or empty == Leaf(None, empty.place) else reading.number_or(empty, node, ("none",))
    )
    return Group(
        name,
        names.nodes[name],
        combine,
        tuple(sorted(children, key=lambda child: child.id)),
        reading.number(entries["times"], node) if "times" in entries else _ONE,
        when_empty if isinstance(when_empty, Fraction) else None,
        read_policy(reading, entries["when_void"], node) if "when_void" in entries else "void",
        reading.whole(entries["needs"], node, 1, 10_000) if "needs" in entries else 1,
        reading.whole(entries["digits"], node, 1, 60) if "digits" in entries else 30,
        optional_condition(reading, entries.get("applies"), node, names),
        read_finish(reading, entries, node, names),
    )


def _children(reading: Reading, tree: Tree, node: str, names: Names) -> tuple[Child, ...]:
    if isinstance(tree, Listing):
        listed = [(reading.text(item, node), item) for item in tree.items]
        children = [Child(name, (WeightCase(None, _ONE),), None) for name, _ in listed]
    else:
        listed = list(reading.branch(tree, node).items())
        children = [_child(reading, name, value, node, names) for name, value in listed]
    seen: set[str] = set()
    for name, value in listed:
        if name not in names.nodes:
            others = [other for other in names.nodes if other != node]
            reading.wrong(value, node, "there is no criterion or group of this name", suggest(name, others), name)
        if name in seen:
            reading.wrong(value, node, "this child is listed twice", "List it once and give it a weight", name)
        seen.add(name)
    if not listed:
        reading.wrong(tree, node, "a group needs children", "List criteria or groups under 'of'")
    return tuple(children)


def _child(reading: Reading, name: str, tree: Tree, node: str, names: Names) -> Child:
    if isinstance(tree, Leaf):
        return Child(name, (WeightCase(None, reading.number(tree, node)),), None)
    entries = reading.branch(tree, node, ("weight", "when"))
    weight = entries.get("weight")
    if weight is None:
        cases: tuple[WeightCase, ...] = (WeightCase(None, _ONE),)
    elif not isinstance(weight, Listing):
        cases = (WeightCase(None, _weight(reading, weight, node, names)),)
    else:
        cases = tuple(_weight_case(reading, item, node, names) for item in reading.items(weight, node))
        if not cases or any(case.when is None for case in cases[:-1]):
            reading.wrong(weight, node, "a weight without 'when' stands only at the end", "Order the weights")
    return Child(name, cases, optional_condition(reading, entries.get("when"), node, names))


def _weight_case(reading: Reading, tree: Tree, node: str, names: Names) -> WeightCase:
    entries = reading.branch(tree, node, ("when", "weight"))
    if "weight" not in entries:
        reading.wrong(tree, node, "'weight' is missing", "Write {when: CONDITION, weight: 2}")
        return WeightCase(None, _ONE)
    when = optional_condition(reading, entries.get("when"), node, names)
    return WeightCase(when, _weight(reading, entries["weight"], node, names))


def _weight(reading: Reading, tree: Tree, node: str, names: Names) -> Fraction | Input:
    """A number, or where to read it: a fact, an answer, a node or a calculation."""
    if isinstance(tree, Leaf):
        return reading.number(tree, node)
    source = read_input(reading, tree, node, names)
    check_numbers(reading, tree, node, names, source)
    return source


def _check_weights(reading: Reading, tree: Tree, node: str, combine: Combine, children: tuple[Child, ...]) -> None:
    given = [case.weight for child in children for case in child.weights]
    weights = [weight for weight in given if isinstance(weight, Fraction)]
    if combine in {"lowest", "highest", "geometric_mean"} and len(weights) < len(given):
        reading.wrong(tree, node, f"{combine} reads no weights", "Use numbers, or sum, mean or share")
    if combine in {"mean", "share"} and any(weight < 0 for weight in weights):
        reading.wrong(tree, node, f"a {combine} cannot have weights below 0", "Use sum for deductions")
    if combine in {"lowest", "highest"} and any(weight != 1 for weight in weights):
        reading.wrong(tree, node, f"{combine} takes no weights", "List the children without weights")
    if combine == "geometric_mean":
        if any(weight <= 0 for weight in weights):
            reading.wrong(tree, node, "a geometric mean needs weights above 0", "Leave out what does not count")
        elif sum(common_whole(weights) if weights else []) > _MAX_ROOT:
            reading.wrong(
                tree, node, "these weights need too high a root", f"Keep the smallest whole weights' sum to {_MAX_ROOT}"
            )


def _check_tops(reading: Reading, tree: Tree, group: Group, criteria: Mapping[str, Criterion]) -> None:
    for child in group.children:
        if child.id in criteria and criteria[child.id].attainable is None:
            fix = "Give the rule a top, or write attainable: NUMBER at the criterion"
            reading.wrong(tree, f"groups.{group.id}", "a share needs the most points of each child", fix, child.id)
