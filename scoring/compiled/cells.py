"""Rows of a compiled rubric: what one fact, answer or criterion gives for one key, worked out once by the plain code.

A key holds everything the result depends on; the generated program finds rows by key and never computes points.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from scoring import answers, demands, nodes
from scoring.compiled.keys import LeaveError, is_plain
from scoring.condition import Test, refs
from scoring.evaluate import finding
from scoring.results import Basis, ConditionResult, EssentialResult, NodeResult, Part, quickly
from scoring.rubric import Answer, Criterion, Demand, Rubric
from scoring.subject import Subject
from scoring.work import Answered, Work

Row = tuple[Any, ...]
FULL = 50_000
_ONE = Fraction(1)
_part = quickly(Part)


class Table(dict[Any, Any]):
    """Rows by key, a table for each part of the key; what is not there is an empty table for any further part."""

    __slots__ = ()

    def __missing__(self, key: object) -> "Table":
        return NOTHING


NOTHING = Table()


@dataclass(frozen=True, slots=True)
class Watched:
    """An answer some condition looks at, or that must only be readable; each test as asked, as counted, by state."""

    answer: Answer
    tests: tuple[tuple[str, Test], ...]


@dataclass(frozen=True, slots=True)
class Above:
    """A group above a criterion: the weight in it, its whole-number scale and its factor."""

    weight: Fraction
    scale: int
    times: Fraction


@dataclass(frozen=True, slots=True)
class Asking:
    """A rung that states a demand on a criterion, or asks that its essential is met."""

    kind: Literal["essential", "criterion"]
    scale: str
    rung: str
    demand: Demand | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A criterion with what it looks at, the groups above it, the demands on it, and the rungs that state them."""

    id: str
    looks: tuple[str, ...]
    above: tuple[Above, ...]
    demands: tuple[Demand, ...]
    asking: tuple[Asking, ...]


def asking_rungs(rubric: Rubric, criterion: Criterion) -> tuple[Asking, ...]:
    """The rungs that state a demand on the criterion, and those that ask for its essential."""
    found: list[Asking] = []
    for scale in rubric.levels.values():
        for rung in scale.rungs:
            if criterion.essential and rung.essentials:
                found.append(Asking("essential", scale.id, rung.id, None))
            if criterion.id in rung.gates:
                found.append(Asking("criterion", scale.id, rung.id, rung.gates[criterion.id]))
    return tuple(found)


class Parts(dict[Fraction | int, Part | None]):
    """A criterion's part of a group by the group's divisor (times scale), made when it is first asked for."""

    __slots__ = ("node", "weight", "whole")

    def __init__(self, node: NodeResult, above: Above) -> None:
        super().__init__()
        self.node, self.weight, self.whole = node, above.weight, above.weight * above.times * above.scale

    def __missing__(self, bottom: Fraction | int) -> Part | None:
        if len(self) >= FULL:
            self.clear()
        part = None
        if self.node.value is not None:
            part = _part(self.node.id, self.weight, self.node.value, Fraction(self.whole, bottom))
        self[bottom] = part
        return part


@dataclass(slots=True)
class Trial:
    """The plain code's working memory for one subject, filled only as far as a missing row needs it."""

    rubric: Rubric
    subject: Subject
    basis: Basis
    facts: Sequence[Row]
    made: Work | None = None

    @property
    def work(self) -> Work:
        if self.made is None:
            facts = dict(zip(self.rubric.facts, (row[-1] for row in self.facts), strict=True))
            self.made = Work(self.rubric, self.subject, self.basis, facts)
        return self.made

    def answer(self, name: str) -> Answered:
        if name not in self.work.answers:
            answer = self.rubric.answers[name]
            self.look(answer.asked)
            self.work.answers[name] = answers.resolve(self.work, answer)
        return self.work.answers[name]

    def look(self, *conditions: Any) -> None:
        for condition in conditions:
            for ref in refs(condition):
                if ref.kind in {"answer", "state"}:
                    self.answer(ref.id)


