"""Levels from the tree."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from scoring.condition import Edge
from scoring.loading.conditions import read_conditions, read_edge
from scoring.loading.criteria import options_of
from scoring.loading.finish import DEMAND_KEYS, read_demand
from scoring.loading.names import Names
from scoring.loading.reading import Reading, suggest
from scoring.loading.rules import edge_op
from scoring.loading.tree import Branch, Leaf, Tree
from scoring.rubric import Criterion, Demand, Rung, Scale, SectionMinimum

_SCALE_KEYS = ("title", "better", "of", "sections", "series", "build_up", "rungs")
_BETTER: tuple[Literal["high"], Literal["low"]] = ("high", "low")
_RUNG_KEYS = ("id", "title", "total", "each_section", "essentials", "criteria", "conditions")


def read_levels(
    reading: Reading, tree: Tree | None, names: Names, criteria: Mapping[str, Criterion]
) -> dict[str, Scale]:
    return {
        name: _scale(reading, name, value, names, criteria) for name, value in reading.branch(tree, "levels").items()
    }


def _scale(reading: Reading, name: str, tree: Tree, names: Names, criteria: Mapping[str, Criterion]) -> Scale:
    node = f"levels.{name}"
    entries = reading.branch(tree, node, _SCALE_KEYS)
    better: Literal["high", "low"] = reading.one_of(entries["better"], node, _BETTER) if "better" in entries else "high"
    sections = tuple(_node(reading, item, node, names) for item in reading.items(entries.get("sections"), node))
    of = _node(reading, entries["of"], node, names) if "of" in entries else None
    rungs: list[Rung] = []
    for item in reading.items(entries.get("rungs"), node):
        rung = _rung(reading, item, node, names, criteria, sections, better)
        if any(rung.id == other.id for other in rungs):
            reading.wrong(item, node, "two rungs have the same id", "Choose another", value=rung.id)
        if rung.total is not None and of is None:
            reading.wrong(item, node, "'total' has no node to look at", "Write of: NODE at the level", value=rung.id)
        rungs.append(rung)
    if not rungs:
        reading.wrong(tree, node, "a level needs rungs", "List them from the worst to the best under 'rungs'")
    series = "series" in entries and reading.yes_no(entries["series"], node)
    build_up = "build_up" in entries and reading.yes_no(entries["build_up"], node)
    return Scale(name, names.scales[name][0], better, series, build_up, of, sections, tuple(rungs))


def _node(reading: Reading, tree: Tree, node: str, names: Names) -> str:
    name = reading.text(tree, node)
    if name not in names.nodes:
        reading.wrong(tree, node, "there is no criterion or group of this name", suggest(name, names.nodes))
    return name


def _rung(
    reading: Reading,
    tree: Tree,
    node: str,
    names: Names,
    criteria: Mapping[str, Criterion],
    sections: tuple[str, ...],
    better: str,
) -> Rung:
    entries = reading.branch(tree, node, _RUNG_KEYS)
    rung = reading.text(entries["id"], node) if "id" in entries else ""
    if "id" not in entries:
        reading.wrong(tree, node, "a rung needs an id", "Write {id: bronze, …}")
    reading.name(rung, tree.place, node)
    each = entries.get("each_section")
    required = "essentials" in entries and reading.one_of(entries["essentials"], node, ("required", "none"))
    return Rung(
        rung,
        reading.title(entries.get("title"), node, rung),
        read_edge(reading, entries["total"], node, edge_op(better)) if "total" in entries else None,
        _each_section(reading, each, node, sections, better) if each is not None else None,
        required == "required",
        _gates(reading, entries.get("criteria"), node, names, criteria),
        read_conditions(reading, entries.get("conditions"), node, names),
    )


def _each_section(reading: Reading, tree: Tree, node: str, sections: tuple[str, ...], better: str) -> SectionMinimum:
    if not sections:
        reading.wrong(tree, node, "'each_section' has no sections to look at", "Write sections: [NODE, …] at the level")
    op = edge_op(better)
    if not isinstance(tree, Branch) or "except" not in tree.entries:
        return SectionMinimum(read_edge(reading, tree, node, op), {})
    rest = Branch({key: value for key, value in tree.entries.items() if key != "except"}, tree.place)
    exceptions: dict[str, Edge | None] = {}
    for section, value in reading.branch(tree.entries["except"][1], node, sections).items():
        if isinstance(value, Leaf) and value.text is not None:
            number = reading.number_or(value, node, ("none",))
            exceptions[section] = Edge(op, number) if isinstance(number, Fraction) else None
        else:
            exceptions[section] = None if isinstance(value, Leaf) else read_edge(reading, value, node, op)
    return SectionMinimum(read_edge(reading, rest, node, op), exceptions)


def _gates(
    reading: Reading, tree: Tree | None, node: str, names: Names, criteria: Mapping[str, Criterion]
) -> dict[str, Demand]:
    gates: dict[str, Demand] = {}
    for name, value in reading.branch(tree, node).items():
        if name not in criteria:
            reading.wrong(value, node, "there is no criterion of this name", suggest(name, criteria), value=name)
            continue
        entries = reading.branch(value, node, DEMAND_KEYS)
        if "met_by" not in entries and "points" not in entries and "evidence" not in entries:
            reading.wrong(value, node, "what meets this demand is missing", "Write {met_by: [option, …]}", value=name)
        gates[name] = read_demand(reading, entries, node, names, options_of(names, criteria[name].answers))
    return gates
