"""Writes the program's second half: every group and level as a result, from the rows and figures of the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from scoring.compiled.writing import as_number, define
from scoring.condition import Edge
from scoring.levelling import edge_held, section_edge
from scoring.nodes import combining, without_result
from scoring.results import ConditionResult, Part, Reason
from scoring.rubric import Child, Group, Rubric, Rung, Scale
from scoring.subject import Subject
from scoring.work import Work

if TYPE_CHECKING:
    from scoring.compiled.generating import Program

KEPT = 4_000
Top = tuple[int, int] | None


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


def explain_text(program: Program) -> str:
    """`explain(found)`: nodes, findings, essentials and levels. Its tables go to `program.tables`."""
    places = {leaf.id: index for index, leaf in enumerate(program.leaves)}
    lines = [f"{', '.join(program.returned())} = found"]
    for at, name in enumerate(program.groups):
        lines += _Writer(program, places, program.rubric.groups[name], at).lines()
    for index, scale in enumerate(program.rubric.levels.values()):
        lines += _level_lines(program, places, index, scale)
    nodes = [name for kind, name in program.rubric.order if kind == "node"]
    judged = [name for kind, name in program.rubric.order if kind == "essential"]
    made = [
        {name: f"c{places[name]}[0]" if name in places else f"g{program.groups.index(name)}" for name in nodes},
        {name: f"c{places[name]}[2]" for name in program.rubric.criteria},
        {name: f"c{places[name]}[3]" for name in judged},
        {name: f"l{index}" for index, name in enumerate(program.rubric.levels)},
    ]
    tables = ("{" + ", ".join(f"{name!r}: {at}" for name, at in one.items()) + "}" for one in made)
    lines.append(f"return {', '.join(tables)}")
    return define("explain", "found", lines)


@dataclass(slots=True)
class _Writer:
    """The lines of one group: count and divisor, then the parts, the most points, the value with its reason."""

    program: Program
    places: dict[str, int]
    group: Group
    at: int

    def lines(self) -> list[str]:
        at, share = self.at, self.group.combine == "share"
        found = [f"count = {self._total(3, '1')}", f"bottom = {self._bottom()}"]
        enough = [f"count >= {max(1, self.group.needs)}", *(["bottom > 0"] if share else [])]
        found += [f"if {' and '.join(enough)}:", f"    parts = ({', '.join(self._parts())},)", f"    {self._top()}"]
        fields = "'value', value, top, value, reasons, (), tuple(filter(None, parts)), RUBRIC"
        found += [
            f"    value, reasons = V{at}[n{at}, d{at}, count, x{at}]",
            f"    g{at} = NodeResult({self.group.id!r}, 'group', {fields})",
            f"else: x{at}, g{at} = None, EMPTY{at}[count,]",
        ]
        self.program.tables |= self._tables()
        return found

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

    def _tables(self) -> dict[str, object]:
        group, rubric, at = self.group, self.program.rubric, self.at
        times, scale = group.times, self.program.scale(group)
        weights = [(child.id in self.places, child.weights[0].weight) for child in group.children]

        def value(top: int, bottom: int, count: int, most: Top) -> tuple[Fraction, tuple[Reason, ...]]:
            found = Fraction(top, bottom)
            return found, (combining(group, found, count, None if most is None else Fraction(*most)),)

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
            return lambda top, below, bottom: Part(child, weight, Fraction(top, below), weight * times * scale / bottom)

        nobody = Work(rubric, Subject(), self.program.basis, {})
        share = ((times.numerator, times.denominator), times)
        below = {
            f"P{at}_{self.program.groups.index(child.id)}": Kept(part(child.id, child.weights[0].weight))
            for child in group.children
            if child.id not in self.places
        }
        return {
            f"V{at}": Kept(value),
            f"TOP{at}": share if group.combine == "share" else Kept(attainable),
            f"EMPTY{at}": Kept(lambda count: without_result(nobody, group, count)),
            **below,
        }


def _level_lines(program: Program, places: dict[str, int], index: int, scale: Scale) -> list[str]:
    """The conditions of each rung in the order of the plain code: total, sections, criteria, free conditions."""
    rubric, lines = program.rubric, []
    edges = [node for node in dict.fromkeys((scale.of, *scale.sections)) if node is not None]
    for place, node in enumerate(edges):
        at = program.groups.index(node)
        lines.append(f"s{place} = E{index}_{place}[n{at}, d{at}]")
        program.tables[f"E{index}_{place}"] = Kept(_edges(rubric, scale, node))
    rungs: list[str] = []
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
            program.tables[table] = tuple(_free(rubric, scale, rung, at, held=held) for held in (False, True))
            said.append(f"{table}[1 if {program.says(condition)} else 0]")
        rungs.append(f"({', '.join(said)},)" if said else "()")
    program.tables[f"SCALE{index}"] = scale
    return [*lines, f"l{index} = ladder(RUBRIC, SCALE{index}, ({', '.join(rungs)},))"]


def _free(rubric: Rubric, scale: Scale, rung: Rung, at: int, *, held: bool) -> ConditionResult:
    return ConditionResult("condition", "", at, rung.id, held, "met" if held else "not_met", None, scale.id, rubric)


def _edges(rubric: Rubric, scale: Scale, node: str) -> Callable[[int, int], tuple[ConditionResult | None, ...]]:
    """For each rung what it asks of the node as the total, and as a section."""

    def made(top: int, bottom: int) -> tuple[ConditionResult | None, ...]:
        value = Fraction(top, bottom) if bottom else None
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
