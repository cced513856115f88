"""One predicate language to ask, to apply and to grant; every condition says itself in Khmer and English."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, cast

from scoring.links import has_link
from scoring.text import Text, join, length

Value = Fraction | str | date | tuple[str, ...]
Kind = Literal["fact", "answer", "node", "ruling", "evidence", "essential", "state", "level"]
KINDS: tuple[Kind, ...] = ("fact", "answer", "node", "ruling", "evidence", "essential", "state", "level")
EdgeOp = Literal["at_least", "above", "at_most", "below"]
EDGES: tuple[EdgeOp, ...] = ("at_least", "above", "at_most", "below")
TextOp = Literal["contains", "starts_with", "has_link", "length"]
TEXT_OPS: tuple[TextOp, ...] = ("contains", "starts_with", "has_link", "length")
Op = EdgeOp | TextOp | Literal["is", "in", "any_of", "all_of", "answered"]


@dataclass(frozen=True, slots=True)
class Ref:
    """What a test looks at: a fact, an answer, a node's result, a ruling, evidence, an essential, a state, a level."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A limit: `at_least 5` takes 5 in, `above 5` leaves it out; likewise `at_most` and `below`."""

    op: EdgeOp
    number: Fraction

    def holds(self, value: Fraction) -> bool:
        return _compare(self.op, value, self.number)


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison; false for a value that is missing, hidden or not applicable (`answered: no` is then true).

    `denies` says the opposite; None with words of the author's own.
    """

    ref: Ref
    op: Op
    wanted: "Fraction | date | tuple[str, ...] | Edge"
    says: Text
    denies: Text | None = None
    ranks: tuple[str, ...] = ()

    def holds(self, value: Value | None) -> bool:
        if self.op == "answered":
            return (value is not None) == (self.wanted == ("yes",))
        return value is not None and _test(self, value)


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Condition", ...]
    says: Text


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]
    says: Text


@dataclass(frozen=True, slots=True)
class Not:
    part: "Condition"
    says: Text


Condition = Test | All | AnyOf | Not
Look = Callable[[Ref, bool], Value | None]


def holds(condition: Condition, look: Look) -> bool:
    """Whether the condition is true for what `look(ref, may_be_missing)` finds."""
    if isinstance(condition, Test):
        return condition.holds(look(condition.ref, condition.op == "answered"))
    if isinstance(condition, All):
        return all(holds(part, look) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(holds(part, look) for part in condition.parts)
    return not holds(condition.part, look)


def tests(condition: Condition | None) -> Iterator[Test]:
    """Every comparison inside the condition, in its order."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.part)
    elif condition is not None:
        for part in condition.parts:
            yield from tests(part)


def refs(condition: Condition | None) -> Iterator[Ref]:
    """Everything the condition looks at."""
    return (test.ref for test in tests(condition))


def say(condition: Condition, lang: str) -> str:
    """The condition in words, without a full stop."""
    return condition.says[lang]


def _compare(op: EdgeOp | Op, value: Fraction, wanted: Fraction) -> bool:
    if op == "at_least":
        return value >= wanted
    if op == "above":
        return value > wanted
    if op == "at_most":
        return value <= wanted
    return value < wanted


def _test(test: Test, value: Value) -> bool:
    wanted = test.wanted
    if isinstance(wanted, Edge):
        return wanted.holds(Fraction(length(str(value))))
    if isinstance(wanted, tuple):
        return _test_words(test, value, wanted)
    if test.op == "is":
        return value == wanted
    return _compare(test.op, _line(value), _line(wanted))


def _line(value: Value) -> Fraction:
    """A number or a day as a point on a line; the loader lets nothing else be compared."""
    return Fraction(value.toordinal()) if isinstance(value, date) else Fraction(cast("Fraction", value))


def _test_words(test: Test, value: Value, wanted: tuple[str, ...]) -> bool:
    if test.op == "has_link":
        return has_link(str(value)) == (wanted == ("yes",))
    if test.op == "starts_with":
        return str(value).startswith(wanted)
    if test.op == "contains":
        return any(word in str(value) for word in wanted)
    if test.ranks:
        return _compare(test.op, Fraction(test.ranks.index(str(value))), Fraction(test.ranks.index(wanted[0])))
    chosen = value if isinstance(value, tuple) else (value,)
    if test.op == "all_of":
        return all(word in chosen for word in wanted)
    return any(word in chosen for word in wanted)


def all_of(parts: tuple[Condition, ...]) -> All:
    return All(parts, join([_inside(part) for part in parts], " ហើយ ", ", and "))


def any_of(parts: tuple[Condition, ...]) -> AnyOf:
    return AnyOf(parts, join([_inside(part) for part in parts], " ឬក៏ ", ", or "))


def negate(part: Condition) -> Not:
    inner = part
    while isinstance(inner, All | AnyOf) and len(inner.parts) == 1 and inner.says == inner.parts[0].says:
        inner = inner.parts[0]
    if isinstance(inner, Test) and inner.denies is not None:
        return Not(part, inner.denies)
    return Not(part, Text(f"មិនពិតទេដែលថា ({part.says.km})", f"it is not so that ({part.says.en})"))


def _inside(part: Condition) -> Text:
    """In brackets where the words have parts of their own, so that each tree says its own sentence."""
    if isinstance(part, All | AnyOf) and len(part.parts) == 1:
        return _inside(part.parts[0]) if part.says == part.parts[0].says else part.says
    if isinstance(part, All | AnyOf):
        return Text(f"({part.says.km})", f"({part.says.en})")
    return part.says
