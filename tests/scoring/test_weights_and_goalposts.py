"""Weights and goalposts that are read, rules that refuse what lies outside, overrides that give all points."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Path, RubricError, Scorecard, ScoringError, Subject, evaluate, load_rubric
from scoring.path.cheapest import cheapest_path
from tests.scoring.laws.trying import law

Data = dict[str, Any]
LEAVES: Data = {"a": {"linear": {}}, "b": {"linear": {}}}
FACTS: Data = {
    "size": {"type": "number", "optional": "yes"},
    "kind": {"type": "choice", "options": ["x"], "default": "x"},
}


def rubric(weight: object, combine: str = "mean", **more: Any) -> Data:
    of = {"a": {"weight": weight}, "b": 1}
    answers = {"imp": {"type": "number"}}
    parts: Data = {
        "facts": FACTS,
        "answers": answers,
        "criteria": LEAVES,
        "groups": {"g": {"combine": combine, "of": of}},
    }
    return {"rubric": "x", **parts, **more}


def score(data: Data, answers: Data, **facts: object) -> Scorecard:
    return evaluate(load_rubric(data), Subject(facts, answers))


def told(data: Data) -> str:
    with pytest.raises(RubricError) as refused:
        load_rubric(data)
    return str(refused.value)


def stopped(data: Data, answers: Data, **facts: object) -> str:
    with pytest.raises(ScoringError) as error:
        score(data, answers, **facts)
    return error.value.code


class TestWeights:
    AB: Data = {"a": "10", "b": "4"}  # noqa: RUF012

    def test_from_a_fact(self) -> None:
        assert score(rubric({"fact": "size"}), self.AB, size="2").nodes["g"].value == 8
        assert score(rubric({"fact": "size"}), self.AB, size="០.៥").nodes["g"].value == 6
        assert score(rubric({"fact": "size"}), self.AB, size="0").nodes["g"].value == 4

    def test_from_an_answer_with_another_where_there_is_none(self) -> None:
        weight = [{"when": {"answer": "imp", "answered": "yes"}, "weight": {"answer": "imp"}}, {"weight": 5}]
        assert score(rubric(weight, "sum"), {**self.AB, "imp": "3"}).nodes["g"].value == 34
        assert score(rubric(weight, "sum"), self.AB).nodes["g"].value == 54

    def test_from_a_node_or_a_calculation(self) -> None:
        assert score(rubric({"node": "b"}, "sum"), self.AB).nodes["g"].value == 44
        assert score(rubric({"multiply": [{"fact": "size"}, "2"]}, "sum"), self.AB, size="3").nodes["g"].value == 64

    def test_the_scorecard_tells_the_weight(self) -> None:
        assert score(rubric({"fact": "size"}), self.AB, size="2").nodes["g"].parts[0].weight == 2

    def test_a_weight_that_is_not_there_stops_the_scoring(self) -> None:
        assert stopped(rubric({"fact": "size"}), self.AB) == "no_value"
        assert stopped(rubric({"answer": "imp"}), self.AB) == "no_value"
        assert stopped(rubric({"answer": "imp"}), {**self.AB, "imp": "-1"}) == "negative_weight"
        assert score(rubric({"answer": "imp"}, "sum"), {**self.AB, "imp": "-1"}).nodes["g"].value == -6

    def test_is_read_before_the_group_and_never_in_a_circle(self) -> None:
        assert "wait for one another in a circle" in told(rubric({"node": "g"}))
        hidden = {"imp": {"type": "number", "asked": {"fact": "kind", "is": "x"}}}
        assert score(rubric({"answer": "imp"}, answers=hidden), {**self.AB, "imp": "2"}).nodes["g"].value == 8

    @pytest.mark.parametrize(
        ("weight", "combine", "reason"),
        [
            ({"fact": "sise"}, "mean", "there is no fact of this name (found: sise)"),
            ({"fact": "kind"}, "mean", "'kind' is not a number"),
            ({"level": "x"}, "mean", "this is not an input"),
            ({"fact": "size"}, "geometric_mean", "geometric_mean reads no weights"),
            ({"fact": "size"}, "lowest", "lowest reads no weights"),
            ("much", "mean", "a number is needed here"),
        ],
    )
    def test_mistakes(self, weight: object, combine: str, reason: str) -> None:
        assert reason in told(rubric(weight, combine))

    def test_a_path_is_found_whatever_the_weight(self) -> None:
        rows = {"a": {"choice": {"yes": 10, "no": 0}}, "b": {"choice": {"yes": 10, "no": 0}}}
        levels = {"l": {"of": "g", "rungs": [{"id": "low"}, {"id": "high", "total": "7"}]}}
        loaded = load_rubric(rubric({"fact": "size"}, criteria=rows, levels=levels))
        path = cheapest_path(loaded, Subject({"size": "3"}, {"a": "no", "b": "no"}), "l")
        assert isinstance(path, Path)
        assert [step.criterion for step in path.steps] == ["a"]

    @law
    @given(
        st.fractions(0, 9, max_denominator=6),
        st.lists(st.integers(0, 9), min_size=2, max_size=2),
        st.sampled_from(("sum", "mean")),
    )
    def test_read_is_written(self, weight: Fraction, values: list[int], combine: str) -> None:
        """A weight read from a fact gives the results of the same weight written in the rubric."""
        answers = {"a": str(values[0]), "b": str(values[1])}
        read = score(rubric({"fact": "size"}, combine), answers, size=str(weight)).nodes["g"]
        wrote = score(rubric(str(weight), combine), answers, size=str(weight)).nodes["g"]
        assert (read.value, read.parts, read.reasons) == (wrote.value, wrote.parts, wrote.reasons)


def goal(**posts: object) -> Data:
    facts = {"low": "number", "high": "number", "kind": {"type": "choice", "options": ["x"]}}
    return {
        "rubric": "x",
        "facts": facts,
        "criteria": {"a": {"goalposts": {"from": {"fact": "low"}, "to": {"fact": "high"}, **posts}}},
    }


class TestGoalposts:
    def test_from_facts(self) -> None:
        assert score(goal(points="10"), {"a": "30"}, low="20", high="40").nodes["a"].value == 5
        assert score(goal(), {"a": "50"}, low="20", high="40").nodes["a"].value == 1
        assert score(goal(to="70"), {"a": "30"}, low="20").nodes["a"].value == Fraction(1, 5)
        assert score(goal(), {"a": "30"}, low="40", high="20").nodes["a"].value == Fraction(1, 2)
        assert load_rubric(goal(points="10")).criteria["a"].attainable == 10

    def test_what_cannot_be_measured_stops_the_scoring(self) -> None:
        assert stopped(goal(), {"a": "1"}, low="5", high="5.0") == "same_goalposts"
        assert stopped(goal(), {"a": "1"}, low="5") == "missing_fact"
        assert stopped(goal(scale="log"), {"a": "5"}, low="0", high="10") == "not_positive"
        assert stopped(goal(scale="log"), {"a": "5"}, low="1", high="-1") == "not_positive"

    @pytest.mark.parametrize("post", [{"answer": "a"}, {"fact": "kind"}, {"add": ["1", "2"]}, {"node": "a"}])
    def test_only_facts_that_are_numbers(self, post: Data) -> None:
        assert "a goalpost is a number or a fact that is one" in told(goal(to=post))

    @law
    @given(st.integers(1, 50), st.integers(51, 99), st.integers(0, 120), st.sampled_from(("plain", "log")))
    def test_read_is_written(self, low: int, high: int, value: int, scale: str) -> None:
        """Goalposts read from facts give the points of the same goalposts written in the rubric."""
        read = score(goal(scale=scale), {"a": str(value + 1)}, low=str(low), high=str(high)).nodes["a"].value
        wrote = goal(**{"from": str(low), "to": str(high), "scale": scale})
        assert read == score(wrote, {"a": str(value + 1)}, low=str(low), high=str(high)).nodes["a"].value


class TestOutside:
    def linear(self, **more: str) -> Data:
        return {"rubric": "x", "criteria": {"a": {"linear": {"base": "1", "factor": "0.5", **more}}}}

    def test_is_drawn_in_or_refused(self) -> None:
        clamp, refuse = self.linear(lowest="2", highest="6"), self.linear(lowest="2", highest="6", outside="refuse")
        assert [score(clamp, {"a": value}).nodes["a"].value for value in ("1", "2", "10", "11")] == [2, 2, 6, 6]
        assert [score(refuse, {"a": value}).nodes["a"].value for value in ("2", "10")] == [2, 6]
        assert stopped(refuse, {"a": "1.99"}) == stopped(refuse, {"a": "10.01"}) == "outside"
        assert load_rubric(refuse).criteria["a"].attainable == 6

    def test_one_side(self) -> None:
        assert score(self.linear(lowest="0", outside="refuse"), {"a": "99"}).nodes["a"].value == Fraction("50.5")
        assert stopped(self.linear(lowest="0", outside="refuse"), {"a": "-3"}) == "outside"

    def test_mistakes(self) -> None:
        assert "nothing lies outside" in told(self.linear(outside="refuse"))
        assert "this value is not known" in told(self.linear(lowest="0", outside="ignore"))

    def test_is_told_in_khmer(self) -> None:
        with pytest.raises(ScoringError) as error:
            score(self.linear(lowest="0", outside="refuse"), {"a": "-3"})
        assert "តម្លៃនៅក្រៅ" in error.value.because("km")


ALL: Data = {"when": {"fact": "kind", "is": "x"}, "set": "attainable", "because": {"km": "ហេតុ", "en": "of the law"}}


class TestAllPoints:
    def test_of_a_criterion(self) -> None:
        leaf = {"choice": {"yes": 7, "no": 0}, "overrides": [ALL], "unanswered": 0}
        card = score({"rubric": "x", "facts": FACTS, "criteria": {"a": leaf}}, {"a": "no"})
        assert (card.nodes["a"].value, card.nodes["a"].attainable) == (7, 7)
        assert "Because of the law: it is given all the points there are, 7." in card.nodes["a"].because("en")
        assert "បានពិន្ទុពេញ ៧" in card.nodes["a"].because("km")
        capped = {**leaf, "cap": 5}
        assert score({"rubric": "x", "facts": FACTS, "criteria": {"a": capped}}, {}).nodes["a"].value == 5

    def test_of_the_case_that_facts_choose(self) -> None:
        cases = [{"when": {"fact": "kind", "is": "x"}, "choice": {"yes": 3, "no": 0}}, {"choice": {"yes": 9, "no": 0}}]
        data = {"rubric": "x", "facts": FACTS, "criteria": {"a": {"cases": cases, "overrides": [ALL]}}}
        assert score(data, {"a": "no"}).nodes["a"].value == 3

    def test_of_a_group(self) -> None:
        leaves = {name: {"choice": {"yes": 4, "no": 0}} for name in "ab"}
        group: Data = {"combine": "sum", "of": {"a": 1, "b": 2}, "overrides": [ALL]}
        data = {"rubric": "x", "facts": FACTS, "criteria": leaves, "groups": {"g": group}}
        assert score(data, {"a": "no", "b": "no"}).nodes["g"].value == 12
        data["groups"] = {"g": {**group, "cap": 10}}
        assert score(data, {"a": "no", "b": "no"}).nodes["g"].value == 10

    def test_without_a_top_is_told(self) -> None:
        leaf: Data = {"linear": {}, "overrides": [ALL]}
        assert "all of what? This rule has no top" in told({"rubric": "x", "facts": FACTS, "criteria": {"a": leaf}})
        group = {"combine": "sum", "of": ["a"], "overrides": [ALL]}
        data = {"rubric": "x", "facts": FACTS, "criteria": {"a": {"linear": {}}}, "groups": {"g": group}}
        assert stopped(data, {"a": "1"}) == "no_attainable"
