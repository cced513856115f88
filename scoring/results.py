"""Parts of a result: nodes, findings, essentials and levels, each able to say why in Khmer and English."""

from fractions import Fraction
from typing import Literal, NamedTuple

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


class Reason(NamedTuple):
    """A code for programs and the figures its sentence needs."""

    code: str
    params: tuple[Param, ...] = ()


def reason(code: str, *params: Param) -> Reason:
    """A reason with its params by name, so that equal reasons have equal bytes."""
    return Reason(code, tuple(sorted(params)) if len(params) > 1 else params)


class Part(NamedTuple):
    """One counted child: `value` × `factor` went into the group; no factor when the group does not add."""

    child: str
    weight: Fraction
    value: Fraction
    factor: Fraction | None


class NodeResult(NamedTuple):
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
    rubric: Rubric

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


class Finding(NamedTuple):
    """The outcome for one criterion; `answer` is the counted answer as text."""

    id: str
    outcome: Outcome
    state: AnswerState
    answer: str | None
    points: Fraction | None
    attainable: Fraction | None
    reasons: tuple[Reason, ...]
    rubric: Rubric

    def because(self, lang: str) -> str:
        reasons = [(reason.code, dict(reason.params)) for reason in self.reasons]
        return " ".join(because.node(self.rubric, self.id, reasons, lang))


class EssentialResult(NamedTuple):
    """Whether an essential criterion is met; `code` tells what decided."""

    id: str
    outcome: EssentialOutcome
    code: str
    rubric: Rubric

    def because(self, lang: str) -> str:
        return because.essential(self.rubric, self.id, self.outcome, self.code, lang)


class ConditionResult(NamedTuple):
    """One condition of a rung. `id` is the node or criterion; `position` counts free conditions.

    `found` is the value that was compared with a limit; `from_rung` the rung that states the condition: a lower one
    when demands build up.
    """

    kind: ConditionKind
    id: str
    position: int
    from_rung: str
    held: bool
    code: str
    found: Fraction | None
    scale: str
    rubric: Rubric

    def says(self, lang: str) -> str:
        """The condition itself, in words."""
        return because.condition(self.rubric, self.scale, self.from_rung, self.kind, self.id, self.position, lang)

    def because(self, lang: str) -> str:
        """The condition with what was found."""
        found = None if self.found is None else number(self.found, *limits(self.rubric, self.id))
        return because.condition_found(self.says(lang), self.kind, self.code, held=self.held, found=found, lang=lang)


class RungResult(NamedTuple):
    """A rung with the conditions that hold and those that do not, each in the rung's order."""

    id: str
    reached: bool
    held: tuple[ConditionResult, ...]
    unmet: tuple[ConditionResult, ...]

    @property
    def conditions(self) -> tuple[ConditionResult, ...]:
        return self.held + self.unmet


class LevelResult(NamedTuple):
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
