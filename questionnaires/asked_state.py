"""What conditions see of a company: the engine of scoring asks, this only puts the question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from questionnaires.answers import Reply, Value
from questionnaires.facts import Facts
from questionnaires.model import Edition, Question
from questionnaires.scorable import subject
from scoring import Ruling
from scoring.asking import ask
from scoring.condition import Condition, Ref, holds
from scoring.condition import Value as Seen
from scoring.results import Basis
from scoring.work import Work

NOTHING = Reply()


@dataclass(frozen=True)
class View:
    """The questions asked, in order, and what conditions see when all of them are gone through."""

    edition: Edition
    replies: Mapping[str, Reply]
    questions: tuple[Question, ...]
    facts: Facts
    given: Mapping[str, Value]
    """The answers to questions that are asked, as they were given."""
    work: Work

    def holds(self, condition: Condition) -> bool:
        """As conditions that ask see it: an option may count as another one until it is confirmed."""
        return self.work.asks(condition)

    def holds_as_given(self, condition: Condition) -> bool:
        """An answer is what was given, not what it counts as."""
        return holds(condition, self._as_given)

    def _as_given(self, ref: Ref, may_be_missing: bool) -> Seen | None:
        if ref.kind != "answer":
            return self.work.look(ref, may_be_missing)
        return seen(self.given[ref.id]) if ref.id in self.given else None


def view(edition: Edition, facts: Facts, replies: Mapping[str, Reply], confirmed: Collection[str] = ()) -> View:
    """``confirmed``: the questions whose answer a reviewer has confirmed. Other claims are taken as they are."""
    known = {name: reply for name, reply in replies.items() if name in edition.rubric.answers}
    rulings = {name: Ruling(not_applicable="accepted") for name, reply in known.items() if reply.not_applicable}
    rulings |= {name: Ruling("confirm") for name in confirmed if name in edition.rubric.answers}
    basis: Basis = "verified" if confirmed else "claimed"
    work = ask(edition.rubric, subject(edition, facts, known, rulings=rulings), basis=basis)
    questions = tuple(question for question in edition.questions if work.answers[question.id].state != "not_asked")
    replied = ((question.id, known.get(question.id, NOTHING)) for question in questions)
    given = {name: reply.value for name, reply in replied if reply.value is not None and not reply.not_applicable}
    return View(edition, replies, questions, facts, given, work)


def seen(value: Value) -> Seen:
    """An answer as conditions see it: exact numbers as fractions."""
    return Fraction(value) if isinstance(value, int | Decimal) else value
