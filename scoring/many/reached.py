"""The levels of many subjects at once, from their sheets.

Units are worked out for all subjects together, then sums and comparisons; what a unit cannot decide is left to the
plain code.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from scoring.compiled.compile import compiled
from scoring.compiled.generating import FIGURES, FIGURES_FROM
from scoring.errors import ScoringError
from scoring.levelling import section_edge
from scoring.many.adding import Adding, Total
from scoring.many.lanes import SMALL, Column, Lanes
from scoring.many.sheets import Sheets
from scoring.many.units import NobodyError, Units
from scoring.results import Basis
from scoring.rubric import Rubric, Scale

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
    try:
        codes = _together(units, ladder)
    except NobodyError:
        units.left, codes = units.all, bytes(sheets.count)
    return _one_by_one(units, bytearray(codes), ladder)


def matrix(before: bytes, after: bytes, rungs: int) -> dict[tuple[int, int], int]:
    """How many subjects stand at which places before and after; places go from 0 to `rungs`."""
    size = rungs + 1
    if size**2 > SMALL:
        return dict(Counter(zip(before, after, strict=True)))
    lanes = Lanes(len(after))
    pairs = lanes.narrow(Column(before).lanes * size + Column(after).lanes, size**2)
    return {divmod(code, size): pairs.codes.count(code) for code in pairs.present()}


def _together(units: Units, scale: Scale) -> bytes:
    """The place of each subject's rung, right for all but those who are left. Raises NobodyError."""
    units.work_out()
    totals: dict[str, Total] = {}
    for name in units.program.groups:
        if name != scale.of or not _is_last(units, scale):
            totals[name] = Adding(units.lanes, units.program, units.units, totals).group(units.rubric.groups[name])
            units.left |= totals[name].left
    found = list(_rungs(units, scale, totals))
    if scale.of is not None:
        found = _with_total(units, scale, totals, found)
    codes, below = 0, units.all
    for at, flags in enumerate(found):
        below = flags & below if scale.series else flags
        mask = below * 255
        codes = codes & ~mask | mask & units.all * (at + 1)
    return units.lanes.raw(codes)


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


def _is_last(units: Units, scale: Scale) -> bool:
    """A total of groups alone that nothing else looks at can be worked out last, for few."""
    groups = units.rubric.groups
    children = {child.id for group in groups.values() for child in group.children}
    of = groups[scale.of or ""].children
    return scale.of not in children and scale.of not in scale.sections and all(one.id in groups for one in of)


def _with_total(units: Units, scale: Scale, totals: dict[str, Total], found: list[int]) -> list[int]:
    """What the total says, for those only for whom everything else of some rung holds."""
    group = units.rubric.groups[scale.of or ""]
    chosen: Sequence[int]
    if group.id in totals:
        total, chosen = totals[group.id], range(units.lanes.count)
    else:
        chosen = units.lanes.places(reduce(or_, found, 0))
        part = Lanes(len(chosen))
        below = {one.id: totals[one.id].only(chosen, part) for one in group.children}
        total = Adding(part, units.program, {}, below).group(group)
    flags = [total.some & (total.holds(rung.total) if rung.total else total.some) for rung in scale.rungs]
    held = (units.lanes.back(chosen, total.lanes.raw(one)) for one in flags)
    return [one & other for one, other in zip(found, held, strict=True)]


def _rungs(units: Units, scale: Scale, totals: dict[str, Total]) -> Iterator[int]:
    """Flags of each rung's own needs but the total."""
    leaves, essentials = {leaf.id: leaf for leaf in units.program.leaves}, units.rubric.criteria.values()
    for number, rung in enumerate(scale.rungs):
        found = units.all
        for condition in rung.conditions:
            found &= units.flags(condition)
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
