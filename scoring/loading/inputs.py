"""Inputs from the tree: an answer, a fact, a node, an age, or arithmetic on them."""

from collections.abc import Iterable
from fractions import Fraction
from typing import cast

from scoring import numbers
from scoring.loading.names import Names
from scoring.loading.reading import Reading, near, suggest
from scoring.loading.tree import Branch, Leaf, Tree
from scoring.rules import OPERATIONS, Age, AgeUnit, Arithmetic, Constant, Input, Operation, Source

_SOURCES = ("answer", "fact", "node")
_UNITS: tuple[AgeUnit, ...] = ("months", "days", "years")


def read_input(reading: Reading, tree: Tree, node: str, names: Names, own: str = "") -> Input:
    """What a rule works on; a plain text is the name of an answer, a plain number a constant.

    `own` is the answer an age is about when it names no other.
    """
    if isinstance(tree, Leaf):
        found = numbers.parse(tree.text.strip()) if tree.text and tree.text not in names.answers else None
        return Constant(found) if found is not None else _source(reading, "answer", tree, node, names)
    entries = reading.branch(tree, node)
    if "age" in entries:
        return _age(reading, tree, node, names, own)
    if len(entries) == 1:
        (key, value) = next(iter(entries.items()))
        if key in _SOURCES:
            return _source(reading, key, value, node, names)
        if key in OPERATIONS:
            return _arithmetic(reading, key, value, node, names)
    fix = "Write a name, {fact: …}, {node: …}, {age: months, on: …} or {divide: [a, b]}"
    close = (near(key, (*_SOURCES, *OPERATIONS, "age")) for key in entries)
    reading.wrong(tree, node, "this is not an input", next(filter(None, close), fix), ", ".join(entries))
    return Constant(Fraction(0))


def _source(reading: Reading, kind: str, tree: Tree, node: str, names: Names) -> Source:
    name = reading.text(tree, node)
    known: Iterable[str] = names.answers if kind == "answer" else names.facts if kind == "fact" else names.nodes
    if name not in known:
        first = "Use" if kind == "node" else f"Declare it under {kind}s, or use"
        reading.wrong(tree, node, f"there is no {kind} of this name", suggest(name, known, first))
    return Source("fact" if kind == "fact" else "node" if kind == "node" else "answer", name)


def _arithmetic(reading: Reading, op: Operation, tree: Tree, node: str, names: Names) -> Arithmetic:
    parts = tuple(read_input(reading, item, node, names) for item in reading.items(tree, node))
    if len(parts) < 2:
        reading.wrong(tree, node, f"{op!r} needs at least two parts", f"Write {{{op}: [a, b]}}")
    return Arithmetic(op, parts)


def _age(reading: Reading, tree: Tree, node: str, names: Names, own: str) -> Input:
    entries = reading.branch(tree, node, ("age", "of", "on"))
    unit = reading.one_of(entries["age"], node, _UNITS)
    on = reading.text(entries["on"], node) if "on" in entries else ""
    if on not in names.facts or names.facts[on].type != "date":
        place = cast("Branch", tree).entries["age"][0]
        dates = [name for name, named in names.facts.items() if named.type == "date"]
        reading.wrong(place, node, "'on' must name a fact that is a date", suggest(on, dates), on)
    if "of" in entries:
        of = read_input(reading, entries["of"], node, names)
    elif own:
        of = Source("answer", own)
    else:
        reading.wrong(tree, node, "'of' is missing", "Name the answer that holds the date")
        of = Source("answer", "")
    if not isinstance(of, Source) or of.kind == "node":
        reading.wrong(tree, node, "an age is counted from one date", "Name an answer or fact that is a date")
        of = Source("answer", "")
    return Age(unit, of, on)
