"""Answers that do not fit each other, or do not fit what the company is registered as."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from questionnaires.asked_state import View
from questionnaires.model import Edition, Question
from questionnaires.terms import ConsistencyCheck
from questionnaires.text import Text


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to mend, or to look at again, before submitting."""

    code: str
    severity: str
    """error (blocks submission), warning or info"""
    section: str
    question: str | None
    message: Text


def inconsistent(edition: Edition, view: View) -> list[Issue]:
    """Every consistency check that strikes."""
    checks = {check.id: check for check in edition.rules.consistency_checks}
    found = [*_by_condition(edition, checks, view)]
    if check := checks.get("features_match_kind"):
        found += _kinds_without_features(edition, check, view)
    if check := checks.get("statistics_order"):
        found += _larger_than_allowed(edition, check, view)
    return found


def _issue(check: ConsistencyCheck, about: Question, message: Text) -> Issue:
    return Issue(check.id, check.severity, about.section, about.id, message)


def _by_condition(edition: Edition, checks: Mapping[str, ConsistencyCheck], view: View) -> Iterator[Issue]:
    for check_id, conditions in edition.checks:
        check = checks[check_id]
        if check.about is not None and any(map(view.holds_as_given, conditions)):
            yield _issue(check, edition.question(check.about), check.message)


def _kinds_without_features(edition: Edition, check: ConsistencyCheck, view: View) -> Iterator[Issue]:
    question = edition.question(edition.texts.features_question)
    chosen = view.given.get(question.id)
    if not isinstance(chosen, tuple):
        return
    for kind in edition.kinds:
        if kind.id in view.facts.kinds and set(kind.needs_features_any).isdisjoint(chosen):
            features = _labels(question, kind.needs_features_any)
            yield _issue(check, question, check.message.format(kind=kind.label, features=features))


def _larger_than_allowed(edition: Edition, check: ConsistencyCheck, view: View) -> Iterator[Issue]:
    for question in view.questions:
        limit = question.number.at_most if question.number else None
        mine, other = view.given.get(question.id), view.given.get(limit or "")
        if limit and isinstance(mine, int | Decimal) and isinstance(other, int | Decimal) and mine > other:
            yield _issue(check, question, check.message.format(other=edition.question(limit).text))


def _labels(question: Question, values: Collection[str]) -> Text:
    labels = [question.option(value).label for value in values]
    return Text(km=" / ".join(label.km for label in labels), en=" / ".join(label.en for label in labels))
