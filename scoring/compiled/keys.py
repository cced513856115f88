"""Keys of rows: what tells raw answers, facts, evidence and rulings apart, and nothing else."""

from datetime import date
from typing import Any

from scoring.errors import ScoringError, ValueRefusedError
from scoring.points import age_between
from scoring.rubric import Answer, Rubric
from scoring.rules import AgeUnit
from scoring.subject import Files, Ruling
from scoring.values import read

VALUE = object()
"""Stands in a key for any value whose content nothing looks at, and before one claimed not to apply."""
HIDDEN = object()
"""The key of an answer that is not asked."""
AGED = object()
"""Stands in a key before an age."""
OTHER = object()
"""Stands in a key before values that are no words or days, so that no raw value finds the row of another type."""
PLAIN = 40


class LeaveError(Exception):
    """This subject is for the plain code."""


def key(raw: object) -> object:
    """What tells raw values apart: 1, "1" and true are three things, a list and a tuple of words are one."""
    if raw is None or raw.__class__ is str or raw.__class__ is date:
        return raw
    if raw.__class__ is tuple and is_skipped(raw):
        return (VALUE, key(raw[1]))
    if isinstance(raw, list | tuple):
        found: tuple[object, ...] = tuple(raw)
    elif isinstance(raw, set | frozenset):
        found = tuple(sorted(raw))
    else:
        return (OTHER, raw.__class__, raw)
    if not all(item.__class__ is str for item in found):
        raise LeaveError
    return found


def age_key(raw: date, on: date, unit: AgeUnit) -> object:
    """An age instead of a day; a day still to come stays, whatever comes of it."""
    return raw if raw > on else (AGED, age_between(unit, raw, on))


def is_skipped(raw: tuple[object, ...]) -> bool:
    return len(raw) > 1 and raw[0] is VALUE


def ruling_key(ruling: Ruling) -> object:
    decided = bool(ruling.reason.strip()) if ruling.essential else None
    return (ruling.verdict, key(ruling.value), ruling.evidence, ruling.not_applicable, ruling.essential, decided)


def is_plain(part: object) -> bool:
    """Words, days and files: no raw value of another type equals them, so rows are kept under them as they are."""
    kind = part.__class__
    if kind is tuple:
        return part[:1] == (AGED,) or all(map(is_plain, part))  # type: ignore[index, call-overload]
    return part is None or kind is str or kind is date or kind is Files or part is VALUE or part is HIDDEN


def unread(raw: Any, answer: Answer, rubric: Rubric) -> object:
    """The key of an answer whose content nothing looks at: states keep their word, everything readable is one."""
    if raw is None or (isinstance(raw, str) and raw.strip() in rubric.words):
        return raw
    if isinstance(raw, tuple) and is_skipped(raw):
        return (VALUE, unread(raw[1], answer, rubric))
    if isinstance(raw, list | tuple | set | frozenset) and not raw:
        return ()
    if answer.type == "number" and raw.__class__ is str and len(raw) < PLAIN and raw.isascii() and raw.isdigit():
        return VALUE
    try:
        read(raw, answer.type, answer.options, answer.exclusive, rubric.written)
    except (ScoringError, ValueRefusedError) as error:
        raise LeaveError from error
    return VALUE
