"""Two editions side by side: which questions are the same, reworded, new or gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from questionnaires.model import Edition, Question

Change = Literal["same", "reworded", "new", "gone"]

_WORDS = ("title", "text", "help", "evidence", "not_applicable")
_FORM = ("kind", "choose_at_least", "length", "number", "date")


@dataclass(frozen=True, slots=True)
class Difference:
    """One question in two editions.

    ``same``: an answer may be carried over as it is. ``reworded``: the answer is shown again and must be confirmed.
    """

    question: str
    change: Change
    what: tuple[str, ...] = ()
    """What differs: title, text, help, options, evidence, not_applicable, kind and its rules, asked, points."""
    answer_fits: bool = False
    """An answer to the old question is still an answer to the new one (same kind, no option gone)."""


def compare(old: Edition, new: Edition) -> tuple[Difference, ...]:
    """Every question of either edition: those of the new one in its order, then those that are gone."""
    before = {question.id: question for question in old.questions}
    found = [_difference(before.pop(question.id, None), question) for question in new.questions]
    return (*found, *(Difference(name, "gone") for name in before))


def _difference(old: Question | None, new: Question) -> Difference:
    if old is None:
        return Difference(new.id, "new")
    what = tuple(_what(old, new))
    return Difference(new.id, "reworded" if what else "same", what, _fits(old, new))


def _what(old: Question, new: Question) -> Iterator[str]:
    for name in (*_WORDS, *_FORM):
        if getattr(old, name) != getattr(new, name):
            yield name
    if old.options != new.options:
        yield "options"
    if (old.asked_if and old.asked_if.en) != (new.asked_if and new.asked_if.en):
        yield "asked"
    if old.rule != new.rule:
        yield "points"


def _fits(old: Question, new: Question) -> bool:
    gone: set[Any] = {option.value for option in old.options} - {option.value for option in new.options}
    return old.kind == new.kind and not gone
