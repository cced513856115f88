"""Rules from the tree: choice, choices, bands, linear, goalposts, presence, product, cases, points."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import cast

from scoring.condition import EDGES, Edge, EdgeOp, refs
from scoring.loading.conditions import optional_condition
from scoring.loading.inputs import read_input
from scoring.loading.names import Names, type_of
from scoring.loading.ranges import top
from scoring.loading.reading import Reading, suggest
from scoring.loading.tree import Branch, Leaf, Tree
from scoring.rules import (
    STATES,
    Band,
    Bands,
    Case,
    Cases,
    Choice,
    Choices,
    Clamp,
    Factor,
    Goalposts,
    Linear,
    Points,
    Presence,
    Product,
    Rule,
    Simple,
    Source,
    Yield,
)

SIMPLE = ("choice", "choices", "bands", "linear", "goalposts", "presence", "points")
RULES = (*SIMPLE, "product", "cases")
Maps = Mapping[str, Mapping[str, Tree]]
_CLAMPS: tuple[Clamp, ...] = ("both", "low", "high", "none")
_MAX_LOG_DIGITS = 60


def read_rule(reading: Reading, entries: Mapping[str, Tree], tree: Tree, node: str, names: Names, maps: Maps) -> Rule:
    """The one rule among the entries of a criterion."""
    found = [name for name in RULES if name in entries]
    if len(found) != 1:
        reading.wrong(tree, node, "exactly one rule is needed", f"Write one of: {', '.join(RULES)}", ", ".join(found))
        return Points(Fraction(0))
    if found[0] == "cases":
        return _cases(reading, entries["cases"], node, names, maps)
    if found[0] == "product":
        return _product(reading, entries["product"], node, names, maps)
    return _simple(reading, found[0], entries, node, names, maps)


def option_table(reading: Reading, tree: Tree, node: str, maps: Maps) -> Mapping[str, Tree]:
    """The options of a choice: written there, or the name of a map."""
    if isinstance(tree, Leaf):
        name = reading.text(tree, node)
        if name not in maps:
            reading.wrong(tree, node, "there is no map of this name", suggest(name, maps))
        return maps.get(name, {})
    if isinstance(tree, Branch):
        for key, (place, _) in tree.entries.items():
            reading.name(key, place, node)
    return reading.branch(tree, node)


def read_yield(reading: Reading, tree: Tree, node: str) -> Yield:
    """Points, or the state an option stands for."""
    return reading.number_or(tree, node, STATES)


def _simple(reading: Reading, name: str, entries: Mapping[str, Tree], node: str, names: Names, maps: Maps) -> Simple:
    tree = entries[name]
    if name == "choice":
        table = option_table(reading, tree, node, maps)
        if not table:
            reading.wrong(tree, node, "a choice needs options", "Write {option: points, …}")
        return Choice({option: read_yield(reading, value, node) for option, value in table.items()})
    if name == "choices":
        table = option_table(reading, tree, node, maps)
        exclusive = exclusive_options(reading, entries.get("exclusive"), node, tuple(table))
        return Choices({option: reading.number(value, node) for option, value in table.items()}, exclusive)
    readers: dict[str, Callable[[], Simple]] = {
        "bands": lambda: _bands(reading, tree, node),
        "linear": lambda: _linear(reading, tree, node),
        "goalposts": lambda: _goalposts(reading, tree, node, names),
        "presence": lambda: Presence(reading.number(tree, node)),
        "points": lambda: Points(read_yield(reading, tree, node)),
    }
    return readers[name]()


def exclusive_options(reading: Reading, tree: Tree | None, node: str, options: tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(reading.text(item, node) for item in reading.items(tree, node))
    for item, option in zip(reading.items(tree, node), chosen, strict=True):
        if option not in options:
            reading.wrong(item, node, "there is no such option", suggest(option, options))
    return chosen


def _bands(reading: Reading, tree: Tree, node: str) -> Bands:
    bands: list[Band] = []
    otherwise: Yield | None = None
    for item in reading.items(tree, node):
        entries = reading.branch(item, node, (*EDGES, "points", "otherwise"))
        edges = [op for op in EDGES if op in entries]
        if set(entries) == {"otherwise"} and otherwise is None:
            otherwise = read_yield(reading, entries["otherwise"], node)
        elif len(edges) == 1 and set(entries) == {edges[0], "points"}:
            edge = Edge(edges[0], reading.number(entries[edges[0]], node))
            bands.append(Band(edge, read_yield(reading, entries["points"], node)))
        else:
            fix = "Write {at_least: 90, points: 3} (or above, at_most, below), and at most one {otherwise: 0}"
            reading.wrong(item, node, "this is not a band", fix)
    _check_edges(reading, tree, node, [band.edge for band in bands])
    return Bands(tuple(bands), otherwise)


def _check_edges(reading: Reading, tree: Tree, node: str, edges: list[Edge]) -> None:
    if not edges:
        reading.wrong(tree, node, "bands need at least one edge", "Write - {at_least: 90, points: 3}")
    if len({edge.op in {"at_least", "above"} for edge in edges}) > 1:
        fix = "Use only at_least and above, or only at_most and below"
        reading.wrong(tree, node, "lower and upper edges are mixed in one table", fix)
    if len(set(edges)) < len(edges):
        reading.wrong(tree, node, "two bands have the same edge", "Remove one of them")


def _linear(reading: Reading, tree: Tree, node: str) -> Linear:
    entries = reading.branch(tree, node, ("base", "factor", "lowest", "highest", "outside"))
    found = {key: reading.number(value, node) for key, value in entries.items() if key != "outside"}
    refuse = "outside" in entries and reading.one_of(entries["outside"], node, ("clamp", "refuse")) == "refuse"
    if "outside" in entries and not found.keys() & {"lowest", "highest"}:
        reading.wrong(entries["outside"], node, "nothing lies outside", "Write lowest, highest or both")
    lowest, highest = found.get("lowest"), found.get("highest")
    if lowest is not None and highest is not None and lowest > highest:
        reading.wrong(tree, node, "lowest is above highest", "Swap the two")
    return Linear(found.get("base", Fraction(0)), found.get("factor", Fraction(1)), lowest, highest, refuse)


def _goalposts(reading: Reading, tree: Tree, node: str, names: Names) -> Goalposts:
    entries = reading.branch(tree, node, ("from", "to", "points", "clamp", "scale", "digits"))
    for key in ("from", "to"):
        if key not in entries:
            reading.wrong(tree, node, f"{key!r} is missing", "Write {from: 20, to: 85}")
    start, end = (
        _goalpost(reading, entries[key], node, names) if key in entries else Fraction(1) for key in ("from", "to")
    )
    log = "scale" in entries and reading.one_of(entries["scale"], node, ("plain", "log")) == "log"
    if "from" in entries and "to" in entries and start == end:
        reading.wrong(tree, node, "both goalposts are the same", "Give two different numbers")
    if log and any(isinstance(one, Fraction) and one <= 0 for one in (start, end)):
        reading.wrong(tree, node, "a logarithm needs goalposts above 0", "Give two numbers above 0")
    return Goalposts(
        start,
        end,
        reading.number(entries["points"], node) if "points" in entries else Fraction(1),
        reading.one_of(entries["clamp"], node, _CLAMPS) if "clamp" in entries else "both",
        log,
        reading.whole(entries["digits"], node, 5, _MAX_LOG_DIGITS) if "digits" in entries else 30,
    )


def _goalpost(reading: Reading, tree: Tree, node: str, names: Names) -> Fraction | Source:
    if not isinstance(tree, Branch):
        return reading.number(tree, node)
    source = read_input(reading, tree, node, names)
    if isinstance(source, Source) and source.kind == "fact" and type_of(names, source) in {"number", None}:
        return source
    reading.wrong(tree, node, "a goalpost is a number or a fact that is one", "Write 85 or {fact: NAME}")
    return Fraction(1)


def _product(reading: Reading, tree: Tree, node: str, names: Names, maps: Maps) -> Product:
    factors: list[Factor] = []
    for item in reading.items(tree, node):
        entries = reading.branch(item, node, ("input", "exclusive", *SIMPLE))
        found = [name for name in SIMPLE if name in entries]
        if len(found) != 1 or "input" not in entries:
            reading.wrong(item, node, "this is not a factor", "Write {input: quality, choice: {…}}")
            continue
        factors.append(
            Factor(
                read_input(reading, entries["input"], node, names),
                _simple(reading, found[0], entries, node, names, maps),
            )
        )
    if len(factors) < 2:
        reading.wrong(tree, node, "a product needs two factors", "List two or more factors")
    return Product(tuple(factors))


def _cases(reading: Reading, tree: Tree, node: str, names: Names, maps: Maps) -> Cases:
    cases: list[Case] = []
    items = reading.items(tree, node)
    for index, item in enumerate(items):
        entries = reading.branch(item, node, ("when", "exclusive", "product", *SIMPLE))
        if "when" not in entries and index < len(items) - 1:
            reading.wrong(item, node, "a case without 'when' hides those after it", "Move it to the end")
        rule = read_rule(reading, entries, item, node, names, maps)
        when = optional_condition(reading, entries.get("when"), node, names)
        cases.append(Case(when, cast("Simple | Product", rule), top(rule)))
    if not cases:
        reading.wrong(tree, node, "at least one case is needed", "Write - {when: …, points: 1}")
    by_facts = all(ref.kind == "fact" for case in cases for ref in refs(case.when))
    return Cases(tuple(cases), by_facts)


def edge_op(better: str) -> EdgeOp:
    return "at_most" if better == "low" else "at_least"
