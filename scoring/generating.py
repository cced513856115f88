"""Writes the Python program that scores one rubric: keys into rows, whole-number sums, rungs as conditions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from scoring.cells import Leaf, Watched
from scoring.condition import All, AnyOf, Condition, Not, Test, refs
from scoring.grouping import group_lines, is_plain_sum, level_lines
from scoring.looks import all_leaves, answers_read, facts_read, own_conditions, points_of, tests_of
from scoring.results import Basis
from scoring.rubric import Answer, Criterion, Demand, Group, Rubric
from scoring.rules import Presence, Source

READABLE = {"fact", "answer", "state"}
FIGURES_FROM = 6
FIGURES = 4


class NotCompiledError(Exception):
    """The rubric uses something the program does not know; the plain code scores it."""


@dataclass
class Program:
    """The text of the program with the tables it looks into. `sums`: groups and levels are in it as well."""

    rubric: Rubric
    basis: Basis
    sums: bool = False
    lines: list[str] = field(default_factory=list)
    fact_tests: list[Test] = field(default_factory=list)
    watched: list[Watched] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    answer_rows: dict[str, int] = field(default_factory=dict)
    tests: dict[str, list[tuple[str, Test]]] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def write(self) -> str:
        """The whole text. Raises NotCompiledError."""
        self._check()
        self.sums = is_plain_sum(self.rubric)
        self._collect_tests()
        body: list[str] = []
        for kind, name in self.rubric.order:
            if kind == "answer":
                body += self._answer(self.rubric.answers[name])
            elif kind == "node" and name in self.rubric.criteria:
                body += self._criterion(self.rubric.criteria[name])
        if self.sums:
            body += self._sums()
        rows = ", ".join(f"c{index}" for index in range(len(self.leaves)))
        found = ", ".join(f"n{index}, d{index}" for index in range(len(self.groups)))
        levels = ", ".join(f"level{index}" for index in range(len(self.rubric.levels))) if self.sums else ""
        body.append(f"return ({_tuple(rows)}, {_answers(len(self.watched))}, {_tuple(found)}, {_tuple(levels)})")
        return "def score(subject):\n" + "\n".join("    " + line for line in [*self._head(), *body]) + "\n"

    def _check(self) -> None:
        for answer in self.rubric.answers.values():
            self._known(answer.asked)
        for criterion in self.rubric.criteria.values():
            for condition in own_conditions(criterion):
                self._known(condition)
            if any(leaf.kind == "node" for leaf in all_leaves(criterion)):
                raise NotCompiledError("a rule reads a node")

    def _known(self, condition: Condition | None) -> None:
        if any(ref.kind not in READABLE for ref in refs(condition)):
            raise NotCompiledError("a condition looks at nodes, levels, essentials, rulings or evidence")

    def _collect_tests(self) -> None:
        """Every test of an answer gets a place in that answer's rows."""
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
                if test not in self.fact_tests:
                    self.fact_tests.append(test)
                continue
            if test.ref.kind not in READABLE:
                raise NotCompiledError("a gate looks at nodes, levels, essentials, rulings or evidence")
            place = ("state" if test.ref.kind == "state" else how, test)
            places = self.tests.setdefault(test.ref.id, [])
            if place not in places:
                places.append(place)

    def says(self, condition: Condition | None, how: str = "granting") -> str:
        """The condition as Python."""
        if condition is None:
            return "True"
        if isinstance(condition, Not):
            return f"(not {self.says(condition.part, how)})"
        if isinstance(condition, All | AnyOf):
            word = " and " if isinstance(condition, All) else " or "
            return "(" + (word.join(self.says(part, how) for part in condition.parts) or str(word == " and ")) + ")"
        if condition.ref.kind == "fact":
            return f"f[{self.fact_tests.index(condition)}]"
        place = ("state" if condition.ref.kind == "state" else how, condition)
        return f"a{self.answer_rows[condition.ref.id]}[{self.tests[condition.ref.id].index(place) + 1}]"

    def _head(self) -> list[str]:
        lines = [
            "if not (subject.answers.keys() <= ANSWERS and subject.facts.keys() <= FACTS): return None",
            "ag = subject.answers.get",
            "skipped = subject.not_applicable",
            "if skipped and not ANSWERS.issuperset(skipped): return None",
            "if not (subject.evidence.keys() <= RULABLE and subject.rulings.keys() <= RULABLE): return None",
            "ev = {q: (x.given, x.accepted) if x.__class__ is Files else x for q, x in subject.evidence.items()}",
            "for x in set(ev.values()):",
            "    if x.__class__ is not tuple and x not in EVIDENCE: return None",
            "eg, box = ev.get, []",
        ]
        if self.basis == "verified":
            lines.append("rg = {q: ruling_key(r) for q, r in subject.rulings.items()}.get")
        # Rows are only kept under keys of words and days, which nothing else equals: raw facts may look for them.
        return [
            *lines,
            "fk = tuple(map(subject.facts.get, FACT_NAMES))",
            "try: f = FACT_ROWS.get(fk)",
            "except TypeError: f = None",
            "if f is None:",
            "    fk = tuple(map(key, fk))",
            "    f = FACT_ROWS.get(fk) or new_facts(fk, subject, box)",
        ]

    def _answer(self, answer: Answer) -> list[str]:
        """The key of an answer, and its row where a condition looks at it or nothing else reads it."""
        name, at = answer.id, f"k_{list(self.rubric.answers).index(answer.id)}"
        lines = [f"{at} = ag({name!r})"]
        if self._is_unread(answer):
            quick = {
                "number": "int and -BIG < {0} < BIG",
                "given": "str and len({0}) < LONG and {0}.strip() not in WORDS",
            }
            test = quick.get(answer.type, quick["given"] if answer.type == "text" else "")
            hidden = f"if {at}.__class__ is {test.format(at)}: {at} = VALUE" if test else "if False: pass"
            other = f"else: {at} = unread({at}, ANSWER[{name!r}], RUBRIC)"
            if self.basis == "verified":
                lines.append(f"if (rg({name!r}) or NOBODY)[0] == 'adjust': {at} = key({at})")
                hidden = "el" + hidden
            lines += [hidden, other]
        else:
            lines.append(f"if {at}.__class__ is not str: {at} = key({at})")
        lines.append(f"if skipped and {name!r} in skipped: {at} = (VALUE, {at})")
        if self.basis == "verified":
            lines.append(f"{at} = ({at}, eg({name!r}), rg({name!r}))")
        if answer.asked is not None:
            lines = [
                f"if {self.says(answer.asked, 'asking')}:",
                *("    " + line for line in lines),
                f"else: {at} = HIDDEN",
            ]
        if name in self.tests or name not in self.rubric.scored:
            index = self.answer_rows[name] = len(self.watched)
            self.watched.append(Watched(answer, tuple(self.tests.get(name, ()))))
            lines.append(f"a{index} = A{index}.get({at}) or new_answer({index}, {at}, subject, box)")
        return lines

    def _is_unread(self, answer: Answer) -> bool:
        """Only whether there is a readable value matters, never which."""
        if answer.counts_as or any(
            test.op != "answered" and how != "state" for how, test in self.tests.get(answer.id, ())
        ):
            return False
        for criterion in self.rubric.criteria.values():
            if answer.id in {*criterion.answers, *(leaf.id for leaf in all_leaves(criterion))}:
                asked = [*self._demands(criterion), *([criterion.essential.demand] if criterion.essential else [])]
                only = criterion.answers == (answer.id,) and criterion.input == Source("answer", answer.id)
                if not (only and isinstance(criterion.rule, Presence) and all(one.met_by is None for one in asked)):
                    return False
                if criterion.essential and criterion.essential.discretionary:
                    return False
        return True

    def _demands(self, criterion: Criterion) -> list[Demand]:
        found = (rung.gates.get(criterion.id) for scale in self.rubric.levels.values() for rung in scale.rungs)
        return [demand for demand in dict.fromkeys(found) if demand is not None]

    def _criterion(self, criterion: Criterion) -> list[str]:
        index, gates = len(self.leaves), self._demands(criterion)
        parents = [group for group in self.rubric.groups.values() if any(c.id == criterion.id for c in group.children)]
        above = tuple((_weight(group, criterion.id), self.scale(group)) for group in parents) if self.sums else ()
        if criterion.answers and self._is_unread(self.rubric.answers[criterion.answers[0]]):
            self.unread.add(criterion.id)
        self.leaves.append(Leaf(criterion.id, above, tuple(gates)))
        numbers = {name: place for place, name in enumerate(self.rubric.answers)}
        parts = [f"k_{numbers[name]}" for name in dict.fromkeys((*criterion.answers, *answers_read(criterion)))]
        wanted = [*gates, *([criterion.essential.demand] if criterion.essential else [])]
        if criterion.evidence.at_most is not None or any(demand.evidence for demand in wanted):
            parts += [f"eg({name!r})" for name in dict.fromkeys((criterion.id, *criterion.answers))]
        if self.basis == "verified":
            parts += [f"rg({name!r})" for name in dict.fromkeys((criterion.id, *criterion.answers))]
        conditions = [criterion.applies, *own_conditions(criterion), *(demand.when for demand in gates)]
        parts += [self.says(one) for one in dict.fromkeys(conditions) if one is not None]
        facts = list(self.rubric.facts)
        parts += [f"fk[{facts.index(name)}]" for name in facts_read(criterion)]
        at = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
        return [f"k = {at}", f"c{index} = C{index}.get(k) or new_criterion({index}, k, subject, box)"]

    def scale(self, group: Group) -> int:
        """Makes most weighted points of the group's criteria whole numbers; others stay fractions."""
        found = 1
        for child in group.children:
            if child.id in self.rubric.criteria:
                points = [
                    self.rubric.criteria[child.id].attainable or Fraction(1),
                    *points_of(self.rubric.criteria[child.id].rule),
                ]
                found = lcm(
                    found,
                    child.weights[0].weight.denominator,
                    *((child.weights[0].weight * one).denominator for one in points),
                )
        return found

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
        """One figure of a criterion's row for a group above: 0 value, 1 most, 2 weight, 3 counted."""
        above = [one.id for one in self.rubric.groups.values() if any(child.id == criterion for child in one.children)]
        return f"c{places[criterion]}[{FIGURES_FROM + FIGURES * above.index(group) + which}]"

    def demand(self, criterion: str, demand: Demand, places: dict[str, int]) -> str:
        leaf = self.leaves[places[criterion]]
        return f"c{places[criterion]}[{FIGURES_FROM + FIGURES * len(leaf.above) + leaf.demands.index(demand)}]"


def _tuple(items: str) -> str:
    return f"({items},)" if items else "()"


def _answers(count: int) -> str:
    return _tuple(", ".join(f"a{index}" for index in range(count)))


def _weight(group: Group, child: str) -> Fraction:
    return next(one.weights[0].weight for one in group.children if one.id == child)
