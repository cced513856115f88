"""Writes the rest of the program: groups and levels as results, from the rows and figures of the first half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from scoring.compiled.grouping import edge_text
from scoring.compiled.writing import as_number, as_tuple, define
from scoring.condition import Edge
from scoring.levelling import below_fails, edge_held, section_edge
from scoring.nodes import combining, without_result
from scoring.results import ConditionResult, Part, Reason, quickly
from scoring.rubric import Child, Group, Rubric, Rung, Scale
from scoring.subject import Subject
from scoring.work import Work

if TYPE_CHECKING:
    from scoring.compiled.generating import Program

KEPT = 4_000
_part = quickly(Part)
Top = tuple[int, int] | None
Reasons = tuple[Reason, ...]
Edges = tuple[ConditionResult | None, ...]


class Kept(dict[Any, Any]):
    """Equal parts of results are made once and shared."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[..., Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) >= KEPT:
            self.clear()
        found = self[key] = self.make(*key)
        return found


def nodes_text(program: Program) -> str:
    """`nodes(found)`: the result of every criterion and group. Its tables go to `program.tables`."""
    places = {leaf.id: index for index, leaf in enumerate(program.leaves)}
    lines = [f"{', '.join(program.returned())} = found"]
    for at, name in enumerate(program.groups):
        writer = _Writer(program, places, program.rubric.groups[name], at)
        lines += writer.lines()
        program.tables |= writer.tables()
    names = [name for kind, name in program.rubric.order if kind == "node"]
    groups = {name: f"g{at}" for at, name in enumerate(program.groups)}
    # A full table copied and filled again costs half of one that grows.
    program.tables["NODES"] = dict.fromkeys(names)
    made = (f"nodes[{name!r}] = {groups.get(name) or f'c{places[name]}[0]'}" for name in names)
    return define("nodes", "found", [*lines, "nodes = NODES.copy()", *made, "return nodes"])


def levels_text(program: Program) -> str:
    """`levels(found)`: every level with its rungs and their conditions. Its tables go to `program.tables`."""
    places = {leaf.id: index for index, leaf in enumerate(program.leaves)}
    lines = [f"{', '.join(program.returned())} = found"]
    for index, scale in enumerate(program.rubric.levels.values()):
        lines += _level_lines(program, places, index, scale)
    made = ", ".join(f"{name!r}: l{index}" for index, name in enumerate(program.rubric.levels))
    return define("levels", "found", [*lines, f"return {{{made}}}"])


