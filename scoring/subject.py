"""Who is scored: facts, answers, evidence and a reviewer's rulings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

RawValue = str | int | Fraction | Decimal | date | bool | list[str] | tuple[str, ...] | frozenset[str] | set[str] | None
EvidenceState = Literal["given", "accepted", "refused"]
EVIDENCE_STATES: tuple[EvidenceState, ...] = ("given", "accepted", "refused")


class Files(NamedTuple):
    """How many files were given and how many of them a reviewer accepted."""

    given: int
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """A reviewer's verdict on one answer; `value` replaces it, `essential` decides a discretionary one."""

    verdict: Literal["confirm", "adjust", "not_supported"] | None = None
    value: RawValue = None
    evidence: Literal["accepted", "refused"] | None = None
    not_applicable: Literal["accepted", "refused"] | None = None
    essential: Literal["pass", "fail"] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Values are text, whole numbers, Fraction, Decimal, date, bool or option codes; never binary floating point."""

    facts: Mapping[str, RawValue] = field(default_factory=dict)
    answers: Mapping[str, RawValue] = field(default_factory=dict)
    evidence: Mapping[str, EvidenceState | Files] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    not_applicable: frozenset[str] | set[str] = frozenset()
    id: str = ""
