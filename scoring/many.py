"""The levels of many subjects at once, from their sheets: unit by unit for all of them instead of one by one.

Units are worked out by the plain code once for each combination that occurs, on the first subject that has it; sums
and comparisons are made for all subjects together. What a unit cannot decide is left to the plain code.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

from scoring.adding import Adding, Total
from scoring.cells import LeaveError, Row, Rows, Trial
from scoring.compiled import compiled
from scoring.condition import All, AnyOf, Condition, Not
from scoring.errors import ScoringError
from scoring.fitting import fit
from scoring.generating import FIGURES, FIGURES_FROM, Need
from scoring.lanes import Column, Lanes
from scoring.results import Basis
from scoring.rubric import Answer, Rubric, Scale
from scoring.sheets import CONTENT, Layout, NoSheetError
from scoring.subject import Subject

HELD = 5


@dataclass(frozen=True)
class Sheets:
    """Many sheets of one layout, one behind the other."""

    layout: Layout
    data: bytes

    @property
    def count(self) -> int:
        return len(self.data) // self.layout.size

    def subject(self, index: int) -> Subject:
        size = self.layout.size
        return self.layout.read(self.data[index * size : (index + 1) * size])

    def byte(self, kind: str, name: str, high: int = 0) -> bytes | None:
        """One byte of a cell of every subject; None when the layout has no such cell."""
        at = self.layout.cells.get((kind, name))
        return None if at is None else self.data[2 * at + high :: self.layout.size]


@dataclass(frozen=True, slots=True)
class Reached:
    """For each subject the place of its rung, 0 for none; `failures` by subject for those that cannot be scored."""

    codes: bytes
    failures: dict[int, ScoringError]


def reached(rubric: Rubric, sheets: Sheets, scale: str, *, basis: Basis = "claimed") -> Reached:
    """The rungs of all subjects. Raises NoSheetError for a rubric that needs more than sheets hold."""
    if not sheets.count:
        return Reached(b"", {})
    return _Many(rubric, sheets, basis).reached(rubric.levels[scale])


@dataclass
class _Many:
    rubric: Rubric
    sheets: Sheets
    basis: Basis
    left: int = 0
    units: dict[str, tuple[Column, list[Row]]] = field(default_factory=dict)
    said: dict[str, Column] = field(default_factory=dict)
    trials: dict[int, list[Trial]] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)

    def __post_init__(self) -> None:
        program = self.program = compiled(self.rubric, self.basis).program
        if not self.program.sums:
            raise NoSheetError(f"{self.rubric.id} has rules that are scored one by one")
        for name, answer in self.rubric.answers.items():
            if answer.type in CONTENT and not self.program.is_unread(answer):
                raise NoSheetError(f"{self.rubric.id} looks at the content of {name}, which sheets do not keep")
        looked = {test.ref.id for test in self.program.fact_tests}
        looked |= {cast("str", what) for needs in self.program.needs for kind, what in needs if kind == "fact"}
        for name in looked:
            if self.rubric.facts[name].type in CONTENT:
                raise NoSheetError(f"{self.rubric.id} looks at the content of {name}, which sheets do not keep")
        self.rows = Rows(self.rubric, self.basis, program.fact_tests, program.watched, program.leaves)
        self.lanes = Lanes(self.sheets.count)
        self.all = self.lanes.ones()

    def reached(self, scale: Scale) -> Reached:
        for kind, name in self.rubric.order:
            if kind == "answer":
                self._answer(self.rubric.answers[name])
            elif kind == "node" and name in self.rubric.criteria:
                self._criterion([leaf.id for leaf in self.program.leaves].index(name))
        totals: dict[str, Total] = {}
        for name in self.program.groups:
            totals[name] = Adding(self.lanes, self.program, self.units, totals).group(self.rubric.groups[name])
            self.left |= totals[name].left
        codes, below = 0, self.all
        for at, flags in enumerate(self._rungs(scale, totals)):
            below = flags & below if scale.series else flags
            mask = below * 255
            codes = codes & ~mask | mask & self.all * (at + 1)
        return self._one_by_one(bytearray(self.lanes.raw(codes)), scale)

    def _one_by_one(self, codes: bytearray, scale: Scale) -> Reached:
        """Those that a unit left to the plain code."""
        failures: dict[int, ScoringError] = {}
        left, at = self.lanes.raw(self.left), -1
        ladder = [None, *(rung.id for rung in scale.rungs)]
        while (at := left.find(1, at + 1)) >= 0:
            try:
                level = compiled(self.rubric, self.basis).reached(self._subject(at), scale.id)
                codes[at] = ladder.index(level)
            except ScoringError as error:
                failures[at] = error
        return Reached(bytes(codes), failures)

    def _subject(self, index: int) -> Subject:
        """Only what this rubric knows."""
        if index not in self.subjects:
            self.subjects[index] = fit(self.rubric, self.sheets.subject(index))
        return self.subjects[index]

    def _box(self, index: int) -> list[Trial]:
        if index not in self.trials:
            self.trials[index] = [Trial(self.rubric, self._subject(index), self.basis)]
        return self.trials[index]

    def _unit(self, name: str, columns: Sequence[Column], make: Callable[[int, Subject, list[Trial]], Row]) -> None:
        """The rows of a unit by code; LEFT where the plain code has to look."""
        column, firsts = self.lanes.joint(columns).dense()
        rows: list[Row | None] = []
        for first in firsts:
            try:
                rows.append(make(first, self._subject(first), self._box(first)))
            except (LeaveError, ScoringError):
                rows.append(None)
        if None in rows:
            self.left |= self.lanes.flags(column, [row is None for row in rows])
            spare = next((row for row in rows if row is not None), None)
            rows = [spare if row is None else row for row in rows]
        self.units[name] = (column, cast("list[Row]", rows))

    def _cell(self, kind: str, name: str) -> list[Column]:
        found = [self.sheets.byte(kind, name, high) for high in (0, 1)]
        return [Column(one) for one in found if one is not None and one.count(0) < len(one)]

    def _answer(self, answer: Answer) -> None:
        said = self.sheets.byte("said", answer.id)
        columns = [] if said is None else [Column(said)]
        columns += [*self._cell("more", answer.id)]
        if self.basis == "verified":
            columns += [*self._evidence(answer.id), *self._cell("ruling", answer.id)]
            columns += self._cell("adjusted", answer.id)
        self.said[answer.id] = self._asked(answer, self.lanes.joint(columns).dense()[0])
        index = self.program.answer_rows.get(answer.id)
        if index is not None:
            row = self.rows.new_answer
            self._unit(f"answer {answer.id}", [self.said[answer.id]], lambda at, one, box: row(index, at, one, box))

    def _asked(self, answer: Answer, said: Column) -> Column:
        """Code 0 for those who are not asked."""
        if answer.asked is None:
            return said
        asked = self.flags(answer.asked, "asking")
        if isinstance(said.codes, bytes) and said.size < 256:
            return Column(self.lanes.raw((self.lanes.number(said.codes) + self.all) & asked * 255), said.size + 1)
        return self.lanes.joint([said, self.lanes.column(asked)])

    def _evidence(self, name: str) -> list[Column]:
        files = self.sheets.byte("said", name, 1)
        return [] if files is None or files.count(0) == len(files) else [Column(files).dense()[0]]

    def flags(self, condition: Condition, how: str = "granting") -> int:
        """For whom a condition holds."""
        if isinstance(condition, Not):
            return self.all ^ self.flags(condition.part, how)
        if isinstance(condition, All | AnyOf):
            found = self.all if isinstance(condition, All) else 0
            for part in condition.parts:
                one = self.flags(part, how)
                found = found & one if isinstance(condition, All) else found | one
            return found
        if condition.ref.kind == "fact":
            column, rows = self._fact(condition.ref.id)
            return self.lanes.flags(column, [row[self.program.fact_tests.index(condition)] for row in rows])
        column, rows = self.units[f"answer {condition.ref.id}"]
        place = ("state" if condition.ref.kind == "state" else how, condition)
        at = self.program.tests[condition.ref.id].index(place) + 1
        return self.lanes.flags(column, [row[at] for row in rows])

    def _fact(self, name: str) -> tuple[Column, list[Row]]:
        """How tests of one fact turn out, at their places among all tests."""
        if f"fact {name}" not in self.units:
            self._unit(f"fact {name}", self._cell("fact", name), lambda _at, _one, box: self._tests(name, box))
        return self.units[f"fact {name}"]

    def _tests(self, name: str, box: list[Trial]) -> Row:
        value, fact = box[0].work.facts[name], self.rubric.facts[name]
        own = [test for test in self.program.fact_tests if test.ref.id == name]
        if value is None and not fact.optional and any(test.op != "answered" for test in own):
            raise LeaveError
        return tuple(test in own and test.holds(value) for test in self.program.fact_tests)

    def _criterion(self, index: int) -> None:
        leaf = self.program.leaves[index]
        columns = [column for need in self.program.needs[index] for column in self._needed(need)]
        row = self.rows.new_criterion
        self._unit(leaf.id, columns, lambda at, one, box: row(index, (index, at), one, box))

    def _needed(self, need: Need) -> Iterator[Column]:
        kind, what = need
        if kind == "condition":
            yield self.lanes.column(self.flags(cast("Condition", what)))
        elif kind == "answer":
            yield self.said[cast("str", what)]
        elif kind == "evidence":
            yield from self._evidence(cast("str", what))
        else:
            yield from self._cell(kind, cast("str", what))

    def _rungs(self, scale: Scale, totals: dict[str, Total]) -> Iterator[int]:
        """Flags of each rung's own needs."""
        for number, rung in enumerate(scale.rungs):
            found = self.all
            for condition in rung.conditions:
                found &= self.flags(condition)
            if scale.of is not None:
                found &= totals[scale.of].some
                found &= totals[scale.of].holds(rung.total) if rung.total else self.all
            for section in scale.sections if rung.each_section else ():
                edge = rung.each_section.exceptions.get(section, rung.each_section.edge) if rung.each_section else None
                if edge is not None:
                    total = totals[section]
                    found &= total.holds(edge) | self.all ^ total.some
            for name in self.rubric.criteria if rung.essentials else ():
                if self.rubric.criteria[name].essential:
                    found &= self._row_flags(name, HELD)
            for source in scale.rungs[0 if scale.build_up else number : number + 1]:
                for name, gate in source.gates.items():
                    leaf = next(one for one in self.program.leaves if one.id == name)
                    found &= self._row_flags(name, FIGURES_FROM + FIGURES * len(leaf.above) + leaf.demands.index(gate))
            yield found

    def _row_flags(self, criterion: str, at: int) -> int:
        column, rows = self.units[criterion]
        return self.lanes.flags(column, [row[at] for row in rows])
