"""How an answer becomes points: the rules of criteria, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scoring.condition import Condition, Edge

State = Literal["excluded", "void", "not_applicable", "unanswered"]
STATES: tuple[State, ...] = ("excluded", "void", "not_applicable", "unanswered")
Yield = Fraction | State

Operation = Literal["add", "subtract", "multiply", "divide", "smallest", "largest"]
OPERATIONS: tuple[Operation, ...] = ("add", "subtract", "multiply", "divide", "smallest", "largest")
AgeUnit = Literal["days", "months", "years"]
Clamp = Literal["both", "low", "high", "none"]


@dataclass(frozen=True, slots=True)
class Source:
    """One value read as it is: an answer, a fact, or a node's result."""

    kind: Literal["answer", "fact", "node"]
    id: str


@dataclass(frozen=True, slots=True)
class Constant:
    number: Fraction


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`subtract` and `divide` take the first part and then each next one from it; nothing is divided by 0."""

    op: Operation
    parts: tuple["Input", ...]


@dataclass(frozen=True, slots=True)
class Age:
    """Whole days, months or years from a date to the date of a fact; a date in the future is an error."""

    unit: AgeUnit
    of: Source
    on: str


Input = Source | Constant | Arithmetic | Age


def leaves(source: Input | None) -> list[Source]:
    """Everything an input reads."""
    if isinstance(source, Source):
        return [source]
    if isinstance(source, Age):
        return [source.of]
    if isinstance(source, Arithmetic):
        return [leaf for part in source.parts for leaf in leaves(part)]
    return []


@dataclass(frozen=True, slots=True)
class Choice:
    points: Mapping[str, Yield]


@dataclass(frozen=True, slots=True)
class Choices:
    """The sum over the chosen options; an exclusive option stands alone."""

    points: Mapping[str, Fraction]
    exclusive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    edge: Edge
    points: Yield


@dataclass(frozen=True, slots=True)
class Bands:
    """The tightest edge that holds decides, in whatever order the bands are written."""

    bands: tuple[Band, ...]
    otherwise: Yield | None

    def holding(self, value: Fraction) -> Band | None:
        """The band a value falls in: the highest of lower edges, the lowest of upper ones; `above` is tighter."""
        held = [band for band in self.bands if band.edge.holds(value)]
        if held and held[0].edge.op in {"at_least", "above"}:
            return max(held, key=lambda band: (band.edge.number, band.edge.op == "above"))
        return min(held, key=lambda band: (band.edge.number, band.edge.op != "below"), default=None)


@dataclass(frozen=True, slots=True)
class Linear:
    """`base` + `factor` × value; what lies outside of lowest and highest is drawn in, or an error with `refuse`."""

    base: Fraction
    factor: Fraction
    lowest: Fraction | None
    highest: Fraction | None
    refuse: bool = False


@dataclass(frozen=True, slots=True)
class Goalposts:
    """`points` × (value - start) / (end - start); with `log`, on natural logarithms of `digits` significant digits.

    A goalpost may be a fact about the subject.
    """

    start: Fraction | Source
    end: Fraction | Source
    points: Fraction
    clamp: Clamp
    log: bool
    digits: int


@dataclass(frozen=True, slots=True)
class Presence:
    points: Fraction


@dataclass(frozen=True, slots=True)
class Points:
    """Always the same."""

    points: Yield


@dataclass(frozen=True, slots=True)
class Factor:
    input: Input
    rule: "Simple"


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """`attainable` is the most this case can give."""

    when: Condition | None
    rule: "Simple | Product"
    attainable: Fraction | None


@dataclass(frozen=True, slots=True)
class Cases:
    """The first case whose condition holds; no case is an error, not 0.

    `by_facts`: only facts choose the case, so that the attainable points are those of the chosen case.
    """

    cases: tuple[Case, ...]
    by_facts: bool


Simple = Choice | Choices | Bands | Linear | Goalposts | Presence | Points
Rule = Simple | Product | Cases
