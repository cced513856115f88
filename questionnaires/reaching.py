"""Tries an edition out: which questions somebody is asked, and which levels each kind of company can reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product

from questionnaires.answers import GIVEN, Reply, Value
from questionnaires.asking import asked
from questionnaires.facts import Facts
from questionnaires.joining import SCALE
from questionnaires.model import Edition, Question
from questionnaires.scorable import subject
from scoring import Files, evaluate
from scoring.condition import TEXT_OPS, Edge, Test, refs, tests
from scoring.results import LevelResult
from scoring.rules import Bands

DAY = date(2026, 1, 15)
LINK = "https://example.org"
MOST_TRIES = 20_000


def everything_right(*kinds: str) -> Facts:
    """A company of these kinds with nothing in its way."""
    return Facts(frozenset(kinds), DAY, workers=50, improvement_plan_given=True, verification_visit_or_call_passed=True)


def never_asked(edition: Edition) -> Iterator[Question]:
    """Questions that no company is ever asked, whatever it answers."""
    for question in edition.questions:
        if question.asked_when is not None and not _somebody_is_asked(edition, question):
            yield question


def _somebody_is_asked(edition: Edition, question: Question) -> bool:
    deciding = _deciding(edition, question)
    choices = [_candidates(edition, name) for name in deciding]
    kinds = tuple(kind.id for kind in edition.kinds)
    for company in (*map(everything_right, kinds), everything_right(*kinds)):
        for values in islice(product(*choices), MOST_TRIES):
            replies = {name: Reply(value) for name, value in zip(deciding, values, strict=True)}
            if question in asked(edition, company, replies):
                return True
    return False


def _deciding(edition: Edition, question: Question) -> list[str]:
    """The answers that decide whether a question is asked, and those that decide whether these are asked."""
    found: list[str] = []
    waiting = [question]
    while waiting:
        for ref in refs(waiting.pop().asked_when):
            if ref.kind != "fact" and ref.id not in found:
                found.append(ref.id)
                waiting.append(edition.question(ref.id))
    return found


def _candidates(edition: Edition, name: str) -> list[Value]:
    """Answers worth trying: every option, and around every number or date that a condition compares with."""
    question = edition.question(name)
    values = [option.value for option in question.options]
    if question.kind == "multiple_choice":
        alone = {option.value for option in question.options if option.exclusive}
        together = tuple(value for value in values if value not in alone)
        return [together, *((value,) for value in values)]
    if values:
        return list(values)
    if question.kind in ("number", "date"):
        return list(_around(edition, name)) or [0 if question.kind == "number" else DAY]
    return [GIVEN, *_texts(edition, name)]


def _texts(edition: Edition, name: str) -> Iterator[str]:
    """A text for each condition that looks into it."""
    for test in _tests_of(edition, name):
        if isinstance(test.wanted, Edge):
            yield from ("x" * (int(test.wanted.number) + step) for step in (0, 1))
        elif test.op == "has_link":
            yield LINK
        elif test.op in TEXT_OPS:
            yield from test.wanted if isinstance(test.wanted, tuple) else ()


def _around(edition: Edition, name: str) -> Iterator[Value]:
    for test in _tests_of(edition, name):
        if isinstance(test.wanted, Fraction):
            yield from (_number(test.wanted + step) for step in (-1, 0, 1))
        elif isinstance(test.wanted, date):
            yield from (date.fromordinal(test.wanted.toordinal() + step) for step in (-1, 0, 1))


def _tests_of(edition: Edition, name: str) -> Iterator[Test]:
    """What looks at one answer to decide whether a question is asked."""
    for question in edition.questions:
        yield from (test for test in tests(question.asked_when) if test.ref.id == name)


def _number(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def every_feature(edition: Edition) -> tuple[str, ...]:
    """All that people can do with a service."""
    return tuple(option.value for option in edition.question(edition.texts.features_question).options)


def best_result(edition: Edition, kind: str, features: tuple[str, ...]) -> LevelResult:
    """What a company of this kind reaches with the best answers, all evidence accepted and nothing in its way."""
    company = everything_right(kind)
    replies = best_replies(edition, company, features)
    files = {question.id: Files(20, 20) for question in edition.questions}
    card = evaluate(edition.rubric, subject(edition, company, replies, files=files))
    return card.levels[SCALE]


def best_replies(edition: Edition, company: Facts, features: tuple[str, ...]) -> dict[str, Reply]:
    """The best answer to every question, as what is asked unfolds."""
    replies = {edition.texts.features_question: Reply(features)}
    while fresh := [one for one in asked(edition, company, replies) if one.id not in replies]:
        replies |= {question.id: Reply(_best(edition, question)) for question in fresh}
    return replies


def _best(edition: Edition, question: Question) -> Value:
    if question.kind == "multiple_choice":
        chosen = question.good or tuple(option for option in question.options if not option.exclusive)
        return tuple(option.value for option in chosen)
    if question.options:
        return (question.good or question.options)[0].value
    if question.kind == "date":
        return DAY
    return _best_number(edition, question) if question.kind == "number" else GIVEN


def _best_number(edition: Edition, question: Question) -> Value:
    criterion = edition.rubric.criteria.get(question.id)
    if criterion is None or not isinstance(criterion.rule, Bands):
        return 0
    bands = [band for band in criterion.rule.bands if isinstance(band.points, Fraction)]
    top = max(bands, key=lambda band: Fraction(str(band.points)), default=None)
    if top is None:
        return 0
    step = {"above": 1, "below": -1}.get(top.edge.op, 0)
    return _number(top.edge.number + step)
