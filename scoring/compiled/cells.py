"""Rows of a compiled rubric: what one fact, answer or criterion gives for one key, worked out once by the plain code.

A key holds everything the result depends on; the generated program finds rows by key and never computes points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from scoring import answers, demands, nodes
from scoring.condition import Test, refs
from scoring.errors import ScoringError, ValueRefusedError
from scoring.evaluate import finding
from scoring.results import Basis, ConditionResult, EssentialResult, NodeResult, Part, quickly
from scoring.rubric import Answer, Criterion, Demand, Rubric
from scoring.subject import Ruling, Subject
from scoring.values import read
from scoring.work import Answered, Work

Row = tuple[Any, ...]
VALUE = object()
"""Stands in a key for any value whose content nothing looks at, and before one claimed not to apply."""
OTHER = object()
"""Stands in a key before values that are no words or days, so that no raw value finds the row of another type."""
_part = quickly(Part)
FULL = 50_000
PLAIN = 40


class LeaveError(Exception):
    """This subject is for the plain code."""


def key(raw: object) -> object:
    """What tells raw values apart: 1, "1" and true are three things, a list and a tuple of words are one."""
    if raw is None or raw.__class__ is str or raw.__class__ is date:
        return raw
    if raw.__class__ is tuple and is_skipped(raw):
        return (VALUE, key(raw[1]))
    if isinstance(raw, list | tuple):
        found: tuple[object, ...] = tuple(raw)
    elif isinstance(raw, set | frozenset):
        found = tuple(sorted(raw))
    else:
        return (OTHER, raw.__class__, raw)
    if not all(item.__class__ is str for item in found):
        raise LeaveError
    return found


def is_skipped(raw: tuple[object, ...]) -> bool:
    return len(raw) > 1 and raw[0] is VALUE


def ruling_key(ruling: Ruling) -> object:
    decided = bool(ruling.reason.strip()) if ruling.essential else None
    return (ruling.verdict, key(ruling.value), ruling.evidence, ruling.not_applicable, ruling.essential, decided)


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
    """A criterion with the groups above it, the different demands on it, and the rungs that state them."""

    id: str
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


@dataclass
class Trial:
    """The plain code's working memory for one subject, filled only as far as a missing row needs it."""

    rubric: Rubric
    subject: Subject
    basis: Basis
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        facts = answers.read_facts(self.rubric, self.subject)
        self.work = Work(self.rubric, self.subject, self.basis, facts)

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
    facts: list[dict[object, Row]] = field(default_factory=list)
    answers: list[dict[object, Row]] = field(default_factory=list)
    criteria: list[dict[object, Any]] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts = [{} for _ in self.fact_tests]
        self.answers = [{} for _ in self.watched]
        self.criteria = [{} for _ in self.leaves]
        self.kept = [0 for _ in self.leaves]

    def new_fact(self, index: int, path: Sequence[object], subject: Subject, box: list[Trial]) -> Row:
        """How every test of a fact turns out; a fact that is needed but missing is for the plain code."""
        name = list(self.fact_tests)[index]
        value, tests = self._trial(subject, box).work.facts[name], self.fact_tests[name]
        if value is None and not self.rubric.facts[name].optional and any(test.op != "answered" for test in tests):
            raise LeaveError
        return _keep(self.facts[index], path[0], (*(test.holds(value) for test in tests), True))

    def new_answer(self, index: int, path: Sequence[object], subject: Subject, box: list[Trial]) -> Row:
        watched = self.watched[index]
        found = self._trial(subject, box).answer(watched.answer.id)
        looks = {"asking": found.value, "granting": found.counted, "state": found.state}
        row = (found, *(test.holds(looks[how]) for how, test in watched.tests))
        return _keep(self.answers[index], path[0], row)

    def new_criterion(self, index: int, path: Sequence[object], subject: Subject, box: list[Trial]) -> Row:
        """(node, state, finding, essential, answers, essential held, each group's figures, demands met, conditions)."""
        trial, leaf = self._trial(subject, box), self.leaves[index]
        criterion = self.rubric.criteria[leaf.id]
        resolved = tuple(trial.answer(name) for name in criterion.answers)
        trial.look(criterion.applies, *(override.when for override in criterion.finish.overrides))
        trial.look(*(case.when for case in getattr(criterion.rule, "cases", ())))
        trial.look(*(demand.when for demand in leaf.demands))
        node = nodes.score_criterion(trial.work, criterion)
        trial.work.nodes[leaf.id] = node
        judged = None
        if criterion.essential:
            trial.look(criterion.essential.demand.when)
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
        return self._keep(index, path, row)

    def _keep(self, index: int, path: Sequence[object], row: Row) -> Row:
        """In a table for each part of the key; too many rows begin again."""
        table = self.criteria[index]
        if self.kept[index] >= FULL:
            table.clear()
            self.kept[index] = 0
        self.kept[index] += 1
        for at in path[:-1]:
            table = table.setdefault(at, {})
        table[path[-1]] = row
        return row

    def _trial(self, subject: Subject, box: list[Trial]) -> Trial:
        if not box:
            box.append(Trial(self.rubric, subject, self.basis))
        return box[0]


def _figures(node: NodeResult, above: Above) -> list[object]:
    """Value, most points and weight, each times weight and scale; None (void) stops the arithmetic."""
    whole, top, parts = above.weight * above.scale, node.attainable, Parts(node, above)
    if node.state == "void":
        return [None, None, None, 1, parts]
    if node.value is None:
        return [0, 0, 0, 0, parts]
    return [_plain(whole * node.value), None if top is None else _plain(whole * top), _plain(whole), 1, parts]


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


def _plain(number: Fraction) -> int | Fraction:
    return number.numerator if number.denominator == 1 else number


def _keep(table: dict[object, Row], at: object, row: Row) -> Row:
    if len(table) >= FULL:
        table.clear()
    table[at] = row
    return row


def unread(raw: Any, answer: Answer, rubric: Rubric) -> object:
    """The key of an answer whose content nothing looks at: states keep their word, everything readable is one."""
    if raw is None or (isinstance(raw, str) and raw.strip() in rubric.words):
        return raw
    if isinstance(raw, tuple) and is_skipped(raw):
        return (VALUE, unread(raw[1], answer, rubric))
    if isinstance(raw, list | tuple | set | frozenset) and not raw:
        return ()
    if answer.type == "number" and raw.__class__ is str and len(raw) < PLAIN and raw.isascii() and raw.isdigit():
        return VALUE
    try:
        read(raw, answer.type, answer.options, answer.exclusive, rubric.written)
    except (ScoringError, ValueRefusedError) as error:
        raise LeaveError from error
    return VALUE
