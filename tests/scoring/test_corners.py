"""Corners of the language that no longer example comes by."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring import (
    RubricError,
    Ruling,
    Scorecard,
    ScoringError,
    Subject,
    evaluate,
    load_rubric,
    rehearse,
)

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}


def rubric(criteria: dict[str, Any], groups: dict[str, Any] | None = None, **more: Any) -> Any:
    defaults = {"unanswered": 0, "not_applicable": "excluded"}
    return load_rubric({"rubric": "corner", "defaults": defaults, "criteria": criteria, "groups": groups or {}, **more})


def score(tree: Any, answers: dict[str, Any], facts: dict[str, Any] | None = None) -> Scorecard:
    return evaluate(tree, Subject(facts or {}, answers))


def rungs(*rungs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"award": {"rungs": list(rungs), **more}}


def problems(data: dict[str, Any]) -> str:
    with pytest.raises(RubricError) as caught:
        load_rubric({"rubric": "corner", **data})
    return str(caught.value)


class TestRules:
    def test_a_product_with_a_state_is_in_that_state(self) -> None:
        tree = rubric(
            {"a": {"product": [{"input": "q", "choice": {"x": 2, "none": "excluded"}}, {"input": "n", "linear": {}}]}},
            answers={"q": {"type": "choice", "options": ["x", "none"]}, "n": "number"},
        )
        assert score(tree, {"q": "x", "n": "3"}).nodes["a"].value == 6
        assert score(tree, {"q": "none", "n": "3"}).nodes["a"].state == "excluded"

    @pytest.mark.parametrize(("state", "expected"), [("void", "void"), ("excluded", "excluded"), ("N/A", "excluded")])
    def test_a_rule_over_a_node_without_a_result(self, state: str, expected: str) -> None:
        inner = {"choice": {"yes": 1, "void": "void", "excluded": "excluded", "N/A": "not_applicable"}}
        tree = rubric({"a": inner, "b": {"input": {"node": "a"}, "linear": {}}})
        card = score(tree, {"a": state})
        assert card.nodes["b"].state == expected
        assert "has no result" in card.nodes["b"].because("en")
        assert score(tree, {"a": "yes"}).nodes["b"].value == 1

    def test_smallest_and_largest(self) -> None:
        tree = rubric(
            {
                "low": {"input": {"smallest": ["m", "n", 7]}, "linear": {}},
                "top": {"input": {"largest": ["m", "n"]}, "linear": {}},
            },
            answers={"m": "number", "n": "number"},
        )
        nodes = score(tree, {"m": "3", "n": "5"}).nodes
        assert (nodes["low"].value, nodes["top"].value) == (3, 5)

    def test_an_optional_fact_without_a_value(self) -> None:
        facts = {"size": {"type": "number", "optional": "yes"}}
        tree = rubric({"a": {"input": {"fact": "size"}, "linear": {}}}, facts=facts)
        with pytest.raises(ScoringError, match="no_value"):
            score(tree, {})

    def test_a_product_within_cases(self) -> None:
        tree = rubric(
            {
                "a": {
                    "answer": "q",
                    "cases": [
                        {
                            "when": {"answer": "n", "above": 5},
                            "product": [{"input": one, "linear": {}} for one in "qn"],
                        },
                        {"linear": {}},
                    ],
                }
            },
            answers={"q": "number", "n": "number"},
            levels=rungs({"id": "low"}, {"id": "top", "conditions": [{"node": "a", "at_least": 100}]}),
        )
        assert score(tree, {"q": "2", "n": "6"}).nodes["a"].value == 12
        card = score(tree, {"q": "2", "n": "5"})
        assert card.nodes["a"].value == 2
        assert card.nodes["a"].because("en") == "Because no other case holds: the value 2 earns 2 points."

    def test_choices_read_by_two_criteria(self) -> None:
        several = {"choices": {"x": 1, "y": 2, "none": 0}, "exclusive": ["none"]}
        tree = rubric({"a": several, "b": {"answer": "a", "choices": {"x": 5, "y": 0, "none": 0}}})
        assert score(tree, {"a": "x;y"}).nodes["b"].value == 5
        with pytest.raises(ScoringError, match="exclusive_option"):
            score(tree, {"a": "x;none"})

    def test_points_of_a_reversed_pair_of_goalposts(self) -> None:
        tree = rubric({"a": {"goalposts": {"from": 10, "to": 0, "clamp": "low"}}})
        # `low` closes the end that earns nothing, wherever it lies; the other end stays open.
        assert score(tree, {"a": "12"}).nodes["a"].value == 0
        assert score(tree, {"a": "-2"}).nodes["a"].value == Fraction(12, 10)


class TestConditions:
    def test_several_options_all_of(self) -> None:
        facts = {"kinds": {"type": "choices", "options": ["a", "b", "c"]}}
        tree = rubric({"x": {"points": 1, "applies": {"fact": "kinds", "all_of": ["a", "b"]}}}, facts=facts)
        assert score(tree, {}, {"kinds": "a;b;c"}).nodes["x"].value == 1
        assert score(tree, {}, {"kinds": "a;c"}).nodes["x"].value is None
        for op, said in (("all_of", "all of “a” and “b”"), ("any_of", "“a” or “b”")):
            test = {"points": 1, "applies": {"fact": "kinds", op: ["a", "b"]}}
            condition = rubric({"x": test}, facts=facts).criteria["x"].applies
            assert condition is not None
            assert condition.says.en == f"“kinds” includes {said}"

    def test_a_group_that_does_not_apply(self) -> None:
        tree = rubric(
            {"a": CHOICE},
            {"g": {"combine": "sum", "of": ["a"], "applies": {"fact": "visit", "is": "yes"}}},
            facts={"visit": "yes_no"},
        )
        assert score(tree, {"a": "yes"}, {"visit": "no"}).nodes["g"].state == "excluded"
        assert score(tree, {"a": "yes"}, {"visit": "yes"}).nodes["g"].value == 10

    def test_levels_and_essentials_in_conditions_and_nested_words(self) -> None:
        nested = {
            "all": [
                {"any": [{"level": "first", "at_least": "up"}, {"essential": "a", "is": "fail"}]},
                {"not": {"answer": "a", "is": "partial"}},
            ]
        }
        tree = rubric(
            {"a": {**CHOICE, "essential": {"met_by": ["yes"]}}},
            levels={
                "first": {"of": "a", "rungs": [{"id": "down"}, {"id": "up", "total": 10}]},
                "second": {"rungs": [{"id": "in", "conditions": [nested]}]},
            },
        )
        reached = {word: score(tree, {"a": word}).levels["second"].reached for word in ("yes", "partial", "no")}
        assert reached == {"yes": "in", "partial": None, "no": "in"}
        said = score(tree, {"a": "yes"}).levels["second"].rungs[0].held[0].says("en")
        assert said == (
            "(the level of “first” is at least “up”, or the essential criterion “a” is “not met”), and "
            "“a” is not answered “partial”"
        )

    def test_a_demand_that_something_is_given(self) -> None:
        tree = rubric({"a": {"presence": 1}}, levels=rungs({"id": "in", "criteria": {"a": {"met_by": "given"}}}))
        assert score(tree, {"a": "x"}).levels["award"].rungs[0].held[0].says("en") == "“a” needs an answer"
        assert score(tree, {}).levels["award"].reached is None


class TestMistakes:
    def test_in_rubrics(self) -> None:
        both = {"a": {"linear": {}, "input": {"age": "months", "of": "a", "on": "x"}}}
        assert "'on' must name a fact that is a date" in problems({"criteria": both})
        assert "this is not an input" in problems({"criteria": {"a": {"input": {"what": "b"}, "linear": {}}}})
        assert "there is no essential of this name" in problems(
            {"criteria": {"a": {**CHOICE, "applies": {"essential": "b", "is": "pass"}}}}
        )
        assert "options do not fit" in problems({"answers": {"a": {"type": "choice"}}})
        assert "a number is needed here" in problems({"criteria": {"a": {**CHOICE, "unanswered": "nothing"}}})
        assert "a number is needed here" in problems({"criteria": {"a": {**CHOICE, "unanswered": ["0"]}}})
        assert "in a circle" in problems(
            {"groups": {"g": {"combine": "sum", "of": ["h"]}, "h": {"combine": "sum", "of": ["g"]}}}
        )

    def test_plain_numbers_of_python(self) -> None:
        tree = rubric({"a": {"choice": {"x": Decimal("0.10"), "y": Fraction(1, 3)}}})
        assert score(tree, {"a": "y"}).nodes["a"].value == Fraction(1, 3)
        assert "a number is needed" in problems({"criteria": {"a": {"points": Decimal("NaN")}}})
        with pytest.raises(RubricError):
            load_rubric({"rubric": "x", "about": float("nan")})

    def test_a_weight_may_be_left_out(self) -> None:
        child = {"when": {"fact": "visit", "is": "yes"}}
        tree = rubric({"a": CHOICE}, {"g": {"combine": "sum", "of": {"a": child}}}, facts={"visit": "yes_no"})
        assert score(tree, {"a": "yes"}, {"visit": "yes"}).nodes["g"].value == 10


class TestContributions:
    def test_a_geometric_mean_stands_under_its_own_name(self) -> None:
        groups = {"g": {"combine": "geometric_mean", "of": ["a", "b"]}, "t": {"combine": "sum", "of": ["g"]}}
        card = score(rubric({"a": {"linear": {}}, "b": {"linear": {}}}, groups), {"a": "4", "b": "9"})
        assert card.contributions("g") == {"g": 6}
        assert card.contributions("t") == {"g": 6}

    def test_a_void_child_that_counts_as_a_number(self) -> None:
        groups = {"g": {"combine": "sum", "of": ["a"], "when_void": 3}}
        card = score(rubric({"a": {"choice": {"broken": "void"}}}, groups), {"a": "broken"})
        assert card.contributions("g") == {"a": 3}


class TestRehearsal:
    def test_who_rises_falls_and_cannot_be_scored(self) -> None:
        old = rubric({"a": CHOICE, "gone": CHOICE}, levels=rungs({"id": "low"}, {"id": "top", "total": 10}, of="a"))
        new = rubric({"a": CHOICE, "b": CHOICE}, levels=rungs({"id": "top", "total": 5}, of="a"))
        subjects = [
            Subject(
                {}, {"a": "partial", "gone": "yes"}, {"gone": "given"}, {"gone": Ruling("confirm")}, {"gone"}, "rises"
            ),
            Subject({}, {"a": "no"}, id="falls"),
            Subject({}, {"a": "yes", "b": "no"}, id="stays"),
            Subject({}, {"a": "maybe"}, id="fails"),
        ]
        found = rehearse(old, new, subjects)
        assert [move.id for move in found.rises] == []
        assert [move.id for move in found.moves] == ["rises", "falls"]
        assert found.matrix == {("low", "top"): 1, ("low", None): 1, ("top", "top"): 1}
        assert [(failure.id, failure.code) for failure in found.failures] == [("fails", "unknown_option")] * 2

    def test_which_level_must_be_said(self) -> None:
        one = rubric({"a": CHOICE}, levels={**rungs({"id": "low"}), "other": {"rungs": [{"id": "x"}]}})
        with pytest.raises(ScoringError, match="name the level"):
            rehearse(one, one, [])
        assert rehearse(one, one, [Subject({}, {"a": "yes"})], scale="other").scored == 1
