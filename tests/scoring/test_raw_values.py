"""Raw values of every type: each means what it means alone, whatever was read before it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring import Rubric, ScoringError, Subject, evaluate, load_rubric

RAW: tuple[Any, ...] = (
    1, True, "1", " 1 ", Decimal(1), Decimal("1.0"), Fraction(1), "yes", "true", False, "no", 0, "0", "1.0", None, "",
    (), [], {"yes"}, ["yes"], ("yes",), ["yes", "no"], [1], [True], 1.0, date(2026, 1, 1), "2026-01-01", "maybe", "n/a",
)  # fmt: skip


def rubric(criterion: dict[str, Any]) -> Rubric:
    return load_rubric(
        {
            "rubric": "raw",
            "words": {"not_applicable": ["n/a"]},
            "facts": {"on": {"type": "date", "default": "2026-03-01"}},
            "defaults": {"unanswered": 9, "not_applicable": 8},
            "criteria": {"a": criterion, "b": {"points": 1, "applies": {"answer": "a", "answered": "yes"}}},
        }
    )


def outcome(tree: Rubric, raw: object) -> object:
    try:
        return evaluate(tree, Subject({}, {"a": raw})).canonical_json()  # type: ignore[dict-item]
    except ScoringError as error:
        return str(error)


@pytest.mark.parametrize(
    "criterion",
    [
        {"choice": {"1": 5, "yes": 3, "0": 2, "no": 1}},
        {"choices": {"1": 5, "yes": 3, "no": 1}},
        {"presence": 3},
        {"linear": {}},
        {"bands": [{"at_least": 1, "points": 5}, {"otherwise": 1}]},
        {"input": {"age": "days", "on": "on"}, "linear": {}},
    ],
)
def test_no_raw_value_is_taken_for_another(criterion: dict[str, Any]) -> None:
    alone = [outcome(rubric(criterion), raw) for raw in RAW]
    shared = rubric(criterion)
    assert [outcome(shared, raw) for raw in RAW] == alone
    assert [outcome(shared, raw) for raw in reversed(RAW)] == alone[::-1]


@pytest.mark.parametrize(("raw", "points"), [(1, 5), ("1", 5), (True, 3), ("yes", 3), (0, 2), (False, 1), ("1.0", 5)])
def test_a_truth_is_a_word_and_a_number_a_number(raw: object, points: int) -> None:
    tree = rubric({"choice": {"1": 5, "yes": 3, "0": 2, "no": 1}})
    assert evaluate(tree, Subject({}, {"a": raw})).nodes["a"].value == points  # type: ignore[dict-item]