@dataclass
class Rows:
    """All rows known so far of one rubric on one basis."""

    rubric: Rubric
    basis: Basis
    fact_tests: Mapping[str, Sequence[Test]]
    watched: Sequence[Watched]
    leaves: Sequence[Leaf]
    facts: list[Table] = field(default_factory=list)
    answers: list[Table] = field(default_factory=list)
    criteria: list[Table] = field(default_factory=list)
    kept: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.facts = [Table() for _ in self.fact_tests]
        self.answers = [Table() for _ in self.watched]
        self.criteria = [Table() for _ in self.leaves]

    def new_fact(self, index: int, path: Sequence[object], subject: Subject) -> Row:
        """How every test of a fact turns out, and its value; one that is needed but missing is for the plain code."""
        name = list(self.fact_tests)[index]
        value, tests = answers.read_fact(self.rubric, subject, name), self.fact_tests[name]
        if value is None and not self.rubric.facts[name].optional and any(test.op != "answered" for test in tests):
            raise LeaveError
        return self._keep(self.facts[index], path, (*(test.holds(value) for test in tests), value))

    def new_answer(self, index: int, path: Sequence[object], trial: Trial) -> Row:
        watched = self.watched[index]
        found = trial.answer(watched.answer.id)
        looks = {"asking": found.value, "granting": found.counted, "state": found.state}
        row = (found, *(test.holds(looks[how]) for how, test in watched.tests))
        return self._keep(self.answers[index], path, row)

    def new_criterion(self, index: int, path: Sequence[object], trial: Trial) -> Row:
        """(node, state, finding, essential, answers, essential held, each group's figures, demands met, conditions)."""
        leaf = self.leaves[index]
        criterion = self.rubric.criteria[leaf.id]
        resolved = tuple(trial.answer(name) for name in criterion.answers)
        for name in leaf.looks:
            trial.answer(name)
        node = nodes.score_criterion(trial.work, criterion)
        trial.work.nodes[leaf.id] = node
        judged = None
        if criterion.essential:
            judged = demands.judge_essential(trial.work, criterion, criterion.essential)
        figures: list[object] = []
        for above in leaf.above:
            figures += _figures(node, above)
        met = {demand: demands.meets(trial.work, criterion, demand) for demand in leaf.demands}
        held = judged is None or judged.outcome in {"pass", "does_not_apply"}
        asked = (_condition(self.rubric, one, leaf.id, judged, met) for one in leaf.asking)
        flags = (found is not False for found, _ in met.values())
        state = trial.work.states[leaf.id]
        row = (node, state, finding(trial.work, node), judged, resolved, held, *figures, *flags, *asked)
        return self._keep(self.criteria[index], path, row)

    def _keep(self, table: Table, path: Sequence[object], row: Row) -> Row:
        """Too many rows begin again."""
        kept = self.kept.get(id(table), 0)
        if kept >= FULL:
            table.clear()
            kept = 0
        self.kept[id(table)] = kept + 1
        for at in path[:-1]:
            table = table.setdefault(at, Table())
        table[path[-1]] = row
        return row


def of_plain_keys(make: Callable[..., Row]) -> Callable[..., Row]:
    """The row under raw values as they are, the first `flags` being conditions; KeyError for values that need a key."""

    def made(index: int, path: Sequence[object], given: Trial | Subject, flags: int = 0) -> Row:
        if not all(map(is_plain, path[flags:])):
            raise KeyError
        return make(index, path, given)

    return made


def _figures(node: NodeResult, above: Above) -> list[object]:
    """Value, most points and weight, each times weight and scale; None (void) stops the arithmetic."""
    whole, top, parts = above.weight * above.scale, node.attainable, Parts(node, above)
    if node.state == "void":
        return [None, None, None, 1, parts]
    if node.value is None:
        return [0, 0, 0, 0, parts]
    return [_product(whole, node.value), None if top is None else _product(whole, top), _product(whole, _ONE), 1, parts]


def _condition(
    rubric: Rubric,
    asking: Asking,
    name: str,
    judged: EssentialResult | None,
    met: Mapping[Demand, tuple[bool | None, str]],
) -> ConditionResult:
    if asking.demand is not None:
        found, code = met[asking.demand]
        held = found is not False
    else:
        held, code = judged is not None and judged.outcome in {"pass", "does_not_apply"}, judged.code if judged else ""
    return ConditionResult(asking.kind, name, 0, asking.rung, held, code, None, asking.scale, rubric)


def _product(one: Fraction, other: Fraction) -> int | Fraction:
    """A whole number where it is one."""
    top, bottom = one.numerator * other.numerator, one.denominator * other.denominator
    return Fraction(top, bottom) if top % bottom else top // bottom
