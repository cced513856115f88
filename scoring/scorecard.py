"""The frozen scorecard: everything that came out for one subject, as canonical JSON with its SHA-256."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from scoring import codec
from scoring.results import Basis, EssentialResult, Finding, LevelResult, NodeResult, Part
from scoring.rubric import Rubric

Make = Callable[[str], Mapping[str, object]]
"""Makes the part of a name."""
_PARTS = frozenset({"nodes", "findings", "essentials", "levels"})


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The whole result; equal inputs give equal bytes. `make` makes a part that has no value yet."""

    rubric: Rubric = field(compare=False, repr=False)
    subject: str
    basis: Basis
    nodes: Mapping[str, NodeResult]
    findings: Mapping[str, Finding]
    essentials: Mapping[str, EssentialResult]
    levels: Mapping[str, LevelResult]
    make: Make | None = field(init=False, default=None, compare=False, repr=False)

    def __getattr__(self, name: str) -> object:
        """Called for what has no value yet: whoever scores many reads little of each, so a compiled rubric makes a part
        when it is first read.
        """
        if name not in _PARTS:
            raise AttributeError(f"a scorecard has no {name!r}", name=name, obj=self)
        made = cast("Make", self.make)(name)
        object.__setattr__(self, name, made)
        return made

    def __reduce__(self) -> tuple[object, ...]:
        """Copies and other processes get the parts, not what makes them."""
        parts = (self.nodes, self.findings, self.essentials, self.levels)
        return Scorecard, (self.rubric, self.subject, self.basis, *parts)

    @classmethod
    def made_when_read(cls, rubric: Rubric, subject: str, basis: Basis, make: Make) -> "Scorecard":
        card: Any = _Open()
        card.rubric, card.subject, card.basis, card.make = rubric, subject, basis, make
        card.__class__ = cls
        return cast("Scorecard", card)

    def contributions(self, node: str) -> dict[str, Fraction]:
        """What each leaf adds to a node's value; together exactly the value.

        A node that changed its own value (cap, floor, override, rounding) or does not add (a geometric mean)
        appears under its own name with the difference. Empty when the node has no result.
        """
        result = self.nodes[node]
        if result.value is None:
            return {}
        if not result.parts:
            return {node: result.value}
        shares: dict[str, Fraction] = {}
        for part in result.parts:
            for leaf, amount in self._part(part).items():
                shares[leaf] = shares.get(leaf, Fraction(0)) + amount
        own = result.value - sum(shares.values(), Fraction(0))
        if own:
            shares[node] = shares.get(node, Fraction(0)) + own
        return shares

    def _part(self, part: Part) -> dict[str, Fraction]:
        if part.factor is None:
            return {}
        if self.nodes[part.child].value != part.value:
            return {part.child: part.value * part.factor}
        return {leaf: amount * part.factor for leaf, amount in self.contributions(part.child).items()}

    def canonical_json(self) -> bytes:
        """Codes, names and exact numbers, no sentences: sorted keys, no spaces, UTF-8 (docs/rubrics.md)."""
        return codec.dump(
            self.rubric, codec.Parts(self.nodes, self.findings, self.essentials, self.levels), self.subject, self.basis
        )

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical_json()).hexdigest()

    @staticmethod
    def from_json(data: bytes | str, rubric: Rubric) -> "Scorecard":
        """The scorecard back from its canonical JSON; the rubric must be the one it was made with."""
        subject, basis, parts = codec.read(data, rubric)
        return Scorecard(rubric, subject, basis, parts.nodes, parts.findings, parts.essentials, parts.levels)


class _Open:
    """A scorecard's twin while it is made: it has no values yet, and may be given some."""

    __slots__ = Scorecard.__slots__
