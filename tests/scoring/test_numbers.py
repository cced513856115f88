"""Exact numbers: reading, rounding, roots, logarithms."""

from datetime import date
from fractions import Fraction
from math import isclose, log

import pytest

from scoring import numbers
from scoring.numbers import Written
from scoring.text import number, same
from scoring.values import read


@pytest.mark.parametrize(
    ("text", "value"),
    [("85", 85), ("0.1", "1/10"), ("1/3", "1/3"), ("-2.50", "-5/2"), (".5", "1/2"), ("1e-05", "1/100000"), ("+3", 3)],
)
def test_numbers_come_from_text(text: str, value: object) -> None:
    assert numbers.parse(text) == Fraction(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "NaN", "inf", "1,5", "1_000", "0x10", "1e31", "1/0", "9" * 41, "١", "1.2.3", "--1"]
)
def test_what_is_not_a_number(text: str) -> None:
    assert numbers.parse(text) is None


@pytest.mark.parametrize(
    ("value", "digits", "how", "rounded"),
    [
        ("2.5", 0, "half_up", 3),
        ("-2.5", 0, "half_up", -3),
        ("2.5", 0, "half_even", 2),
        ("3.5", 0, "half_even", 4),
        ("2.51", 0, "half_even", 3),
        ("2.9", 0, "down", 2),
        ("-2.9", 0, "down", -2),
        ("2.1", 0, "up", 3),
        ("2", 0, "up", 2),
        ("0.0125", 3, "half_up", "0.013"),
    ],
)
def test_rounding(value: str, digits: int, how: numbers.Rounding, rounded: object) -> None:
    assert numbers.round_to(Fraction(value), digits, how) == Fraction(str(rounded))


@pytest.mark.parametrize(
    ("value", "degree", "digits", "root"),
    [
        ("16", 2, 5, "4"),
        ("1/27", 3, 2, "1/3"),
        ("2", 2, 5, "1.41421"),
        ("3", 2, 2, "1.73"),
        ("0", 3, 5, "0"),
        ("0.5", 3, 3, "0.794"),
    ],
)
def test_roots(value: str, degree: int, digits: int, root: str) -> None:
    assert numbers.root(Fraction(value), degree, digits) == Fraction(root)


def test_logarithms_keep_their_digits() -> None:
    assert numbers.logarithm(Fraction(1), 30) == 0
    assert str(numbers.logarithm(Fraction(10), 10)) == str(Fraction("2.302585093"))
    assert isclose(float(numbers.logarithm(Fraction(1, 3), 30)), log(1 / 3))


def test_showing_numbers() -> None:
    assert [numbers.exact(Fraction(text)) for text in ("15/2", "20/3", "-1/8", "85")] == ["7.5", "20/3", "-0.125", "85"]
    assert [numbers.display(Fraction(text)) for text in ("2/3", "5", "-1/200", "0.005")] == [
        "0.67",
        "5",
        "-0.01",
        "0.01",
    ]
    assert (number(Fraction("85.8")).km, number(Fraction("85.8")).en) == ("៨៥.៨", "85.8")


def test_weights_as_small_whole_numbers() -> None:
    assert numbers.common_whole([Fraction("0.5"), Fraction("0.25"), Fraction(1)]) == [2, 1, 4]


@pytest.mark.parametrize(
    ("text", "number"), [("១២", 12), ("-០.៥", Fraction(-1, 2)), ("១/៣", Fraction(1, 3)), ("1២", 12), ("១e២", 100)]
)
def test_khmer_digits_are_digits(text: str, number: Fraction) -> None:
    assert numbers.parse(text) == number


def test_khmer_digits_in_cells() -> None:
    assert Written(",", ".", ("៛",)).parse("១៣,០១២.៥ ៛") == Fraction("13012.5")
    assert read("១០", "choice", {"5": same("5"), "10": same("10")}) == "10"
    assert read("២០២៦-០១-៣១", "date", {}) == date(2026, 1, 31)
    assert numbers.parse("១២x") is None
