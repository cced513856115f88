"""The groups and levels of a compiled rubric: lines of Python over the figures in the criteria's rows.

A group's value is n / d in whole numbers, d above 0; d is 0 for a group without a result.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.compiled.writing import as_number
from scoring.condition import Edge, refs
from scoring.levelling import section_edge
from scoring.rubric import Finish, Group, Rubric, Scale

if TYPE_CHECKING:
    from scoring.compiled.generating import Program

_SIGNS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}


def is_plain_sum(rubric: Rubric) -> bool:
    """Groups and levels that become whole-number arithmetic; others are left to the plain code."""
    return all(_is_plain(rubric, group) for group in rubric.groups.values()) and all(
        (scale.of is None or scale.of in rubric.groups)
        and all(section in rubric.groups for section in scale.sections)
        and all(
            ref.kind in {"fact", "answer", "state"}
            for rung in scale.rungs
            for one in rung.conditions
            for ref in refs(one)
        )
        for scale in rubric.levels.values()
    )


def _is_plain(rubric: Rubric, group: Group) -> bool:
    kinds = {child.id in rubric.criteria for child in group.children}
    return (
        (group.combine in {"sum", "mean"} or (group.combine == "share" and kinds == {True}))
        and group.finish == Finish()
        and group.applies is None
        and all(child.when is None and len(child.weights) == 1 for child in group.children)
        and all(case.when is None and case.weight > 0 for child in group.children for case in child.weights)
        and len({child.id for child in group.children}) == len(group.children)
    )


def group_lines(group: Group, program: Program, places: dict[str, int]) -> list[str]:
    at = program.groups.index(group.id)
    own = [child.id for child in group.children if child.id in places]
    above = [child for child in group.children if child.id not in places]

    def total(which: int) -> str:
        # The first sign stops at a void criterion even when it is the only one.
        return " ".join(f"+ {program.figure(name, group.id, which, places)}" for name in own) or "0"

    lines = [f"n{at}, d{at} = {total(0)}, {program.scale(group)}"]
    if group.combine == "share":
        lines = [f"n{at}, d{at} = {total(0)}, {total(1)}"]
        full = [f"d{at} > 0"]
    else:
        lines.append(f"count = {total(3)}")
        full = ["count"]
        if group.combine == "mean":
            lines.append(f"w = {total(2)}")
        for child in above:
            lines += _add(
                at,
                program.groups.index(child.id),
                child.weights[0].weight,
                program.scale(group),
                mean=group.combine == "mean",
            )
        if group.combine == "mean":
            lines += [f"n{at}, d{at} = {times(f'n{at}', program.scale(group))}, d{at} * w"]
    if group.needs > 1:
        if group.combine == "share":
            lines.append(f"count = {total(3)}")
        full.append(f"count >= {group.needs}")
    top, bottom = times(f"n{at}", group.times.numerator), times(f"d{at}", group.times.denominator)
    lines += [f"if {' and '.join(full)}:", f"    n{at}, d{at} = {top}, {bottom}"]
    empty = "0, 0" if group.when_empty is None else f"{group.when_empty.numerator}, {group.when_empty.denominator}"
    return [*lines, f"else: n{at}, d{at} = {empty}"]


def _add(at: int, child: int, weight: Fraction, scale: int, *, mean: bool) -> list[str]:
    top, bottom = weight.numerator, weight.denominator
    over = f"{times(f'n{at} * d{child}', bottom)} + {times(f'n{child} * d{at}', top)}"
    add = f"    n{at}, d{at} = {over}, {times(f'd{at} * d{child}', bottom)}"
    more = [f"    w = w + {as_number(weight * scale)}"] if mean else []
    return [f"if d{child}:", add, "    count += 1", *more]


def times(product: str, number: int) -> str:
    return product if number == 1 else f"{product} * {number}"


def level_lines(index: int, scale: Scale, program: Program, places: dict[str, int]) -> list[str]:
    lines: list[str] = []
    chosen = "None"
    for number, rung in enumerate(scale.rungs):
        needs = [f"r{index}_{number - 1}"] if scale.series and number else []
        needs += [program.says(condition) for condition in rung.conditions]
        if scale.of is not None:
            at = program.groups.index(scale.of)
            needs += [f"d{at}"] + ([edge_text(at, rung.total)] if rung.total else [])
        for section in scale.sections:
            edge = section_edge(rung, section)
            if edge is not None:
                at = program.groups.index(section)
                needs.append(f"(not d{at} or {edge_text(at, edge)})")
        if rung.essentials:
            essentials = (name for name, one in program.rubric.criteria.items() if one.essential)
            needs += [f"c{places[name]}[5]" for name in essentials]
        for source in scale.rungs[0 if scale.build_up else number : number + 1]:
            needs += [program.demand(name, gate, places) for name, gate in source.gates.items()]
        lines.append(f"r{index}_{number} = " + (f"True if {' and '.join(needs)} else False" if needs else "True"))
        chosen = f"{rung.id!r} if r{index}_{number} else {chosen}"
    return [*lines, f"level{index} = {chosen}"]


def edge_text(at: int, edge: Edge) -> str:
    """Whether a group's value is within a limit, in whole numbers."""
    sign, number = _SIGNS[edge.op], edge.number
    left = f"n{at}" if number.denominator == 1 else f"n{at} * {number.denominator}"
    return f"{left} {sign} {number.numerator} * d{at}"
