"""The two-minute preview: from a few quick answers to the levels between which the same rules would put them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from questionnaires import Edition, Facts, Question, Reply
from questionnaires.answers import GIVEN, Value
from questionnaires.asking import asked
from questionnaires.scorable import subject
from scoring import Files, Scorecard, evaluate

EIGHTHS = {"not_yet": (0, 2), "partly": (2, 5), "mostly": (5, 8)}
"""What may be said of a whole part, and how many eighths of the way from nothing to everything that means."""
GUESSES = tuple(EIGHTHS)
UNSAID = (0, 8)
"""A section of which nothing is guessed, such as the figures of the year, may be anything."""
HALF = Fraction(1, 2)
LEAST, MIDDLE, BEST = range(3)
FIGURE, ADDRESS = 1, "https://company.example/"
ROUNDS = 4
LOW, HIGH = range(2)
HAVE, HAVE_NOT = "have", "have_not"
"""What may be said of an essential that is a file, not a choice."""
KIND, ESSENTIAL, PART = "kind", "essential-", "part-"
"""What an address names kinds, essentials and parts with; a question of the profile bears its own name."""


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

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What such a company would be asked, whatever it guesses of its parts: the most."""
        ends = (self._questions(end) for end in (LOW, HIGH))
        return max(ends, key=len)

    @property
    def essentials_asked(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.essential)

    def scorecards(self) -> tuple[Scorecard, Scorecard]:
        """The claimed scores at both ends of what was guessed, the lower first; evidence taken as given."""
        low, high = (self._scorecard(end) for end in (LOW, HIGH))
        return low, high

    def answers(self) -> dict[str, Value]:
        """What was said question by question and so can stand in an assessment; guesses of whole parts cannot."""
        chosen = {name: said for name, said in self.essentials.items() if self.edition.question(name).options}
        return {**self.profile, **chosen}

    def answers_query(self) -> str:
        """Kinds and answers as the query of an address, to begin an assessment with."""
        essentials = {ESSENTIAL + name: said for name, said in self.essentials.items() if name in self.answers()}
        return urlencode({KIND: sorted(self.kinds), **self.profile, **essentials}, doseq=True)

    def _questions(self, end: int) -> tuple[Question, ...]:
        replies = {question: Reply(value) for question, value in self.profile.items()}
        questions = asked(self.edition, self.facts(), replies)
        for _round in range(ROUNDS):  # an answer may open more questions
            more = asked(self.edition, self.facts(), self._replies(questions, end))
            if len(more) <= len(questions):
                break
            questions = more
        return questions

    def _scorecard(self, end: int) -> Scorecard:
        questions = self._questions(end)
        replies = self._replies(questions, end)
        files = {question.id: Files(max(1, question.evidence.min_files)) for question in questions}
        return evaluate(self.edition.rubric, subject(self.edition, self.facts(), replies, files=files), basis="claimed")

    def _replies(self, questions: tuple[Question, ...], end: int) -> dict[str, Reply]:
        """Of each four questions of a part as many get a better answer as the eighths say."""
        replies, seen = dict[str, Reply](), dict[str, int]()
        for question in questions:
            place = seen[question.section] = seen.get(question.section, -1) + 1
            eighths = EIGHTHS.get(self.parts.get(question.section, ""), UNSAID)[end]
            replies[question.id] = Reply(self._value(question, (eighths + place % 4) // 4))
        return replies

    def _value(self, question: Question, how: int) -> Value | None:
        if question.id in self.profile:
            return self.profile[question.id]
        if question.id in self.essentials:
            said = self.essentials[question.id]
            return said if question.options else GIVEN if said == HAVE else None
        return guess(question, how, self.on)


def guess(question: Question, how: int, on: date) -> Value | None:
    """The `LEAST`, a `MIDDLE` or the `BEST` answer to a question; nothing, where the least is to leave it open."""
    if question.kind == "multiple_choice":
        return _several(question, how)
    if question.options:
        return _one(question, how)
    some: dict[str, Value] = {"number": FIGURE, "text": "x", "date": on, "url": ADDRESS, "file": GIVEN}
    return None if how == LEAST else some[question.kind]


def _one(question: Question, how: int) -> str:
    ranked = sorted(question.options, key=lambda option: _points(question, option.value))
    half = _points(question, ranked[-1].value) * HALF
    middle = [option for option in ranked if _points(question, option.value) <= half][-1]
    return (ranked[0], middle, ranked[-1])[how].value


def _several(question: Question, how: int) -> tuple[str, ...]:
    good = [option.value for option in question.good]
    none = tuple(option.value for option in question.options if option.exclusive)
    if how == LEAST or not good:
        return none
    return tuple(good[: len(good) // 2] if how == MIDDLE else good)


def _points(question: Question, option: str) -> Fraction:
    return question.rule.points.get(option, Fraction(0)) if question.rule else Fraction(0)


def read_preview(edition: Edition, args: MultiDict[str, str], on: date) -> Preview:
    """What an address says; what we do not know in it is left out."""
    profile: dict[str, Value] = {}
    for name in profile_names(edition):
        question = edition.question(name)
        chosen = tuple(option.value for option in question.options if option.value in args.getlist(name))
        if chosen:
            profile[name] = chosen if question.kind == "multiple_choice" else chosen[0]
    essentials = {
        question.id: value
        for question in edition.questions
        if question.essential and (value := args.get(ESSENTIAL + question.id, "")) in essential_values(question)
    }
    parts = {
        section.id: value
        for section in edition.sections
        if section.scored and (value := args.get(PART + section.id, "")) in GUESSES
    }
    kinds = frozenset(kind.id for kind in edition.kinds if kind.id in args.getlist(KIND))
    return Preview(edition, on, kinds, profile, essentials, parts)


def profile_names(edition: Edition) -> list[str]:
    """The profile's questions that a choice answers: they decide what is asked."""
    return [question.id for question in edition.questions if not question.scored and question.options]


def essential_values(question: Question) -> tuple[str, ...]:
    """What may be said of an essential: its options; of a file, whether there is one."""
    return tuple(option.value for option in question.options) or (HAVE, HAVE_NOT)
