"""Typed answers by question kind: from what a form sends, and to and from JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias

from questionnaires import typed
from questionnaires.errors import AnswerError
from questionnaires.messages import message
from questionnaires.text import Text
from questionnaires.wording import CHOICES, Kind, QuestionText

NO_CASE: Final = "no_case"
"""The answer to a number question whose empty box says that there was no case."""
GIVEN: Final = "given"
"""The answer to a file question: the files themselves are its evidence."""

Value: TypeAlias = str | int | Decimal | date | tuple[str, ...]
"""str: an option, an address, a text, NO_CASE or GIVEN; tuple: options in the order of the question."""

FIRST_YEAR, LAST_YEAR = 1990, 2199


@dataclass(frozen=True, slots=True)
class Reply:
    """All an officer says to one question; ``value`` None is unanswered."""

    value: Value | None = None
    not_applicable: bool = False
    justification: str = ""
    comment: str = ""


def refuse(question: QuestionText, code: str, **values: Text | str | int | Decimal) -> AnswerError:
    """The error for one question, its message filled."""
    return AnswerError(code, question.id, message(code, **values))


def parse(question: QuestionText, typed_in: Sequence[str]) -> Value | None:
    """The answer a form's strings give; None when nothing was given. Raises AnswerError.

    ``typed_in`` holds every string sent under the question's name: three for a date typed into three boxes
    (day, month, year), one for each chosen option, else one.
    """
    given = [text for text in typed_in if text.strip()]
    if not given:
        return NO_CASE if question.number and question.number.empty_means and typed_in else None
    if question.kind == "date":
        return _date(question, typed_in)
    if question.kind == "multiple_choice":
        return _several(question, given)
    if len(given) > 1:
        raise refuse(question, "one_only" if question.kind in CHOICES else "wrong_form")
    return _SINGLE[question.kind](question, given[0])


def _one(question: QuestionText, text: str) -> str:
    if all(option.value != text for option in question.options):
        raise refuse(question, "unknown_option")
    return text


def _several(question: QuestionText, texts: Sequence[str]) -> tuple[str, ...]:
    chosen = {_one(question, text) for text in texts}
    alone = next((option for option in question.options if option.exclusive and option.value in chosen), None)
    if alone and len(chosen) > 1:
        raise refuse(question, "exclusive_option", option=alone.label)
    if len(chosen) < (question.choose_at_least or 1):
        raise refuse(question, "too_few_options", least=question.choose_at_least or 1)
    return tuple(option.value for option in question.options if option.value in chosen)


def _number(question: QuestionText, text: str) -> int | Decimal:
    value = typed.number(text)
    if value is None:
        raise refuse(question, "not_a_number")
    return _within(question, value)


def _within(question: QuestionText, value: int | Decimal) -> int | Decimal:
    rules = question.number
    if rules is None:
        return value
    if rules.integer and not isinstance(value, int):
        raise refuse(question, "not_whole")
    if rules.min is not None and value < rules.min:
        raise refuse(question, "number_too_small", least=rules.min)
    if rules.max is not None and value > rules.max:
        raise refuse(question, "number_too_large", most=rules.max)
    return value


def _date(question: QuestionText, texts: Sequence[str]) -> date:
    parts = typed.date_parts(texts)
    if parts is None:
        raise refuse(question, "not_a_date")
    if not all(parts):
        raise refuse(question, "date_incomplete")
    if parts[0].isascii() and parts[0].isdecimal() and not FIRST_YEAR <= int(parts[0]) <= LAST_YEAR:
        raise refuse(question, "year_out_of_range")
    found = typed.calendar_date(*parts)
    if found is None:
        raise refuse(question, "not_a_date")
    return found


def _address(question: QuestionText, text: str) -> str:
    address = typed.web_address(text)
    if address is None:
        raise refuse(question, "not_a_web_address")
    return address


def _text(question: QuestionText, text: str) -> str:
    tidied = typed.tidy(text)
    least, most = (question.length.min, question.length.max) if question.length else (1, 4000)
    if typed.length(tidied) < least:
        raise refuse(question, "text_too_short", least=least)
    if (count := typed.weight(tidied)) > most:
        raise refuse(question, "text_too_long", count=count, most=most)
    return tidied


def _file(question: QuestionText, text: str) -> str:
    if text != GIVEN:
        raise refuse(question, "wrong_form")
    return GIVEN


_SINGLE: Mapping[Kind, Callable[[QuestionText, str], Value]] = {
    "single_choice": _one,
    "yes_partial_no": _one,
    "number": _number,
    "url": _address,
    "text": _text,
    "file": _file,
}


def dump(value: Value) -> str | list[str]:
    """The JSON form: a string, or a list of options. Numbers are strings, so that no reader rounds them."""
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def load(question: QuestionText, stored: Any) -> Value:
    """The answer a JSON form stands for; raises AnswerError when it is none of this question."""
    strings = [stored] if isinstance(stored, str) else stored
    if not isinstance(strings, list) or not all(isinstance(text, str) for text in strings):
        raise refuse(question, "wrong_form")
    if question.number and question.number.empty_means and strings == [NO_CASE]:
        return NO_CASE
    if isinstance(stored, list) != (question.kind == "multiple_choice"):
        raise refuse(question, "wrong_form")
    value = parse(question, strings)
    if value is None:
        raise refuse(question, "wrong_form")
    return value


def typed_form(value: Value | None) -> list[str]:
    """The strings a form shows for an answer: what ``parse`` would read back."""
    if value is None or value == NO_CASE:
        return []
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date):
        return [str(value.day), str(value.month), str(value.year)]
    return [str(value)]


def check_reply(question: QuestionText, reply: Reply, *, least: int) -> None:
    """Refuses a claim of not applicable that the question does not allow or that says too little why."""
    if not reply.not_applicable:
        return
    if question.not_applicable is None:
        raise refuse(question, "not_applicable_refused")
    if typed.length(typed.tidy(reply.justification)) < least:
        raise refuse(question, "justification_too_short", least=least)
