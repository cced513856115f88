"""Groups for many subjects at once: whole-number sums side by side, compared exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple

from scoring.compiled.cells import Row
from scoring.compiled.generating import FIGURES, FIGURES_FROM, Program
from scoring.condition import Edge
from scoring.many.lanes import CODES, Column, Lanes
from scoring.rubric import Child, Group

VALUE, MOST, WEIGHT, COUNTED = range(4)


class Ratio(NamedTuple):
    """Two whole numbers that were not made smaller; has what is used of a Fraction."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Lanes of `width` bytes; `least` is what every lane has too little, `most` what a lane holds at most."""

    lanes: int
    width: int
    least: int
    most: int


_ONE = Sum(0, 1, 1, 0)


@dataclass(frozen=True, slots=True)
class Total:
    """A group's value is top / bottom × times where `full`; elsewhere `when_empty`. `left` is for the plain code."""

    lanes: Lanes
    top: Sum
    bottom: Sum
    full: int
    times: Fraction
    when_empty: Fraction | None
    left: int

    @property
    def some(self) -> int:
        """Who has a result."""
        return self.full if self.when_empty is None else self.lanes.ones()

    def holds(self, edge: Edge) -> int:
        """Whose value is within the limit: the sign of top × a - bottom × b, for all at once."""
        a = self.times.numerator * edge.number.denominator
        b = edge.number.numerator * self.times.denominator
        if edge.op in {"at_most", "below"}:
            a, b = -a, -b
        one = int(edge.op in {"above", "below"})
        top, bottom = self.top, self.bottom
        reach = abs(a) * (top.most + abs(top.least)) + abs(b) * (bottom.most + abs(bottom.least)) + 1
        width = max(top.width, bottom.width, reach.bit_length() // 8 + 1)
        half = 1 << (8 * width - 1)
        lanes = self.lanes.widened(top.lanes, top.width, width) * a
        lanes -= self.lanes.widened(bottom.lanes, bottom.width, width) * b
        lanes += self.lanes.ones(width) * (half + top.least * a - bottom.least * b - one)
        held = self.lanes.not_below(lanes, width) & self.full
        if self.when_empty is not None and edge.holds(self.when_empty):
            held |= self.lanes.ones() ^ self.full
        return held

    def only(self, chosen: Sequence[int], part: Lanes) -> "Total":
        """The same for those at the places chosen."""
        top, bottom = (
            replace(one, lanes=self.lanes.only(chosen, one.lanes, one.width)) for one in (self.top, self.bottom)
        )
        return replace(self, lanes=part, top=top, bottom=bottom, full=self.lanes.only(chosen, self.full))

    def weighted(self, weight: Fraction) -> tuple[Column, dict[Any, Ratio | int]]:
        """A column of codes with the value of each times a weight; 0 where there is no result."""
        width = max(self.top.width, self.bottom.width)
        # Where there is no result both are 0, which no result is: a bottom is above 0.
        full = self.lanes.widened(self.full, 1, width)
        mask = full * ((1 << 8 * width) - 1)
        top = self.lanes.widened(self.top.lanes, self.top.width, width) & mask
        bottom = self.lanes.widened(self.bottom.lanes, self.bottom.width, width) & mask
        # Added only where it stays above 0: what is below 0 takes from the next lane.
        bottom += full * self.bottom.least
        column = Column(self.lanes.both(top, bottom, width))
        factor, empty = self.times * weight, (self.when_empty or 0) * weight
        found: dict[Any, Ratio | int] = {}
        for code in column.present():
            whole = int.from_bytes(code, "little") if isinstance(code, bytes) else code
            over, under = whole & (1 << 8 * width) - 1, whole >> 8 * width
            if under:
                found[code] = Ratio((over + self.top.least) * factor.numerator, under * factor.denominator)
            else:
                found[code] = Ratio(empty.numerator, empty.denominator)
        return column, found


Term = Sequence[tuple[Column, Mapping[Any, Any]]]
"""For value, most points, weight and count each: a column, and the figure of each code."""


@dataclass
class Adding:
    """Adds up groups from the units of their criteria and from the groups below."""

    lanes: Lanes
    program: Program
    units: Mapping[str, tuple[Column, Mapping[Any, Row]]]
    totals: Mapping[str, Total]

    def group(self, group: Group) -> Total:
        share, scale = group.combine == "share", self.program.scale(group)
        terms = [self._own(group, one) if one.id in self.units else self._below(one, scale) for one in group.children]
        left = 0
        for term in terms:
            column, table = term[VALUE]
            if None in table.values():
                left |= self.lanes.flags(column, {code: one is None for code, one in table.items()})
        over, top = self._sum(terms, VALUE)
        full = self.lanes.ones()
        if not share or group.needs > 1:
            full &= self._at_least(self._sum(terms, COUNTED)[1], max(1, group.needs))
        if group.combine == "sum":
            under, bottom = Fraction(1, scale), _ONE
        else:
            under, bottom = self._sum(terms, MOST if share else WEIGHT)
            full &= self._at_least(bottom, 1)
        return Total(self.lanes, top, bottom, full, group.times * under / over, group.when_empty, left)

    def _own(self, group: Group, child: Child) -> Term:
        """A criterion's figures for this group, by the codes of its unit."""
        column, rows = self.units[child.id]
        groups = [one for one in self.program.rubric.groups.values() if any(c.id == child.id for c in one.children)]
        at = FIGURES_FROM + FIGURES * groups.index(group)
        return [(column, {code: row[at + which] for code, row in rows.items()}) for which in range(4)]

    def _below(self, child: Child, scale: int) -> Term:
        total, weight = self.totals[child.id], child.weights[0].weight * scale
        some = self.lanes.column(total.some)
        counted = {0: 0, 1: 1}
        # Most points matter to shares alone, and those are of criteria.
        return [total.weighted(weight), (some, {}), (some, {0: 0, 1: weight}), (some, counted)]

    def _sum(self, terms: Sequence[Term], which: int) -> tuple[Fraction, Sum]:
        """By what the figures were made whole numbers as small as may be, and their sums."""
        figures = {one for term in terms for one in term[which][1].values() if one}
        least = lcm(*(one.denominator for one in figures))
        whole = Fraction(least, gcd(*(_whole(one, least) for one in figures)) or 1)
        tables = [
            (column, {code: _whole(one or 0, whole) for code, one in table.items()})
            for column, table in (term[which] for term in terms)
        ]
        lows = [min(0, *table.values(), 0) for _, table in tables]
        most = sum(max(table.values(), default=0) - low for (_, table), low in zip(tables, lows, strict=True))
        size = -(-most.bit_length() // 8)
        width = next((one for one in CODES if size <= one), size)
        lanes = sum(
            self.lanes.spread(column, {code: one - low for code, one in table.items()}, width)
            for (column, table), low in zip(tables, lows, strict=True)
        )
        return whole, Sum(lanes, width, sum(lows), most)

    def _at_least(self, found: Sum, number: int) -> int:
        total = Total(self.lanes, found, _ONE, self.lanes.ones(), Fraction(1), None, 0)
        return total.holds(Edge("at_least", Fraction(number)))


def _whole(number: Any, times: Fraction | int) -> int:
    """An int, a Fraction or a Ratio times something that makes it a whole number."""
    return int(number.numerator * times.numerator // (number.denominator * times.denominator))
