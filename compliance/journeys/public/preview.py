"""The two-minute preview: from a few quick answers to what the same rules would say of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from questionnaires import Edition, Facts, Question, Reply
from questionnaires.answers import GIVEN, Value
from questionnaires.asking import asked
from questionnaires.scorable import subject
from scoring import Files, Scorecard, evaluate

GUESSES = ("not_yet", "partly", "mostly")
"""What may be said of a whole part; it stands for the least, a middle and the best answer to each of its questions."""
PARTLY = Fraction(1, 2)
FIGURE, ADDRESS = 1, "https://company.example/"
ROUNDS = 4
HAVE, HAVE_NOT = "have", "have_not"
"""What may be said of an essential that is a file, not a choice."""


@dataclass(frozen=True)
class Preview:
    """What was said so far: kinds, the profile's answers, essentials answered one by one, parts guessed."""

    edition: Edition
    on: date
    kinds: frozenset[str]
    profile: Mapping[str, Value]
    essentials: Mapping[str, str]
    parts: Mapping[str, str]

    def facts(self) -> Facts:
        """A company that has made its plan and passes the visit: the preview says so beside its result."""
        return Facts(
            kinds=self.kinds,
            submission_date=self.on,
            improvement_plan_given=True,
            verification_visit_or_call_passed=True,
        )

    def questions(self) -> tuple[Question, ...]:
        """What such a company would be asked."""
        replies = {question: Reply(value) for question, value in self.profile.items()}
        questions = asked(self.edition, self.facts(), replies)
        for _round in range(ROUNDS):  # an answer may open more questions
            more = asked(self.edition, self.facts(), self._replies(questions))
            if len(more) <= len(questions):
                break
            questions = more
        return questions

    def scorecard(self) -> Scorecard:
        """The claimed score of these guesses, evidence taken as given."""
        questions = self.questions()
        replies = self._replies(questions)
        files = {question.id: Files(max(1, question.evidence.min_files)) for question in questions}
        return evaluate(self.edition.rubric, subject(self.edition, self.facts(), replies, files=files), basis="claimed")

    def _replies(self, questions: tuple[Question, ...]) -> dict[str, Reply]:
        return {question.id: Reply(self._value(question)) for question in questions}

    def _value(self, question: Question) -> Value | None:
        if question.id in self.profile:
            return self.profile[question.id]
        if question.id in self.essentials:
            said = self.essentials[question.id]
            return said if question.options else GIVEN if said == HAVE else None
        return guess(question, self.parts.get(question.section, GUESSES[0]), self.on)


def guess(question: Question, how: str, on: date) -> Value | None:
    """The answer that "not yet", "partly" or "mostly" stands for."""
    if question.kind == "multiple_choice":
        return _several(question, how)
    if question.options:
        return _one(question, how)
    some: dict[str, Value] = {"number": FIGURE, "text": "x", "date": on, "url": ADDRESS, "file": GIVEN}
    free = question.kind in {"number", "text"}
    return some[question.kind] if free or how != GUESSES[0] else None


def _one(question: Question, how: str) -> str:
    ranked = sorted(question.options, key=lambda option: _points(question, option.value))
    half = _points(question, ranked[-1].value) * PARTLY
    middle = [option for option in ranked if _points(question, option.value) <= half][-1]
    return {GUESSES[0]: ranked[0], GUESSES[1]: middle}.get(how, ranked[-1]).value


def _several(question: Question, how: str) -> tuple[str, ...]:
    good = [option.value for option in question.good]
    none = tuple(option.value for option in question.options if option.exclusive)
    if how == GUESSES[0] or not good:
        return none
    return tuple(good[: len(good) // 2] if how == GUESSES[1] else good)


def _points(question: Question, option: str) -> Fraction:
    return question.rule.points.get(option, Fraction(0)) if question.rule else Fraction(0)
