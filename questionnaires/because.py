"""Why this company is asked a question, in its own terms."""

from __future__ import annotations

from collections.abc import Iterator

from questionnaires.asked_state import View
from questionnaires.messages import REASONS
from questionnaires.model import Edition, Question
from questionnaires.text import Text
from scoring.condition import All, AnyOf, Condition, Test


def asked_because(edition: Edition, found: View, question: Question) -> Text | None:
    """One sentence; None when the company is not asked the question."""
    if question not in found.questions:
        return None
    if question.asked_when is None:
        return REASONS["everybody"]
    reasons = list(_reasons(edition, question.asked_when, found))
    return Text(km=" ".join(reason.km for reason in reasons), en=" ".join(reason.en for reason in reasons))


def _reasons(edition: Edition, condition: Condition, found: View) -> Iterator[Text]:
    """What made the condition true, test by test."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _reasons(edition, part, found)
    elif isinstance(condition, AnyOf):
        yield from _reasons(edition, next(part for part in condition.parts if found.holds(part)), found)
    elif isinstance(condition, Test) and condition.ref.kind in ("fact", "answer") and condition.op != "answered":
        yield _reason(edition, condition, found)
    else:
        yield REASONS["rule"].format(rule=Text(km=condition.says.km, en=condition.says.en))


def _reason(edition: Edition, test: Test, found: View) -> Text:
    if test.ref.kind == "fact" and test.ref.id == "kinds":
        mine = [kind.label for kind in edition.kinds if kind.id in found.facts.kinds and test.holds((kind.id,))]
        return REASONS["kind"].format(kinds=_listed(mine))
    if test.ref.kind == "answer":
        other = edition.question(test.ref.id)
        given = found.given.get(other.id)
        chosen = given if isinstance(given, tuple) else (given,)
        labels = [
            option.label for option in other.options if option.value in chosen and _counts(test, other, option.value)
        ]
        if labels:
            borrowed = isinstance(given, str) and not test.holds((given,))
            reason = REASONS["unconfirmed" if borrowed else "answer"]
            return reason.format(title=other.title, answers=_listed(labels))
    return REASONS["rule"].format(rule=Text(km=test.says.km, en=test.says.en))


def _counts(test: Test, question: Question, value: str) -> bool:
    """Whether this option made the test true, itself or as the option it counts as."""
    stands_for = question.option(value).counts_as_until_confirmed
    return test.holds((value,)) or (stands_for is not None and test.holds((stands_for,)))


def _listed(labels: list[Text]) -> Text:
    return Text(km="» និង «".join(label.km for label in labels), en='" and "'.join(label.en for label in labels))
