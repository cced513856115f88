"""Whether a rule fits what it reads: types agree and every option has its points."""

from scoring.loading.names import Names, type_of
from scoring.loading.reading import Reading
from scoring.loading.tree import Tree
from scoring.rubric import ValueType
from scoring.rules import (
    Age,
    Arithmetic,
    Cases,
    Choice,
    Choices,
    Input,
    Points,
    Presence,
    Product,
    Rule,
    Source,
    leaves,
)
from scoring.values import YES_NO


def sources(source: Input | None, rule: Rule) -> tuple[str, ...]:
    """The answers whose states decide, each once, in the order they are read."""
    inputs = [source, *([factor.input for factor in rule.factors] if isinstance(rule, Product) else [])]
    if isinstance(rule, Cases):
        for case in rule.cases:
            inputs.extend(factor.input for factor in case.rule.factors) if isinstance(case.rule, Product) else None
    return tuple(dict.fromkeys(leaf.id for one in inputs for leaf in leaves(one) if leaf.kind == "answer"))


def check_fit(reading: Reading, tree: Tree, node: str, names: Names, source: Input | None, rule: Rule) -> None:
    if isinstance(rule, Cases):
        for case in rule.cases:
            check_fit(reading, tree, node, names, source, case.rule)
    elif isinstance(rule, Product):
        for factor in rule.factors:
            check_fit(reading, tree, node, names, factor.input, factor.rule)
    elif source is not None and not isinstance(rule, Points):
        _check(reading, tree, node, names, source, rule)


def check_numbers(reading: Reading, tree: Tree, node: str, names: Names, source: Input) -> None:
    """Whether what is calculated with, or stands for a number, is one."""
    if isinstance(source, Age):
        if type_of(names, source.of) not in {"date", None}:
            reading.wrong(tree, node, f"{source.of.id!r} is not a date", "Count an age from a date")
        return
    for leaf in leaves(source):
        if type_of(names, leaf) not in {"number", None}:
            reading.wrong(tree, node, f"{leaf.id!r} is not a number", "Calculate only with numbers")


def _check(reading: Reading, tree: Tree, node: str, names: Names, source: Input, rule: Rule) -> None:
    if isinstance(source, Arithmetic | Age):
        check_numbers(reading, tree, node, names, source)
    kind = type_of(names, source) if isinstance(source, Source) else "number"
    wanted: set[ValueType] = {"number"}
    if isinstance(rule, Choice):
        wanted = {"choice", "yes_no"}
    elif isinstance(rule, Choices):
        wanted = {"choices"}
    if kind is None or isinstance(rule, Presence):
        return
    if kind not in wanted:
        reading.wrong(tree, node, f"the rule needs a {' or '.join(sorted(wanted))}, but reads a {kind}", "Change one")
    elif isinstance(rule, Choice | Choices) and isinstance(source, Source):
        _check_options(reading, tree, node, names, source, rule)


def _check_options(
    reading: Reading, tree: Tree, node: str, names: Names, source: Source, rule: Choice | Choices
) -> None:
    named = (names.facts if source.kind == "fact" else names.answers)[source.id]
    options = YES_NO if named.type == "yes_no" else named.options
    for option in options:
        if option not in rule.points:
            reading.wrong(tree, node, "an option has no points", "Give every option its points", value=option)
    for option in rule.points:
        if option not in options:
            reading.wrong(tree, node, f"{source.id!r} has no such option", "Remove it or declare it", value=option)
