"""Answers, facts and criteria of many subjects at once, each as a column of codes with a row for each code.

The plain code makes a row once for each combination that occurs, on the first subject that has it.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from scoring.answers import read_facts
from scoring.compiled.cells import Row, Rows, Trial
from scoring.compiled.generating import Program
from scoring.compiled.keys import LeaveError
from scoring.compiled.looks import Need, NotCompiledError, aged, answers_read
from scoring.condition import All, AnyOf, Condition, Not, Test
from scoring.errors import ScoringError
from scoring.fitting import fit
from scoring.many.lanes import SMALL, Column, Lanes
from scoring.many.sheets import CONTENT, NoSheetError, Sheets, day_of, kinds_of_files
from scoring.points import age_between
from scoring.results import Basis
from scoring.rubric import Answer, Criterion, Rubric
from scoring.subject import Subject

Unit = tuple[Column, dict[Any, Row]]
"""A column of codes, and the row of each code."""


class NobodyError(Exception):
    """A unit that can be worked out for none of the subjects: all are for the plain code."""


@dataclass
class Units:
    """All answers, facts and criteria of one rubric for all subjects; `left` are flags of those for the plain code."""

    rubric: Rubric
    sheets: Sheets
    basis: Basis
    left: int = 0
    units: dict[str, Unit] = field(default_factory=dict)
    said: dict[str, Column] = field(default_factory=dict)
    held: dict[object, int] = field(default_factory=dict)
    bare: dict[str, Column] = field(default_factory=dict)
    trials: dict[int, Trial] = field(default_factory=dict)
    subjects: dict[int, Subject] = field(default_factory=dict)

    def __post_init__(self) -> None:
        program = self.program = Program(self.rubric, self.basis)
        try:
            program.prepare()
        except NotCompiledError as reason:
            raise NoSheetError(f"{self.rubric.id}: {reason}") from reason
        if not program.sums:
            raise NoSheetError(f"{self.rubric.id} has groups or levels that are scored one by one")
        for name, answer in self.rubric.answers.items():
            if answer.type in CONTENT and name not in self.program.content_free:
                raise NoSheetError(f"{self.rubric.id} looks at the content of {name}, which sheets do not keep")
        looked = {name for name, tests in self.program.fact_tests.items() if tests}
        looked |= {cast("str", what) for needs in self.program.needs for kind, what in needs if kind == "fact"}
        for name in looked:
            if self.rubric.facts[name].type in CONTENT:
                raise NoSheetError(f"{self.rubric.id} looks at the content of {name}, which sheets do not keep")
        bare = [replace(leaf, asking=()) for leaf in program.leaves]
        self.rows = Rows(self.rubric, self.basis, program.fact_tests, program.watched, bare)
        self.lanes = Lanes(self.sheets.count)
        self.all = self.lanes.ones()

    def work_out(self) -> None:
        """Every answer and criterion. Raises NobodyError."""
        places = {leaf.id: index for index, leaf in enumerate(self.program.leaves)}
        for kind, name in self.rubric.order:
            if kind == "answer":
                self._answer(self.rubric.answers[name])
            elif kind == "node" and name in places:
                self._criterion(places[name])

    def subject(self, index: int) -> Subject:
        """Only what this rubric knows."""
        if index not in self.subjects:
            self.subjects[index] = fit(self.rubric, self.sheets.subject(index))
        return self.subjects[index]

    def _trial(self, index: int) -> Trial:
        if index not in self.trials:
            subject = self.subject(index)
            facts = [(value,) for value in read_facts(self.rubric, subject).values()]
            self.trials[index] = Trial(self.rubric, subject, self.basis, facts)
        return self.trials[index]

    def _unit(self, name: str, columns: Sequence[Column], make: Callable[[int, Trial], Row]) -> None:
        """The rows of a unit by code; where none can be made the plain code has to look."""
        column = self.lanes.joint(columns)
        rows: dict[Any, Row | None] = {}
        for code, first in column.firsts().items():
            try:
                rows[code] = make(first, self._trial(first))
            except (LeaveError, ScoringError):
                rows[code] = None
        if None in rows.values():
            self.left |= self.lanes.flags(column, {code: row is None for code, row in rows.items()})
            spare = next((row for row in rows.values() if row is not None), None)
            if spare is None:
                raise NobodyError
            rows = {code: row or spare for code, row in rows.items()}
        self.units[name] = (column, cast("dict[Any, Row]", rows))

    def _cell(self, kind: str, name: str) -> list[Column]:
        found = [self.sheets.byte(kind, name, high) for high in (0, 1)]
        return [Column(one) for one in found if one is not None and one.count(0) < len(one)]

    def _answer(self, answer: Answer) -> None:
        """`bare` is the state, and the value unless it is a day or a set of options."""
        name = answer.id
        said = self.sheets.byte("said", name)
        if said is not None and self.basis == "claimed":
            said = said.translate(_CLAIMS_ALIKE)
        columns = [] if said is None else [Column(said, self.sheets.layout.values(name))]
        if self.basis == "verified":
            columns += [
                *self._evidence(name, 1, alone=False),
                *self._cell("ruling", name),
                *self._cell("adjusted", name),
            ]
        more = self._cell("more", name)
        self.bare[name] = self._asked(answer, self.lanes.joint(columns))
        self.said[name] = self._asked(answer, self.lanes.joint([*columns, *more])) if more else self.bare[name]
        index = self.program.answer_rows.get(name)
        if index is not None:
            row, column = self.rows.new_answer, (self.bare if self._is_split(answer) else self.said)[name]
            self._unit(f"answer {name}", [column], lambda at, trial: row(index, (at,), trial))

    def _is_split(self, answer: Answer) -> bool:
        """Sets of options that earn no points: there are many, and tests ask for single options."""
        free = answer.id not in self.rubric.scored and not answer.counts_as and self.basis == "claimed"
        return free and answer.type == "choices" and answer.id in self.sheets.layout.answers

    def _asked(self, answer: Answer, said: Column) -> Column:
        """Code 0 for those who are not asked."""
        if answer.asked is None:
            return said
        asked = self.flags(answer.asked, "asking")
        if said.is_narrow and said.size < SMALL:
            return self.lanes.narrow((said.lanes + self.all) & asked * 255, said.size + 1)
        return self.lanes.joint([said, self.lanes.column(asked)])

    def _evidence(self, name: str, wanted: int, *, alone: bool) -> list[Column]:
        """Files in as few kinds as matter: no entry, too few, one accepted, enough."""
        found = self.sheets.byte("said", name, 1)
        if found is None:
            return []
        return [Column(found.translate(kinds_of_files(wanted, verified=self.basis == "verified", alone=alone)), 4)]

    def flags(self, condition: Condition, how: str = "granting") -> int:
        """For whom a condition holds."""
        at = (id(condition), how)
        if at not in self.held:
            self.held[at] = self._flags(condition, how)
        return self.held[at]

    def _flags(self, condition: Condition, how: str) -> int:
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
            at = self.program.fact_tests[condition.ref.id].index(condition)
        else:
            column, rows = self.units[f"answer {condition.ref.id}"]
            if self._is_split(self.rubric.answers[condition.ref.id]) and condition.op in {"any_of", "all_of"}:
                return self._chosen(condition, column, rows)
            place = ("state" if condition.ref.kind == "state" else how, condition)
            at = self.program.tests[condition.ref.id].index(place) + 1
        return self.lanes.flags(column, {code: row[at] for code, row in rows.items()})

    def _chosen(self, test: Test, column: Column, rows: dict[Any, Row]) -> int:
        """Who chose one or all of the options and is asked; on the claimed basis what is answered counts."""
        options = self.sheets.layout.answers[test.ref.id].options
        bits = [
            1 << options.index(one) if one in options else 0
            for one in dict.fromkeys(cast("tuple[str, ...]", test.wanted))
        ]
        is_all = test.op == "all_of"
        found = self.all if is_all and all(bits) else 0
        for high in (0, 1):
            half, wanted = (
                Column(cast("bytes", self.sheets.byte("more", test.ref.id, high))),
                sum(bits) >> 8 * high & 255,
            )
            chose = {code: code & wanted >= (wanted if is_all else 1) for code in range(SMALL)}
            flags = self.lanes.flags(half, chose)
            found = found & flags if is_all else found | flags
        return found & self.lanes.flags(column, {code: row[0].counted is not None for code, row in rows.items()})

    def _fact(self, name: str) -> Unit:
        """How the tests of one fact turn out."""
        if f"fact {name}" not in self.units:
            index, row = list(self.program.fact_tests).index(name), self.rows.new_fact
            self._unit(f"fact {name}", self._cell("fact", name), lambda at, trial: row(index, (at,), trial.subject))
        return self.units[f"fact {name}"]

    def _criterion(self, index: int) -> None:
        leaf, needs = self.program.leaves[index], self.program.needs[index]
        criterion = self.rubric.criteria[leaf.id]
        age = self._aged(criterion)
        columns = [column for need in needs for column in self._needed(need, criterion, is_aged=age is not None)]
        row = self.rows.new_criterion
        columns += [] if age is None else [age]
        self._unit(leaf.id, columns, lambda at, trial: row(index, (at,), trial))

    def _needed(self, need: Need, criterion: Criterion, *, is_aged: bool) -> Iterator[Column]:
        kind, what = need
        if kind == "condition":
            yield self.lanes.column(self.flags(cast("Condition", what)))
        elif kind == "answer":
            yield (self.bare if is_aged else self.said)[cast("str", what)]
        elif kind == "evidence":
            alone = {criterion.id, *criterion.answers} == {what}
            for column in self._evidence(cast("str", what), criterion.evidence.files, alone=alone):
                yield self._if_asked(criterion, column)
        elif kind != "fact" or not is_aged:
            yield from self._cell(kind, cast("str", what))

    def _if_asked(self, criterion: Criterion, files: Column) -> Column:
        """Files do not matter for who is not asked."""
        asked = [self.rubric.answers[name].asked for name in answers_read(criterion)]
        if len(asked) != 1 or asked[0] is None or len(criterion.answers) != 1:
            return files
        mask = self.flags(asked[0], "asking") * 255
        return self.lanes.narrow(files.lanes & mask, files.size)

    def _aged(self, criterion: Criterion) -> Column | None:
        """For points by age alone: the age instead of the two days, of which there are many more."""
        source, cells = aged(criterion, self.basis), self.sheets.layout.cells
        if source is None:
            return None
        if ("more", source.of.id) not in cells or ("fact", source.on) not in cells:
            return None
        at, on = cells["more", source.of.id], cells["fact", source.on]
        days = [self.sheets.columns[2 * cell + high] for cell in (at, on) for high in (0, 1)]
        pairs = array("I", self.lanes.raw(self.lanes.woven(days), 4))
        ages: dict[int, int] = {}
        for pair in set(pairs):
            end, start = divmod(pair, 1 << 16)
            first, last = day_of(start), day_of(end)
            # Days that cannot be compared stay apart, whatever comes of them.
            ages[pair] = -1 - start if first > last or not start else age_between(source.unit, first, last)
        places = {age: at for at, age in enumerate(dict.fromkeys(ages.values()))}
        if len(places) > SMALL:
            return None
        table = {pair: places[age] for pair, age in ages.items()}
        return Column(bytes(map(table.__getitem__, pairs)), len(places))

    def of_rows(self, criterion: str, place: int) -> int:
        """Flags of one place in a criterion's rows."""
        column, rows = self.units[criterion]
        at = (criterion, place)
        if at not in self.held:
            self.held[at] = self.lanes.flags(column, {code: row[place] for code, row in rows.items()})
        return self.held[at]


_CLAIMS_ALIKE = bytes(1 if code % 2 else code for code in range(SMALL))
