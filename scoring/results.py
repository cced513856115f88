"""Parts of a result: nodes, findings, essentials and levels, each able to say why in Khmer and English."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, make_dataclass
from fractions import Fraction
from typing import Any, Literal, TypeVar, cast

from scoring import because
from scoring.limits import limits
from scoring.rubric import Rubric
from scoring.text import number

Basis = Literal["claimed", "verified"]
NodeState = Literal["value", "excluded", "void", "empty"]
AnswerState = Literal["value", "unanswered", "not_applicable", "not_asked", "void", "unsupported", "none"]
Outcome = Literal["met", "partly_met", "not_met", "not_applicable", "unanswered", "not_asked", "void", "unsupported"]
EssentialOutcome = Literal["pass", "fail", "discretionary", "does_not_apply"]
ConditionKind = Literal["total", "section", "essential", "criterion", "condition", "series"]
Param = tuple[str, Fraction | str]
Result = TypeVar("Result")


def opened(frozen: type[Result]) -> Any:
    """A twin of a frozen class with slots, whose objects become frozen by `made.__class__ = frozen`.

    A frozen class sets each field through `object.__setattr__`, which is most of the time of a whole scorecard.
    """
    return make_dataclass(f"Open{frozen.__name__}", [one.name for one in fields(cast("Any", frozen))], slots=True)


def quickly(frozen: type[Result]) -> Callable[..., Result]:
    """Makes objects of a frozen class with slots several times faster, without its `__post_init__`."""
    twin = opened(frozen)

    def make(*values: object) -> Result:
        made = twin(*values)
        made.__class__ = frozen
        return cast("Result", made)

    return make


@dataclass(frozen=True, slots=True)
class Reason:
    """A code for programs and the figures its sentence needs."""

    code: str
    params: tuple[Param, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", tuple(sorted(self.params)))


@dataclass(frozen=True, slots=True)
class Part:
    """One counted child: `value` × `factor` went into the group; no factor when the group does not add."""

    child: str
    weight: Fraction
    value: Fraction
    factor: Fraction | None


@dataclass(frozen=True, slots=True)
class NodeResult:
    """One criterion's or group's result.

    `before` is the value before cap, floor, overrides and rounding; weights stand with the parts of the groups above,
    for a node may be in several.
    """

    id: str
    kind: Literal["criterion", "group"]
    state: NodeState
    value: Fraction | None
    attainable: Fraction | None
    before: Fraction | None
    reasons: tuple[Reason, ...]
    decided_by: tuple[str, ...]
    parts: tuple[Part, ...]
    rubric: Rubric = field(compare=False, repr=False)

    @property
    def code(self) -> str:
        """The code of what decided: the last thing that changed the result, rounding aside."""
        codes = [reason.code for reason in self.reasons if reason.code != "rounded"]
        return codes[-1]

    def because(self, lang: str) -> str:
        return " ".join(self.lines(lang))

    def lines(self, lang: str) -> list[str]:
        """A sentence a reason, in the order in which they applied."""
        return because.node(self.rubric, self.id, [(reason.code, dict(reason.params)) for reason in self.reasons], lang)


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome for one criterion; `answer` is the counted answer as text."""

    id: str
    outcome: Outcome
    state: AnswerState
    answer: str | None
    points: Fraction | None
    attainable: Fraction | None
    reasons: tuple[Reason, ...]
    rubric: Rubric = field(compare=False, repr=False)

    def because(self, lang: str) -> str:
        reasons = [(reason.code, dict(reason.params)) for reason in self.reasons]
        return " ".join(because.node(self.rubric, self.id, reasons, lang))


@dataclass(frozen=True, slots=True)
class EssentialResult:
    """Whether an essential criterion is met; `code` tells what decided."""

    id: str
    outcome: EssentialOutcome
    code: str
    rubric: Rubric = field(compare=False, repr=False)

    def because(self, lang: str) -> str:
        return because.essential(self.rubric, self.id, self.outcome, self.code, lang)


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of a rung. `id` is the node or criterion; `index` counts free conditions; `found` what there was.

    `from_rung` is the rung that states it: a lower one when demands build up.
    """

    kind: ConditionKind
    id: str
    index: int
    from_rung: str
    held: bool
    code: str
    found: Fraction | None
    scale: str
    rubric: Rubric = field(compare=False, repr=False)

    def says(self, lang: str) -> str:
        """The condition itself, in words."""
        return because.condition(self.rubric, self.scale, self.from_rung, self.kind, self.id, self.index, lang)

    def because(self, lang: str) -> str:
        """The condition with what was found."""
        found = None if self.found is None else number(self.found, *limits(self.rubric, self.id))
        return because.condition_found(self.says(lang), self.kind, self.code, held=self.held, found=found, lang=lang)


@dataclass(frozen=True, slots=True, eq=False)
class RungResult:
    """A rung with all its conditions; equal when the same ones hold and the same ones do not."""

    id: str
    reached: bool
    conditions: tuple[ConditionResult, ...]

    @property
    def held(self) -> tuple[ConditionResult, ...]:
        return tuple(one for one in self.conditions if one.held)

    @property
    def unmet(self) -> tuple[ConditionResult, ...]:
        return tuple(one for one in self.conditions if not one.held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RungResult) and self._split() == other._split()

    def __hash__(self) -> int:
        return hash(self._split())

    def _split(self) -> tuple[object, ...]:
        return (self.id, self.held, self.unmet)


@dataclass(frozen=True, slots=True)
class LevelResult:
    """`reached` is the best rung whose needs all hold; `next` the one above it (None at the top)."""

    id: str
    reached: str | None
    next: str | None
    rungs: tuple[RungResult, ...]

    def rung(self, rung: str) -> RungResult:
        return next(result for result in self.rungs if result.id == rung)

    @property
    def stopping(self) -> tuple[ConditionResult, ...]:
        """What stops the next rung."""
        return self.rung(self.next).unmet if self.next is not None else ()
