"""Which questions a company may come to be asked, before anything is answered: for paper and forms."""

from __future__ import annotations

from questionnaires.facts import Facts
from questionnaires.model import Edition, Question
from scoring.condition import All, AnyOf, Condition, Not, Test

EITHER = frozenset({True, False})


def could_be_asked(edition: Edition, facts: Facts) -> tuple[Question, ...]:
    """The questions that some answers would bring to a company of these facts, in order."""
    found: dict[str, Question] = {}
    for question in edition.questions:
        if question.asked_when is None or True in _outcomes(question.asked_when, facts, found):
            found[question.id] = question
    return tuple(found.values())


def depends(question: Question, facts: Facts) -> bool:
    """Whether it depends on answers that the question is asked; what the facts alone decide is decided."""
    return question.asked_when is not None and _outcomes(question.asked_when, facts, None) == EITHER


def _outcomes(condition: Condition, facts: Facts, before: dict[str, Question] | None) -> frozenset[bool]:
    """What the condition may turn out to be; the answer to a question that is never asked stays missing."""
    if isinstance(condition, Test):
        if condition.ref.kind == "fact":
            return frozenset({condition.holds(facts.value(condition.ref.id))})
        missing = before is not None and condition.ref.kind == "answer" and condition.ref.id not in before
        return frozenset({condition.holds(None)}) if missing else EITHER
    if isinstance(condition, Not):
        return frozenset(not outcome for outcome in _outcomes(condition.part, facts, before))
    parts = [_outcomes(part, facts, before) for part in condition.parts]
    return _together(condition, parts)


def _together(condition: All | AnyOf, parts: list[frozenset[bool]]) -> frozenset[bool]:
    """As if the parts had nothing to do with each other: rather one question too many than one missing."""
    whole, one = (True, False) if isinstance(condition, All) else (False, True)
    found = set()
    if all(whole in part for part in parts):
        found.add(whole)
    if any(one in part for part in parts):
        found.add(one)
    return frozenset(found)
