"""Writes the Python program that scores one rubric: keys into rows, whole-number sums, rungs as conditions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from scoring.compiled.cells import Above, Leaf, Watched, asking_rungs
from scoring.compiled.explaining import levels_text, nodes_text
from scoring.compiled.grouping import group_lines, is_plain_sum, level_lines
from scoring.compiled.looks import (
    READABLE,
    Need,
    NotCompiledError,
    aged_by,
    check,
    demands_on,
    is_unread,
    looked_at,
    needed,
    own_conditions,
    readers,
    tests_of,
    whole_scale,
)
from scoring.compiled.writing import as_tuple, define
from scoring.condition import All, AnyOf, Condition, Not, Test
from scoring.results import Basis
from scoring.rubric import Answer, Criterion, Demand, Group, Rubric
from scoring.rules import Age

FIGURES_FROM = 6
FIGURES = 5


@dataclass
class Program:
    """The text of the program with the tables it looks into. `sums`: groups and levels are in it as well.

    `unread`: criteria whose rows do not hold what is answered, with the answer.
    """

    rubric: Rubric
    basis: Basis
    sums: bool = False
    fact_tests: dict[str, list[Test]] = field(default_factory=dict)
    watched: list[Watched] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    answer_rows: dict[str, int] = field(default_factory=dict)
    tests: dict[str, list[tuple[str, Test]]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)
    needs: list[tuple[Need, ...]] = field(default_factory=list)
    tables: dict[str, object] = field(default_factory=dict)
    scales: dict[str, int] = field(default_factory=dict)
    content_free: set[str] = field(default_factory=set)
    readers: dict[str, list[Criterion]] = field(default_factory=dict)
    quick: bool = True

    def write(self) -> str:
        """The whole text: `quick` takes raw values as keys, `careful` makes a key of each.

        Raises NotCompiledError.
        """
        text = self.prepare() + self._function("careful")
        return text + nodes_text(self) + levels_text(self) if self.sums else text

    def prepare(self) -> str:
        """What rows there are and what they depend on; gives the text of `quick`. Raises NotCompiledError."""
        check(self.rubric)
        self.sums = is_plain_sum(self.rubric)
        self._collect_tests()
        self.readers = readers(self.rubric)
        for name, answer in self.rubric.answers.items():
            if is_unread(self.rubric, answer, self.readers[name], self.tests.get(name, ())):
                self.content_free.add(name)
        return self._function("quick")

    def _function(self, name: str) -> str:
        self.quick = name == "quick"
        self.watched, self.leaves, self.groups, self.evidence, self.needs = [], [], [], [], []
        body: list[str] = []
        for kind, unit in self.rubric.order:
            if kind == "answer":
                body += self._answer(self.rubric.answers[unit])
            elif kind == "node" and unit in self.rubric.criteria:
                body += self._criterion(self.rubric.criteria[unit])
        if self.sums:
            body += self._sums()
        returned = f"return ({', '.join(self.returned())})"
        return define(name, "subject", [*self._head(), *body, returned])

    def returned(self) -> list[str]:
        """Rows of criteria, of answers and of facts, each group's figures, each level, whether each rung is reached."""
        return [
            as_tuple(f"c{index}" for index in range(len(self.leaves))),
            as_tuple(f"a{index}" for index in range(len(self.watched))),
            as_tuple(f"f{index}" for index in range(len(self.fact_tests))),
            as_tuple(f"n{index}, d{index}" for index in range(len(self.groups))),
            as_tuple(f"level{index}" for index in range(len(self.rubric.levels)) if self.sums),
            as_tuple(
                f"r{index}_{number}"
                for index, scale in enumerate(self.rubric.levels.values())
                for number in range(len(scale.rungs))
                if self.sums
            ),
        ]

    def _collect_tests(self) -> None:
        """Every test of a fact or an answer gets a place in its rows."""
        self.fact_tests = {name: [] for name in self.rubric.facts}
        for answer in self.rubric.answers.values():
            self._places(answer.asked, "asking")
        for condition in self._granting():
            self._places(condition, "granting")

    def _granting(self) -> Iterable[Condition | None]:
        for criterion in self.rubric.criteria.values():
            yield from own_conditions(criterion)
        for scale in self.rubric.levels.values():
            for rung in scale.rungs:
                yield from (gate.when for gate in rung.gates.values())
                yield from rung.conditions if self.sums else ()

    def _places(self, condition: Condition | None, how: str) -> None:
        for test in tests_of(condition):
            if test.ref.kind == "fact":
                if test not in self.fact_tests[test.ref.id]:
                    self.fact_tests[test.ref.id].append(test)
                continue
            if test.ref.kind not in READABLE:
                raise NotCompiledError("a gate looks at nodes, levels, essentials, rulings or evidence")
            place = ("state" if test.ref.kind == "state" else how, test)
            places = self.tests.setdefault(test.ref.id, [])
            if place not in places:
                places.append(place)

    def says(self, condition: Condition, how: str = "granting") -> str:
        """The condition as Python."""
        if isinstance(condition, Not):
            return f"(not {self.says(condition.part, how)})"
        if isinstance(condition, All | AnyOf):
            word = " and " if isinstance(condition, All) else " or "
            return "(" + word.join(self.says(part, how) for part in condition.parts) + ")"
        if condition.ref.kind == "fact":
            tests = self.fact_tests[condition.ref.id]
            return f"f{list(self.fact_tests).index(condition.ref.id)}[{tests.index(condition)}]"
        place = ("state" if condition.ref.kind == "state" else how, condition)
        return f"a{self.answer_rows[condition.ref.id]}[{self.tests[condition.ref.id].index(place) + 1}]"

    def _head(self) -> list[str]:
        """Answers, evidence and facts in the rubric's order; claimed "not applicable" is part of an answer's key.

        What the rubric does not know makes the tables longer than the rubric's own.
        """
        names = [f"k_{at}" for at in range(len(self.rubric.answers))]
        given = [f"e_{at}" for at in range(len(self.evidence))]
        self.tables["NO_FILES"] = dict.fromkeys([*self.evidence, *self.rubric.answers, *self.rubric.criteria])
        lines = [
            "skipped, ev = subject.not_applicable, {**NO_FILES, **subject.evidence}",
            "answers, facts = {**NO_ANSWERS, **subject.answers}, {**NO_FACTS, **subject.facts}",
            "if skipped: answers |= {q: (VALUE, answers.get(q)) for q in skipped}",
            f"if len(answers) > {len(names)} or len(facts) > {len(self.rubric.facts)}: return None",
            "if len(ev) > len(NO_FILES) or not RULABLE.issuperset(subject.rulings): return None",
        ]
        lines.append("if not KNOWN_FILES.issuperset(map(type, subject.evidence.values())):")
        lines.append("    if not all(x.__class__ is Files or x in EVIDENCE for x in ev.values()): return None")
        lines += [f"{as_tuple(names)} = answers.values()"] if names else []
        lines += [f"({', '.join([*given, '*_'])},) = ev.values()"] if given else []
        if self.basis == "verified":
            lines.append("rg = {q: ruling_key(r) for q, r in subject.rulings.items()}.get")
        facts = [f"s_{at}" for at in range(len(self.rubric.facts))]
        if facts:
            lines.append(f"{as_tuple(facts)} = {'facts.values()' if self.quick else 'map(key, facts.values())'}")
        rows = as_tuple(f"f{at}" for at in range(len(facts)))
        lines += [self._row("f", at, [name]) for at, name in enumerate(facts)]
        return [*lines, f"trial = Trial(RUBRIC, subject, BASIS, {rows})"]

    def _row(self, kind: str, index: int, path: Sequence[str], flags: int = 0) -> str:
        """A table in a table for each part of the key costs half of one table under tuples."""
        maker = ("first_" if self.quick else "new_") + {"f": "fact", "a": "answer", "c": "criterion"}[kind]
        given = ["subject" if kind == "f" else "trial", *([str(flags)] if self.quick and flags else [])]
        found = f"{kind.upper()}{index}" + "".join(f"[{at}]" for at in path)
        return f"{kind}{index} = {found} or {maker}({index}, {as_tuple(path)}, {', '.join(given)})"

    def _answer(self, answer: Answer) -> list[str]:
        """The key of an answer, and its row where a condition looks at it or nothing else reads it."""
        name, at = answer.id, f"k_{list(self.rubric.answers).index(answer.id)}"
        lines: list[str] = []
        if answer.id in self.content_free:
            quick = {
                "number": "int and -BIG < {0} < BIG",
                "given": "str and len({0}) < LONG and {0}.strip() not in WORDS",
            }
            test = quick.get(answer.type, quick["given"] if answer.type == "text" else "")
            hidden = f"if {at}.__class__ is {test.format(at)}: {at} = VALUE" if test else "if False: pass"
            other = f"elif {at} is not None: {at} = unread({at}, ANSWER[{name!r}], RUBRIC)"
            if self.basis == "verified":
                lines.append(f"if (rg({name!r}) or NOBODY)[0] == 'adjust': {at} = key({at})")
                hidden = "el" + hidden
            lines += [hidden, other]
        elif not self.quick:
            lines.append(f"if {at}.__class__ is not str: {at} = key({at})")
        elif answer.type == "choices":
            lines.append(f"if {at}.__class__ is list: {at} = tuple({at})")
        reader = None if name in self.tests else aged_by(self.rubric, self.readers[name], self.basis)
        if reader is not None:
            self.unread[reader.id] = name
            age = cast("Age", reader.input)
            on = f"s_{list(self.rubric.facts).index(age.on)}"
            lines.append(f"if {at}.__class__ is {on}.__class__ is date: {at} = age_key({at}, {on}, {age.unit!r})")
        if self.basis == "verified":
            lines.append(f"{at} = ({at}, {self._evidence(name)}, rg({name!r}))")
        if answer.asked is not None and lines:
            lines = [
                f"if {self.says(answer.asked, 'asking')}:",
                *("    " + line for line in lines),
                f"else: {at} = HIDDEN",
            ]
        elif answer.asked is not None:
            lines = [f"if not {self.says(answer.asked, 'asking')}: {at} = HIDDEN"]
        if name in self.tests or name not in self.rubric.scored:
            index = self.answer_rows[name] = len(self.watched)
            self.watched.append(Watched(answer, tuple(self.tests.get(name, ()))))
            lines.append(self._row("a", index, [at]))
        return lines

    def _evidence(self, name: str) -> str:
        if name not in self.evidence:
            self.evidence.append(name)
        return f"e_{self.evidence.index(name)}"

    def _criterion(self, criterion: Criterion) -> list[str]:
        index, gates = len(self.leaves), demands_on(self.rubric, criterion)
        parents = [group for group in self.rubric.groups.values() if any(c.id == criterion.id for c in group.children)]
        above = tuple(self._above(group, criterion) for group in parents) if self.sums else ()
        if criterion.answers and criterion.answers[0] in self.content_free:
            self.unread[criterion.id] = criterion.answers[0]
        self.leaves.append(
            Leaf(
                criterion.id,
                looked_at(criterion, gates),
                above,
                tuple(gates),
                asking_rungs(self.rubric, criterion) if self.sums else (),
            )
        )
        needs = needed(criterion, gates, self.basis)
        self.needs.append(needs)
        # What varies most comes last: few tables, most rows in each.
        path = sorted(needs, key=lambda need: {"condition": 0, "answer": 2}.get(need[0], 1))
        flags = sum(need[0] == "condition" for need in needs)
        return [self._row("c", index, [self._key(need) for need in path] or ["()"], flags)]

    def _key(self, need: Need) -> str:
        kind, what = need
        if kind == "condition":
            return self.says(cast("Condition", what))
        name = cast("str", what)
        if kind == "evidence":
            return self._evidence(name)
        if kind == "ruling":
            return f"rg({name!r})"
        places = list(self.rubric.answers if kind == "answer" else self.rubric.facts)
        return f"{'k' if kind == 'answer' else 's'}_{places.index(name)}"

    def _above(self, group: Group, criterion: Criterion) -> Above:
        weight = next(one.weights[0].weight for one in group.children if one.id == criterion.id)
        return Above(weight, self.scale(group), group.times)

    def scale(self, group: Group) -> int:
        if group.id not in self.scales:
            self.scales[group.id] = whole_scale(self.rubric, group)
        return self.scales[group.id]

    def _sums(self) -> list[str]:
        places = {leaf.id: index for index, leaf in enumerate(self.leaves)}
        lines: list[str] = []
        for kind, name in self.rubric.order:
            if kind == "node" and name in self.rubric.groups:
                self.groups.append(name)
                lines += group_lines(self.rubric.groups[name], self, places)
        for index, scale in enumerate(self.rubric.levels.values()):
            lines += level_lines(index, scale, self, places)
        return lines

    def figure(self, criterion: str, group: str, which: int, places: dict[str, int]) -> str:
        """One figure of a criterion's row for a group above: 0 value, 1 most, 2 weight, 3 counted, 4 its part."""
        above = [one.id for one in self.rubric.groups.values() if any(child.id == criterion for child in one.children)]
        return f"c{places[criterion]}[{FIGURES_FROM + FIGURES * above.index(group) + which}]"

    def demand(self, criterion: str, demand: Demand, places: dict[str, int]) -> str:
        leaf = self.leaves[places[criterion]]
        return f"c{places[criterion]}[{FIGURES_FROM + FIGURES * len(leaf.above) + leaf.demands.index(demand)}]"

    def condition(self, criterion: str, kind: str, scale: str, rung: str, places: dict[str, int]) -> str:
        """The condition a rung states about a criterion, held or not, in the criterion's row."""
        leaf = self.leaves[places[criterion]]
        at = next(i for i, one in enumerate(leaf.asking) if (one.kind, one.scale, one.rung) == (kind, scale, rung))
        return f"c{places[criterion]}[{FIGURES_FROM + FIGURES * len(leaf.above) + len(leaf.demands) + at}]"