@dataclass(slots=True)
class _Writer:
    """The lines of one group: its parts, the most points, the value with its reason."""

    program: Program
    places: dict[str, int]
    group: Group
    at: int

    def lines(self) -> list[str]:
        at, share, own = self.at, self.group.combine == "share", self.group.when_empty is None
        figures = f"n{at}, d{at}, len(parts)" + ("" if share else ", top")
        figures = f"[{figures}]" if has_few_values(self.program, self.group.id) else f"({figures})"
        # Without points of its own for nobody, a group has a divisor when it has a result.
        found = [f"count = {self._total(3, '1')}", f"bottom = {self._bottom()}"]
        enough = [f"count >= {max(1, self.group.needs)}", *(["bottom > 0"] if share else [])]
        if own:
            is_bottom = share and self.group.times.denominator == 1
            enough, found = [f"d{at}"], [f"bottom = {f'd{at}' if is_bottom else self._bottom()}"]
        fields = "'value', value, top, value, reasons, (), parts, RUBRIC"
        counted = f"count = {self._total(3, '1')}; " if own else ""
        return [
            *found,
            f"if {' and '.join(enough)}:",
            f"    parts = tuple(filter(None, ({', '.join(self._parts())},)))",
            f"    {self._top()}",
            f"    value, reasons = V{at}{figures}",
            f"    g{at} = OpenNode({self.group.id!r}, 'group', {fields}); g{at}.__class__ = NodeResult",
            f"else: {counted}x{at}, g{at} = None, EMPTY{at}[count,]",
        ]

    def _total(self, which: int, group: str) -> str:
        parts = []
        for child in self.group.children:
            own = child.id in self.places
            at = None if own else self.program.groups.index(child.id)
            weight = child.weights[0].weight * self.program.scale(self.group)
            figure = group or as_number(weight)
            parts.append(self._figure(child, which) if own else f"({figure} if d{at} else 0)")
        return " + ".join(parts)

    def _figure(self, child: Child, which: int) -> str:
        return self.program.figure(child.id, self.group.id, which, self.places)

    def _bottom(self) -> str:
        if self.group.combine == "sum":
            return str(self.program.scale(self.group))
        return self._total(1 if self.group.combine == "share" else 2, "")

    def _parts(self) -> Iterator[str]:
        for child in self.group.children:
            if child.id in self.places:
                yield f"{self._figure(child, 4)}[bottom]"
            else:
                below = self.program.groups.index(child.id)
                yield f"P{self.at}_{below}[n{below}, d{below}, bottom] if d{below} else None"

    def _top(self) -> str:
        if self.group.combine == "share":
            return f"x{self.at}, top = TOP{self.at}"
        tops = []
        for child in self.group.children:
            below = None if child.id in self.places else self.program.groups.index(child.id)
            tops.append(self._figure(child, 1) if below is None else f"x{below} if d{below} else 0")
        return f"x{self.at}, top = TOP{self.at}[bottom, ({', '.join(tops)},)]"

    def tables(self) -> dict[str, object]:
        """What the lines look into: parts, most points, values with their reasons."""
        group, rubric, at = self.group, self.program.rubric, self.at
        times, scale = group.times, self.program.scale(group)
        weights = [(child.id in self.places, child.weights[0].weight) for child in group.children]

        def value(
            top: int, bottom: int, count: int, most: Fraction | None = times
        ) -> tuple[Fraction, tuple[Reason, ...]]:
            found = Fraction(top, bottom)
            return found, (combining(group, found, count, most),)

        def attainable(bottom: Fraction | int, tops: tuple[Any, ...]) -> tuple[Top, Fraction | None]:
            found = Fraction(0)
            for (own, weight), top in zip(weights, tops, strict=True):
                if top is None:
                    return None, None
                one = Fraction(top, scale) if own else weight * Fraction(*top) if top else Fraction(0)
                found += max(one, Fraction(0))
            found = found * times * scale / bottom
            return (found.numerator, found.denominator), found

        def part(child: str, weight: Fraction) -> Callable[[int, int, Fraction | int], Part]:
            whole = weight * times * scale
            return lambda top, below, bottom: _part(child, weight, Fraction(top, below), Fraction(whole, bottom))

        nobody = Work(rubric, Subject(), self.program.basis, {})
        share = ((times.numerator, times.denominator), times)
        below = {
            f"P{at}_{self.program.groups.index(child.id)}": Kept(part(child.id, child.weights[0].weight))
            for child in group.children
            if child.id not in self.places
        }
        return {
            f"V{at}": Kept(value) if has_few_values(self.program, group.id) else value,
            f"TOP{at}": share if group.combine == "share" else Kept(attainable),
            f"EMPTY{at}": Kept(lambda count: without_result(nobody, group, count)),
            **below,
        }


