"""The rubric: facts, answers, criteria, groups and levels, frozen once loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scoring.condition import Condition, Edge, Value
from scoring.numbers import Rounding, Written
from scoring.rules import Input, Rule
from scoring.text import Text

ValueType = Literal["choice", "choices", "number", "date", "yes_no", "text", "given"]
VALUE_TYPES: tuple[ValueType, ...] = ("choice", "choices", "number", "date", "yes_no", "text", "given")
Combine = Literal["sum", "mean", "share", "lowest", "highest", "geometric_mean"]
COMBINES: tuple[Combine, ...] = ("sum", "mean", "share", "lowest", "highest", "geometric_mean")
Policy = Fraction | Literal["excluded", "void", "error"]
WordState = Literal["unanswered", "not_applicable", "void", "not_asked"]
WORD_STATES: tuple[WordState, ...] = ("unanswered", "not_applicable", "void", "not_asked")


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known about a subject; a fact without a value is an error unless it has a default or is optional."""

    id: str
    title: Text
    type: ValueType
    options: Mapping[str, Text]
    default: Value | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a subject answers; `counts_as` holds options that count as another until a reviewer confirms them."""

    id: str
    title: Text
    type: ValueType
    options: Mapping[str, Text]
    asked: Condition | None
    counts_as: Mapping[str, str]
    exclusive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """When the condition holds: set the value, cap it, lift it to a floor, give all points, or leave the node out."""

    when: Condition
    what: Literal["set", "cap", "floor", "all", "excluded", "void"]
    number: Fraction
    because: Text


@dataclass(frozen=True, slots=True)
class Finish:
    """What is done to a node's value, in this order: floor and cap, overrides, rounding."""

    cap: Fraction | None = None
    floor: Fraction | None = None
    overrides: tuple[Override, ...] = ()
    digits: int = 0
    how: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """What each answer state yields; `error` stops the scoring of the subject."""

    unanswered: Policy
    not_applicable: Policy
    unsupported: Policy
    void: Policy
    not_asked: Policy


@dataclass(frozen=True, slots=True)
class EvidenceGate:
    """Without enough files, points are at most `at_most`; None leaves them alone."""

    at_most: Fraction | None
    files: int


@dataclass(frozen=True, slots=True)
class Demand:
    """What an answer must be: one of the options (or simply given), within a limit of points, with evidence."""

    met_by: tuple[str, ...] | None
    given: bool
    points: Edge | None
    evidence: bool
    when: Condition | None
    not_applicable_meets: bool


@dataclass(frozen=True, slots=True)
class Essential:
    demand: Demand
    discretionary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A leaf. `answers`: whose states decide; `attainable`: the most points, None when the rule has no top."""

    id: str
    title: Text
    answers: tuple[str, ...]
    input: Input | None
    rule: Rule
    applies: Condition | None
    policies: Policies
    evidence: EvidenceGate
    essential: Essential | None
    attainable: Fraction | None
    finish: Finish
    effort: Fraction | Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class WeightCase:
    """A weight that is written, or read from a fact, an answer, a node or a calculation."""

    when: Condition | None
    weight: Fraction | Input


@dataclass(frozen=True, slots=True)
class Child:
    """A node inside a group; the first weight case that holds counts, no case is an error."""

    id: str
    weights: tuple[WeightCase, ...]
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Group:
    """An inner node; `needs` is how many children must have a result, `digits` how exact a geometric mean is."""

    id: str
    title: Text
    combine: Combine
    children: tuple[Child, ...]
    times: Fraction
    when_empty: Fraction | None
    when_void: Policy
    needs: int
    digits: int
    applies: Condition | None
    finish: Finish


@dataclass(frozen=True, slots=True)
class SectionMinimum:
    """The limit of every section, but for the exceptions; None asks nothing of a section."""

    edge: Edge
    exceptions: Mapping[str, Edge | None]

    def of(self, section: str) -> Edge | None:
        return self.exceptions.get(section, self.edge)


@dataclass(frozen=True, slots=True)
class Rung:
    id: str
    title: Text
    total: Edge | None
    each_section: SectionMinimum | None
    essentials: bool
    gates: Mapping[str, Demand]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A ladder of rungs from the worst to the best; `series`: a rung needs all below; `build_up`: gates add up."""

    id: str
    title: Text
    better: Literal["high", "low"]
    series: bool
    build_up: bool
    of: str | None
    sections: tuple[str, ...]
    rungs: tuple[Rung, ...]


UnitKind = Literal["answer", "node", "level", "essential"]
Unit = tuple[UnitKind, str]


@dataclass(frozen=True, eq=False, repr=False)
class Rubric:
    """A checked rubric.

    `words`: texts that stand for an answer state; `written`: how numbers are written; `columns`: what the headers of
    a file mean; `scored`: answers some criterion reads; `order`: an order of
    evaluation, `needs`: what each unit looks at; `source`: the plain tree it was read from, which `sha256` covers.
    """

    id: str
    version: str
    title: Text
    facts: Mapping[str, Fact]
    answers: Mapping[str, Answer]
    criteria: Mapping[str, Criterion]
    groups: Mapping[str, Group]
    levels: Mapping[str, Scale]
    words: Mapping[str, WordState]
    written: Written
    columns: Mapping[str, str]
    scored: frozenset[str]
    order: tuple[Unit, ...]
    needs: Mapping[Unit, tuple[Unit, ...]]
    source: Mapping[str, object]
    sha256: str = ""

    def __eq__(self, other: object) -> bool:
        """Rubrics read from equal trees are equal; the digest covers the whole tree."""
        return isinstance(other, Rubric) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"Rubric({self.id!r}, {self.version!r}, sha256 {self.sha256[:12]})"

    def node_title(self, node: str) -> Text:
        found = self.criteria.get(node) or self.groups[node]
        return found.title
