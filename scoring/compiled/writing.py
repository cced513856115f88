"""Pieces of the text of a compiled rubric."""

from collections.abc import Iterable
from fractions import Fraction


def define(name: str, arguments: str, lines: Iterable[str]) -> str:
    """A function as text."""
    return f"def {name}({arguments}):\n" + "".join(f"    {line}\n" for line in lines)


def as_tuple(items: Iterable[str]) -> str:
    joined = ", ".join(items)
    return f"({joined},)" if joined else "()"


def as_number(exact: Fraction) -> str:
    whole = exact.denominator == 1
    return str(exact.numerator) if whole else f"Fraction({exact.numerator}, {exact.denominator})"
