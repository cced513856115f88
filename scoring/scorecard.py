"""The frozen scorecard: everything that came out for one subject, as canonical JSON with its SHA-256."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from scoring import codec
from scoring.results import Basis, EssentialResult, Finding, LevelResult, NodeResult, Part
from scoring.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The whole result; equal inputs give equal bytes."""

    rubric: Rubric = field(compare=False, repr=False)
    subject: str
    basis: Basis
    nodes: Mapping[str, NodeResult]
    findings: Mapping[str, Finding]
    essentials: Mapping[str, EssentialResult]
    levels: Mapping[str, LevelResult]

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
