"""Exact numbers: read from text, rounded only where a rubric says so, roots and logarithms to declared digits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Literal

Rounding = Literal["half_up", "half_even", "down", "up"]
ROUNDINGS: tuple[Rounding, ...] = ("half_up", "half_even", "down", "up")

MAX_DIGITS = 40
LIMIT = 10 ** (2 * MAX_DIGITS)
_DECIMAL = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)
_RATIO = re.compile(r"([+-]?\d{1,40})/(\d{1,40})", re.ASCII)
_MAX_EXPONENT = 30
_LATIN, _KHMER = "0123456789", "០១២៣៤៥៦៧៨៩"
_TO_KHMER, _TO_LATIN = str.maketrans(_LATIN, _KHMER), str.maketrans(_KHMER, _LATIN)
# Spaces that keep digits together, the minus sign of printed tables, and Khmer digits.
_TYPESET = str.maketrans("\u00a0\u2009\u202f\u2212" + _KHMER, "   -" + _LATIN)
# Groups of three digits, or of two before the last three; "1,23" may mean 1.23 and is refused.
_GROUPS = re.compile(r"[+-]?\d{1,3}( \d{3})+|[+-]?\d{1,2}( \d{2})+ \d{3}", re.ASCII)


def parse(text: str) -> Fraction | None:
    """The exact number of a text ("85", "0.5", "1/3", "-2", "1e-05", "២.៥"); None when it is none or is too large."""
    text = text if text.isascii() else latin_digits(text)
    if ratio := _RATIO.fullmatch(text):
        return Fraction(int(ratio[1]), int(ratio[2])) if int(ratio[2]) else None
    found = _DECIMAL.fullmatch(text)
    if not found or abs(int((found[3] or "e0")[1:])) > _MAX_EXPONENT:
        return None
    return Fraction(text)


def khmer_digits(text: object) -> str:
    """The text with Khmer digits: ១២ for 12."""
    return str(text).translate(_TO_KHMER)


def latin_digits(text: str) -> str:
    """The text with the digits that calculating reads: 12 for ១២."""
    return text.translate(_TO_LATIN)


@dataclass(frozen=True, slots=True)
class Written:
    """How a file writes numbers: groups of digits, the decimal sign, and signs such as % that say nothing."""

    thousands: str = ""
    decimal: str = "."
    signs: tuple[str, ...] = ()

    def parse(self, text: str) -> Fraction | None:
        """The exact number of a text written in this way; None when it is not."""
        text = (text if text.isascii() else text.translate(_TYPESET)).strip()
        for sign in self.signs:
            text = text.removeprefix(sign).removesuffix(sign).strip()
        if self.thousands and self.thousands in text:
            whole, point, rest = text.partition(self.decimal)
            groups = whole.split(self.thousands)
            if not _GROUPS.fullmatch(" ".join(groups)) or any(" " in group for group in groups):
                return None
            text = "".join(groups) + point + rest
        if self.decimal != ".":
            text = "" if "." in text else text.replace(self.decimal, ".")
        return parse(text)


AS_USUAL = Written()


def show(number: Fraction) -> str:
    """The canonical text: "85", "1/3"; reading it gives the same number."""
    return str(number)


def exact(number: Fraction) -> str:
    """Without any rounding: a decimal where there is one ("7.5"), else a fraction ("20/3")."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return plain(number, max(twos, fives)) if rest == 1 else show(number)


def display(number: Fraction, places: int = 2, beside: Iterable[Fraction] = ()) -> str:
    """For people: rounded half up to `places` decimals, without trailing zeros.

    More decimals where fewer would move the number to another side of 0 or of a number it is shown `beside`.
    """
    limits = (Fraction(0), *beside)
    if number in limits:
        return exact(number)
    while True:
        text = plain(number, places)
        shown = Fraction(text)
        if all((shown > limit, shown < limit) == (number > limit, number < limit) for limit in limits):
            return text.rstrip("0").rstrip(".") if "." in text else text
        places += 1


def gap(number: Fraction, limit: Fraction, places: int = 2, beside: Iterable[Fraction] = ()) -> str:
    """How far a number is from a limit, for people: added to the number as shown it gives the limit."""
    missing = exact(abs(limit - Fraction(display(number, places, (limit, *beside)))))
    return display(Fraction(missing), places) if "/" in missing else missing


def mark(number: Fraction, *limits: Fraction) -> int:
    """Where a number from 0 to 100 stands on a ruler: at the mark of a limit, and of 100, only when it is reached."""
    short = [_units(limit, 0, "half_up") - 1 for limit in (*limits, Fraction(100)) if number < limit]
    return max(0, min(100, _units(number, 0, "half_up"), *short))


def plain(number: Fraction, places: int) -> str:
    """A number with exactly `places` decimals, rounded half up."""
    units = _units(number, places, "half_up")
    digits = str(abs(units)).rjust(places + 1, "0")
    sign = "-" if units < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def round_to(number: Fraction, digits: int, how: Rounding) -> Fraction:
    """`half_up` and `up` move away from zero, `down` towards it; half_even as in accounting."""
    return Fraction(_units(number, digits, how), 10**digits)


def _units(number: Fraction, digits: int, how: Rounding) -> int:
    """How many units of the last digit."""
    bottom, scale = number.denominator, int(10**digits)
    whole, rest = divmod(abs(number.numerator) * scale, bottom)
    if how == "up":
        whole += rest > 0
    elif how == "half_up":
        whole += 2 * rest >= bottom
    elif how == "half_even":
        whole += 2 * rest > bottom or (2 * rest == bottom and whole % 2 == 1)
    return -whole if number < 0 else whole


def logarithm(number: Fraction, digits: int) -> Fraction:
    """Natural logarithm, correctly rounded (half even) to `digits` significant digits; `number` must be above 0.

    The ratio is first written with twice the digits, so that the last digit never depends on the platform.
    """
    wide = Context(prec=2 * digits + MAX_DIGITS)
    value = wide.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Fraction(Context(prec=digits, rounding=ROUND_HALF_EVEN).ln(value))


def whole_root(number: int, degree: int) -> int:
    """The largest whole number whose power `degree` is not above `number` (Newton's method on integers)."""
    if number < 2:
        return number
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def root(number: Fraction, degree: int, digits: int) -> Fraction:
    """The root of a number not below 0: exact when it is rational, else rounded half even to `digits` decimals."""
    top, bottom = whole_root(number.numerator, degree), whole_root(number.denominator, degree)
    if top**degree == number.numerator and bottom**degree == number.denominator:
        return Fraction(top, bottom)
    scale = 10**digits
    low = whole_root(number.numerator * scale**degree // number.denominator, degree)
    # An irrational root is never exactly half way between two decimals: comparing with the middle decides.
    above = Fraction(2 * low + 1, 2 * scale) ** degree < number
    return Fraction(low + above, scale)


def common_whole(weights: list[Fraction]) -> list[int]:
    """The smallest whole numbers in the same proportion as the weights (all above 0)."""
    bottom = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * bottom) for weight in weights]
    shared = gcd(*whole)
    return [number // shared for number in whole]
