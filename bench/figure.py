"""One measured ratio, as every benchmark gives it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`unit` says what contender and reference count; `holds` whether the target is met."""

    id: str
    what: str
    contender: float
    reference: float
    unit: str
    ratio: float
    target: str
    holds: bool
