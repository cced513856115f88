"""The frozen scorecard: everything that came out for one subject, as canonical JSON with its SHA-256."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from scoring import codec
from scoring.results import Basis, EssentialResult, Finding, LevelResult, NodeResult
from scoring.rubric import Rubric

_ZERO = Fraction(0)


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
        shares: dict[str, Fraction] = {}
        # From the top down, every node after all groups that count it, so that a node in many groups is walked once.
        factors = {node: Fraction(1)} if self.nodes[node].value is not None else {}
        for kind, name in reversed(self.rubric.order):
            factor = factors.pop(name, None) if kind == "node" else None
            if factor is not None:
                self._share_out(self.nodes[name], factor, shares, factors)
        return dict(sorted(shares.items()))

    def _share_out(
        self, result: NodeResult, factor: Fraction, shares: dict[str, Fraction], factors: dict[str, Fraction]
    ) -> None:
        """What a node's children are counted with; the rest of its value is its own."""
        own = cast("Fraction", result.value)
        for part in result.parts:
            if part.factor is None:
                continue
            own -= part.value * part.factor
            if self.nodes[part.child].value == part.value:
                factors[part.child] = factors.get(part.child, _ZERO) + factor * part.factor
            else:
                shares[part.child] = shares.get(part.child, _ZERO) + factor * part.factor * part.value
        if own or not result.parts:
            shares[result.id] = shares.get(result.id, _ZERO) + factor * own

    def canonical_json(self, form: int | None = None) -> bytes:
        """Codes, names and exact numbers, no sentences: sorted keys, no spaces, UTF-8 (docs/rubrics.md).

        `form` is an older format, in which the scorecard was stored.
        """
        parts = codec.Parts(self.nodes, self.findings, self.essentials, self.levels)
        return codec.dump(self.rubric, parts, self.subject, self.basis, form or codec.format_of(self.rubric))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical_json()).hexdigest()

    @staticmethod
    def from_json(data: bytes | str, rubric: Rubric) -> "Scorecard":
        """The scorecard back from its canonical JSON; the rubric must be the one it was made with."""
        subject, basis, parts = codec.read(data, rubric)
        return Scorecard(rubric, subject, basis, parts.nodes, parts.findings, parts.essentials, parts.levels)
