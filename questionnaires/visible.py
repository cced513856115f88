"""What conditions see while the questions are gone through in order."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from fractions import Fraction

from questionnaires.answers import Reply, Value
from questionnaires.facts import Facts
from questionnaires.model import Edition, Question
from scoring.condition import Ref, holds
from scoring.condition import Value as Seen

NOTHING = Reply()


class View:
    """What conditions see: facts, and the answers of the questions that are asked so far."""

    def __init__(self, edition: Edition, facts: Facts, confirmed: Collection[str]) -> None:
        self.edition, self.facts, self.confirmed = edition, facts, confirmed
        self.answers: dict[str, Seen] = {}
        self.states: dict[str, str] = {}
        self.given: dict[str, Value] = {}

    def __call__(self, ref: Ref, _may_be_missing: bool = True) -> Seen | None:
        """A fact nobody told, or an answer not given, makes a test false."""
        if ref.kind == "fact":
            known = self.facts.value(ref.id)
            return self.edition.rubric.facts[ref.id].default if known is None else known
        if ref.kind == "answer":
            return self.answers.get(ref.id)
        if ref.kind == "state":
            return self.states.get(ref.id)
        if ref.kind == "ruling":
            return "confirm" if ref.id in self.confirmed else None
        return None

    def as_given(self, ref: Ref, _may_be_missing: bool = True) -> Seen | None:
        """As conditions see it, but an answer is what was given, not what it counts as."""
        if ref.kind == "answer":
            return seen(self.given[ref.id]) if ref.id in self.given else None
        return self(ref)

    def is_asked(self, question: Question) -> bool:
        return question.asked_when is None or holds(question.asked_when, self)

    def add(self, question: Question, reply: Reply) -> None:
        """A claim of not applicable hides the answer, whatever was typed before."""
        if reply.not_applicable:
            self.states[question.id] = "not_applicable"
        elif reply.value is None:
            self.states[question.id] = "unanswered"
        else:
            self.states[question.id] = "value"
            self.given[question.id] = reply.value
            self.answers[question.id] = self._counts_as(question, reply.value)

    def _counts_as(self, question: Question, value: Value) -> Seen:
        if isinstance(value, str) and question.id not in self.confirmed:
            for option in question.options:
                if option.value == value and option.counts_as_until_confirmed:
                    return option.counts_as_until_confirmed
        return seen(value)


def seen(value: Value) -> Seen:
    """An answer as conditions see it: exact numbers as fractions."""
    return Fraction(value) if isinstance(value, int | Decimal) else value