def _level_lines(program: Program, places: dict[str, int], index: int, scale: Scale) -> list[str]:
    """The conditions of each rung in the order of the plain code: total, sections, criteria, free ones, series."""
    rubric, lines, tables = program.rubric, [], program.tables
    edges = [node for node in dict.fromkeys((scale.of, *scale.sections)) if node is not None]
    for place, node in enumerate(edges):
        at, table, edges_of = program.groups.index(node), f"E{index}_{place}", _edges(rubric, scale, node)
        kept = has_few_values(program, node)
        lines += [f"s{place} = {table}[n{at}, d{at}]"] if kept else _made_each_time(scale, node, at, f"s{place}", table)
        tables[table] = Kept(_of_ratio(edges_of)) if kept else edges_of(None)
    rungs = []
    for number, rung in enumerate(scale.rungs):
        said = [f"s{edges.index(scale.of)}[{2 * number}]"] if scale.of is not None else []
        said += [f"s{edges.index(section)}[{2 * number + 1}]" for section in scale.sections if rung.each_section]
        if rung.essentials:
            names = sorted(name for name, one in rubric.criteria.items() if one.essential)
            said += [program.condition(name, "essential", scale.id, rung.id, places) for name in names]
        for source in scale.rungs[0 if scale.build_up else number : number + 1]:
            said += [program.condition(name, "criterion", scale.id, source.id, places) for name in sorted(source.gates)]
        for at, condition in enumerate(rung.conditions):
            table = f"O{index}_{number}_{at}"
            tables[table] = tuple(_free(rubric, scale, rung, at, held=held) for held in (False, True))
            said.append(f"{table}[1 if {program.says(condition)} else 0]")
        if scale.series and number:
            tables[f"S{index}_{number}"] = below_fails(rubric, scale, rung, scale.rungs[number - 1])
            said.append(f"None if r{index}_{number - 1} else S{index}_{number}")
        conditions = f"tuple(filter(None, ({', '.join(said)},)))" if said else "()"
        reached = f"r{index}_{number}"
        lines.append(f"q{number} = OpenRung({rung.id!r}, {reached}, {conditions}); q{number}.__class__ = RungResult")
        rungs.append(f"q{number}")
    following = [rung.id for rung in scale.rungs] + [None]
    tables[f"NEXT{index}"] = dict(zip([None, *following], following, strict=False))
    made = f"OpenLevel({scale.id!r}, level{index}, NEXT{index}[level{index}], {as_tuple(rungs)})"
    return [*lines, f"l{index} = {made}; l{index}.__class__ = LevelResult"]


def _free(rubric: Rubric, scale: Scale, rung: Rung, at: int, *, held: bool) -> ConditionResult:
    return ConditionResult("condition", "", at, rung.id, held, "met" if held else "not_met", None, scale.id, rubric)


def _edges(rubric: Rubric, scale: Scale, node: str) -> Callable[[Fraction | None], Edges]:
    """For each rung what it asks of the node as the total, and as a section."""

    def made(value: Fraction | None) -> Edges:
        found: list[ConditionResult | None] = []
        for rung in scale.rungs:
            edge: Edge | None = rung.total
            is_total = node == scale.of and (edge is not None or value is None)
            found.append(edge_held(rubric, scale, rung, "total", node, value, edge) if is_total else None)
            edge = section_edge(rung, node) if node in scale.sections else None
            is_section = edge is not None and value is not None
            found.append(edge_held(rubric, scale, rung, "section", node, value, edge) if is_section else None)
        return tuple(found)

    return made


def _made_each_time(scale: Scale, node: str, at: int, name: str, without: str) -> list[str]:
    """What `_edges` gives, as lines: for a node whose value hardly comes back."""
    lines, found = [f"if d{at}:", f"    value = Fraction(n{at}, d{at})"], []
    for rung in scale.rungs:
        total = rung.total if node == scale.of else None
        section = section_edge(rung, node) if node in scale.sections else None
        for kind, edge in (("total", total), ("section", section)):
            if edge is None:
                found.append("None")
                continue
            made = f"{name}_{len(found)}"
            values = f"'{kind}', {node!r}, 0, {rung.id!r}, h, 'met' if h else 'not_met', value, {scale.id!r}, RUBRIC"
            lines.append(f"    h = {edge_text(at, edge)}; {made} = OpenCondition({values})")
            lines.append(f"    {made}.__class__ = ConditionResult")
            found.append(made)
    return [*lines, f"    {name} = {as_tuple(found)}", f"else: {name} = {without}"]


def _of_ratio(edges: Callable[[Fraction | None], Edges]) -> Callable[[int, int], Edges]:
    return lambda top, bottom: edges(Fraction(top, bottom) if bottom else None)


def has_few_values(program: Program, group: str) -> bool:
    """Groups of criteria alone come back to the same figures, so what is made of them is kept; a total hardly does."""
    return all(child.id in program.rubric.criteria for child in program.rubric.groups[group].children)
