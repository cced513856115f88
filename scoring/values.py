"""Raw values to typed ones: what a text, number, date or list means for a fact or an answer."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring import numbers
from scoring.condition import Value
from scoring.errors import ValueRefusedError
from scoring.numbers import AS_USUAL, Written
from scoring.rubric import ValueType
from scoring.text import Text

YES_NO: Mapping[str, Text] = {"yes": Text("បាទ/ចាស", "yes"), "no": Text("ទេ", "no")}
SEPARATOR = ";"
_MAX_TEXT = 20_000


def read(
    raw: object,
    kind: ValueType,
    options: Mapping[str, Text],
    exclusive: tuple[str, ...] = (),
    written: Written = AS_USUAL,
) -> Value:
    """The typed value; raises ValueRefusedError (wrong_type, unknown_option, too_large, bad_date, exclusive_option)."""
    if isinstance(raw, float):
        raise ValueRefusedError("wrong_type", "binary floating point is not exact; give the number as text")
    if kind == "number":
        return _number(raw, written)
    if kind == "date":
        return _date(raw)
    if kind == "choices":
        return _choices(raw, options, exclusive)
    if kind == "choice":
        return _option(_word(raw), options)
    if kind == "yes_no":
        word = ("yes" if raw else "no") if isinstance(raw, bool) else _word(raw).casefold()
        return _option({"true": "yes", "false": "no"}.get(word, word), YES_NO)
    return _given(raw)


def _given(raw: object) -> str:
    if isinstance(raw, list | tuple | set | frozenset):
        return SEPARATOR.join(sorted(_word(item) for item in raw))
    text = str(raw).strip() if isinstance(raw, date | Decimal | Fraction) else _word(raw)
    if len(text) > _MAX_TEXT:
        raise ValueRefusedError("too_large", f"a text may have at most {_MAX_TEXT} characters")
    return text


def _word(raw: object) -> str:
    if isinstance(raw, str):
        return raw.strip()
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, int | Decimal):
        return numbers.show(_number(raw))
    raise ValueRefusedError("wrong_type", f"a text is needed, not {type(raw).__name__}")


def _number(raw: object, written: Written = AS_USUAL) -> Fraction:
    if isinstance(raw, bool) or not isinstance(raw, str | int | Fraction | Decimal):
        raise ValueRefusedError("wrong_type", f"a number is needed, not {type(raw).__name__}")
    if isinstance(raw, Fraction):
        found: Fraction | None = raw
    elif isinstance(raw, int):
        found = Fraction(raw)
    else:
        found = written.parse(raw) if isinstance(raw, str) else numbers.parse(str(raw))
    if found is None:
        raise ValueRefusedError("wrong_type", "a number such as 12, 0.5 or 1/3 is needed")
    if abs(found.numerator) >= numbers.LIMIT or found.denominator >= numbers.LIMIT:
        raise ValueRefusedError("too_large", "the number has too many digits")
    return found


def _date(raw: object) -> date:
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    try:
        text = numbers.latin_digits(_word(raw))
        if len(text) != len("2026-01-31"):
            raise ValueRefusedError("bad_date", "a date is written 2026-01-31")
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueRefusedError("bad_date", "a date is written 2026-01-31") from error


def _choices(raw: object, options: Mapping[str, Text], exclusive: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(raw, str):
        words = [word.strip() for word in raw.split(SEPARATOR) if word.strip()]
    elif isinstance(raw, list | tuple | set | frozenset):
        words = [_word(item) for item in raw]
    else:
        raise ValueRefusedError("wrong_type", "a list of options is needed")
    chosen = {_option(word, options) for word in words}
    for option in exclusive:
        if option in chosen and len(chosen) > 1:
            raise ValueRefusedError("exclusive_option", f"{option!r} cannot be chosen together with another option")
    return tuple(sorted(chosen))


def _option(word: str, options: Mapping[str, Text]) -> str:
    if word in options:
        return word
    number = numbers.parse(word)
    same = [option for option in options if number is not None and numbers.parse(option) == number]
    if len(same) == 1:
        return same[0]
    shown = ", ".join(list(options)[:12]) + (", …" if len(options) > 12 else "")
    raise ValueRefusedError("unknown_option", f"no such option; there are: {shown}")
