"""The levels of many subjects at once, from their sheets.

Units are worked out for all subjects together, then sums and comparisons; what a unit cannot decide is left to the
plain code.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.adding import Adding, Total
from scoring.compiled import compiled
from scoring.errors import ScoringError
from scoring.generating import FIGURES, FIGURES_FROM
from scoring.levelling import section_edge
from scoring.results import Basis
from scoring.rubric import Rubric, Scale
from scoring.sheets import Sheets
from scoring.units import Units

HELD = 5


@dataclass(frozen=True, slots=True)
class Reached:
    """For each subject the place of its rung, 0 for none; `failures` by subject for those that cannot be scored."""

    codes: bytes
    failures: dict[int, ScoringError]


def reached(rubric: Rubric, sheets: Sheets, scale: str, *, basis: Basis = "claimed") -> Reached:
    """The rungs of all subjects. Raises NoSheetError for a rubric that needs more than sheets hold."""
    if not sheets.count:
        return Reached(b"", {})
    units, ladder = Units(rubric, sheets, basis), rubric.levels[scale]
    totals: dict[str, Total] = {}
    for name in units.program.groups:
        totals[name] = Adding(units.lanes, units.program, units.units, totals).group(rubric.groups[name])
        units.left |= totals[name].left
    codes, below = 0, units.all
    for at, flags in enumerate(_rungs(units, ladder, totals)):
        below = flags & below if ladder.series else flags
        mask = below * 255
        codes = codes & ~mask | mask & units.all * (at + 1)
    return _one_by_one(units, bytearray(units.lanes.raw(codes)), ladder)


def _one_by_one(units: Units, codes: bytearray, scale: Scale) -> Reached:
    """Those that a unit left to the plain code."""
    failures: dict[int, ScoringError] = {}
    left, at = units.lanes.raw(units.left), -1
    ladder = [None, *(rung.id for rung in scale.rungs)]
    while (at := left.find(1, at + 1)) >= 0:
        try:
            level = compiled(units.rubric, units.basis).reached(units.subject(at), scale.id)
            codes[at] = ladder.index(level)
        except ScoringError as error:
            failures[at] = error
    return Reached(bytes(codes), failures)


def _rungs(units: Units, scale: Scale, totals: dict[str, Total]) -> Iterator[int]:
    """Flags of each rung's own needs."""
    leaves, essentials = {leaf.id: leaf for leaf in units.program.leaves}, units.rubric.criteria.values()
    for number, rung in enumerate(scale.rungs):
        found = units.all
        for condition in rung.conditions:
            found &= units.flags(condition)
        if scale.of is not None:
            found &= totals[scale.of].some
            found &= totals[scale.of].holds(rung.total) if rung.total else units.all
        for section in scale.sections:
            edge = section_edge(rung, section)
            if edge is not None:
                found &= totals[section].holds(edge) | units.all ^ totals[section].some
        for one in essentials if rung.essentials else ():
            found &= units.of_rows(one.id, HELD) if one.essential else units.all
        for source in scale.rungs[0 if scale.build_up else number : number + 1]:
            for name, gate in source.gates.items():
                at = FIGURES_FROM + FIGURES * len(leaves[name].above) + leaves[name].demands.index(gate)
                found &= units.of_rows(name, at)
        yield found
