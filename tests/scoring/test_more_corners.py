"""More corners: what is attainable, whose answer is read, how deep a file may be, what a path proposes."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scoring import NoPath, RubricError, ScoringError, Subject, cheapest_path, evaluate, load_rubric
from scoring.loading.ranges import limits
from scoring.loading.reader import parse_json, read_rubric
from scoring.loading.tree import MAX_DEPTH, plain

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}


def rubric(criteria: dict[str, Any], **more: Any) -> Any:
    return load_rubric({"rubric": "corner", "defaults": {"unanswered": 0}, "criteria": criteria, **more})


def rung(of: str, **rung: Any) -> dict[str, Any]:
    return {"award": {"of": of, "rungs": [{"id": "in", **rung}]}}


def steps(tree: Any, answers: dict[str, Any], facts: dict[str, Any] | None = None) -> list[dict[str, Any]] | None:
    path = cheapest_path(tree, Subject(facts or {}, answers), "award")
    return None if isinstance(path, NoPath) else [dict(step.answers) for step in path.steps]


class TestAttainable:
    @pytest.mark.parametrize(
        ("combine", "times", "attainable"),
        [("lowest", 1, 4), ("highest", 1, 10), ("lowest", 3, 12), ("highest", 3, 30)],
    )
    def test_of_the_lowest_and_the_highest(self, combine: str, times: int, attainable: int) -> None:
        groups = {"g": {"combine": combine, "of": ["a", "b"], "times": times}}
        tree = rubric({"a": CHOICE, "b": {"choice": {"yes": 4, "no": 1}}}, groups=groups)
        assert evaluate(tree, Subject({}, {"a": "no", "b": "no"})).nodes["g"].attainable == attainable

    @pytest.mark.parametrize("combine", ["sum", "mean", "lowest", "highest", "geometric_mean"])
    def test_is_not_known_when_a_child_has_no_top(self, combine: str) -> None:
        tree = rubric({"a": CHOICE, "b": {"linear": {}}}, groups={"g": {"combine": combine, "of": ["a", "b"]}})
        assert evaluate(tree, Subject({}, {"a": "no", "b": "3"})).nodes["g"].attainable is None

    def test_of_cases_by_facts_is_that_of_the_case(self) -> None:
        rule = {
            "cases": [{"when": {"fact": "big", "is": "yes"}, **CHOICE}, {"choice": {"yes": 4, "partial": 2, "no": 0}}]
        }
        facts = {"big": "yes_no"}
        subjects = [Subject({"big": word}, {"a": "partial"}) for word in ("yes", "no")]
        by_case = [evaluate(rubric({"a": rule}, facts=facts), one).nodes["a"] for one in subjects]
        assert [(node.value, node.attainable) for node in by_case] == [(5, 10), (2, 4)]
        fixed = [evaluate(rubric({"a": {**rule, "attainable": 20}}, facts=facts), one).nodes["a"] for one in subjects]
        assert [node.attainable for node in fixed] == [20, 20]
        capped = [evaluate(rubric({"a": {**rule, "cap": 3}}, facts=facts), one).nodes["a"] for one in subjects]
        assert [(node.value, node.attainable) for node in capped] == [(3, 3), (2, 3)]

    @pytest.mark.parametrize(
        ("clamp", "up", "down"),
        [
            ("both", (0, 5), (-5, 0)),
            ("low", (0, None), (None, 0)),
            ("high", (None, 5), (-5, None)),
            ("none", (None, None), (None, None)),
        ],
    )
    def test_of_goalposts_by_what_is_clamped(self, clamp: str, up: tuple[Any, Any], down: tuple[Any, Any]) -> None:
        rules = {
            name: {"goalposts": {"from": 0, "to": 9, "points": earn, "clamp": clamp}}
            for name, earn in (("a", 5), ("b", -5))
        }
        tree = rubric(rules)
        assert limits(tree.criteria["a"].rule) == up
        assert limits(tree.criteria["b"].rule) == down

    def test_of_several_options_and_of_products(self) -> None:
        several = {"choices": {"x": 2, "y": -1, "z": 3, "alone": 9}, "exclusive": ["alone"]}
        factors = [
            {"input": "n", "linear": {"lowest": -2, "highest": 3}},
            {"input": "m", "linear": {"lowest": -5, "highest": 1}},
        ]
        tree = rubric({"a": several, "b": {"product": factors}}, answers={"n": "number", "m": "number"})
        assert limits(tree.criteria["a"].rule) == (-1, 9)
        # -2 x -5 = 10 is the most, 3 x -5 = -15 the least
        assert limits(tree.criteria["b"].rule) == (-15, 10)


class TestWhoseAnswer:
    @pytest.mark.parametrize(
        ("answers", "points"), [({"n": "9", "m": "2"}, 18), ({"n": "9"}, 0), ({"n": "3"}, 3), ({}, 0)]
    )
    def test_cases_need_what_the_chosen_case_reads(self, answers: dict[str, str], points: int) -> None:
        both = [{"input": "n", "linear": {}}, {"input": "m", "linear": {}}]
        rule = {"answer": "n", "cases": [{"when": {"answer": "n", "above": 5}, "product": both}, {"linear": {}}]}
        tree = rubric({"a": rule}, answers={"n": "number", "m": "number"})
        card = evaluate(tree, Subject({}, answers))
        assert card.nodes["a"].value == points
        assert card.findings["a"].state == ("value" if points else "unanswered")

    def test_an_age_of_another_answer_brings_no_answer_along(self) -> None:
        age = {"input": {"age": "years", "of": "born", "on": "today"}, "linear": {}}
        tree = rubric({"a": age}, facts={"today": "date"}, answers={"born": "date"})
        assert set(tree.answers) == {"born"}
        card = evaluate(tree, Subject({"today": date(2026, 3, 1)}, {"born": "2020-03-02"}))
        assert card.nodes["a"].value == 5

    def test_text_that_contains_a_word(self) -> None:
        contains = {"answer": "tags", "contains": ["beverage", "water"]}
        tree = rubric({"a": {"points": 1, "applies": contains}}, answers={"tags": "text"})
        found = [
            evaluate(tree, Subject({}, {"tags": text})).nodes["a"].value for text in ("en:beverages", "en:bread", "")
        ]
        assert found == [1, None, None]

    def test_plain_yes_and_no_of_python(self) -> None:
        tree = rubric(
            {"a": {"points": 1, "applies": {"fact": "ok", "is": True}}},
            facts={"ok": {"type": "yes_no", "default": False}},
        )
        assert evaluate(tree, Subject()).nodes["a"].value is None
        assert evaluate(tree, Subject({"ok": True})).nodes["a"].value == 1


class TestMistakes:
    @pytest.mark.parametrize(
        ("criterion", "said"),
        [
            ({"choice": ["yes", "no"]}, "a mapping"),
            ({"input": {"answer": "a", "fact": "b"}, "linear": {}}, "this is not an input"),
            ({"input": {"divide": ["a"]}, "linear": {}}, "at least two parts"),
            ({"cases": [{"cases": []}]}, "exactly one rule"),
        ],
    )
    def test_in_criteria(self, criterion: dict[str, Any], said: str) -> None:
        with pytest.raises(RubricError, match=said):
            rubric({"a": criterion})

    def test_an_answer_without_a_type(self) -> None:
        with pytest.raises(RubricError, match="'type' is missing"):
            rubric({"a": CHOICE}, answers={"b": {"title": "no type"}})


class TestDepth:
    @pytest.mark.parametrize("text", ['{"a":[1,2,{"b":[]}],"c":{}}', '{ "a" : [ 1 , 2 , { "b" : [ ] } ] , "c" : { } }'])
    def test_spaces_between_parts_of_json_mean_nothing(self, text: str) -> None:
        assert plain(parse_json(text)) == {"a": ["1", "2", {"b": []}], "c": {}}

    @pytest.mark.parametrize("kind", ["list", "mapping"])
    @pytest.mark.parametrize("fits", [True, False])
    def test_a_part_that_is_repeated_deep_down_counts_with_its_own_depth(
        self, kind: str, fits: bool, tmp_path: Path
    ) -> None:
        deep, here = MAX_DEPTH // 2 - 4, MAX_DEPTH // 2 + (0 if fits else 8)
        ends = "[]" if kind == "list" else "{}"
        inner = ends[0] * deep + ends[1] * deep if kind == "list" else "{a: " * deep + "1" + "}" * deep
        path = tmp_path / "r.yaml"
        path.write_text(f"about: {{one: &x {inner}, two: {'[' * here}*x{']' * here}}}\nrubric: r\n", "utf-8")
        if fits:
            assert read_rubric(path).id == "r"
        else:
            with pytest.raises(RubricError, match="nested too deeply"):
                read_rubric(path)


class TestWhatAPathProposes:
    def test_bands_over_a_calculation_are_left_alone(self) -> None:
        bands = [{"at_least": 10, "points": 5}, {"otherwise": 0}]
        tree = rubric(
            {"a": {"input": {"add": ["n", 1]}, "bands": bands}, "b": CHOICE},
            answers={"n": "number"},
            groups={"t": {"combine": "sum", "of": ["a", "b"]}},
            levels=rung("t", total=10),
        )
        assert steps(tree, {"n": "2", "b": "no"}) == [{"b": "yes"}]

    @pytest.mark.parametrize("unit", ["days", "months", "years"])
    def test_a_date_before_the_calendar_is_not_proposed(self, unit: str) -> None:
        bands = [{"at_least": 1_000_000, "points": 5}, {"otherwise": 0}]
        age = {"input": {"age": unit, "on": "today"}, "bands": bands}
        tree = rubric({"a": age}, facts={"today": "date"}, levels=rung("a", total=5))
        assert steps(tree, {"a": "2026-01-01"}, {"today": "2026-03-01"}) is None

    def test_cases_without_any_choice_are_left_alone(self) -> None:
        rule = {"answer": "n", "cases": [{"when": {"answer": "n", "above": 3}, "linear": {}}, {"points": 0}]}
        tree = rubric({"a": rule}, answers={"n": "number"}, levels=rung("a", total=5))
        assert steps(tree, {"n": "2"}) is None

    def test_conditions_joined_by_not_any_and_all(self) -> None:
        asked = {
            "all": [
                {"not": {"answer": "a", "is": "no"}},
                {"any": [{"answer": "a", "is": "yes"}, {"fact": "v", "is": "yes"}]},
            ]
        }
        tree = rubric(
            {"a": CHOICE, "b": {**CHOICE, "asked": asked}},
            facts={"v": "yes_no"},
            groups={"t": {"combine": "sum", "of": ["a", "b"]}},
            levels=rung("t", total=15),
        )
        assert steps(tree, {"a": "no"}, {"v": "no"}) == [{"a": "yes"}, {"b": "partial"}]

    def test_low_is_good_with_a_demand_on_points(self) -> None:
        levels = {
            "award": {"better": "low", "of": "a", "rungs": [{"id": "in", "total": 5, "criteria": {"b": {"points": 5}}}]}
        }
        tree = rubric({"a": CHOICE, "b": CHOICE}, levels=levels)
        path = cheapest_path(tree, Subject({}, {"a": "yes", "b": "partial"}), "award")
        assert path is not None
        assert [dict(step.answers) for step in path.steps] == [{"a": "partial"}]

    def test_an_error_on_the_way_is_no_way(self) -> None:
        rule = {
            "cases": [
                {"when": {"answer": "a", "is": "no"}, "choice": {"yes": 3, "no": 0}},
                {"when": {"answer": "a", "is": "yes"}, "choice": {"yes": 3, "no": 0}},
            ]
        }
        tree = rubric(
            {"a": CHOICE, "b": rule}, groups={"t": {"combine": "sum", "of": ["a", "b"]}}, levels=rung("t", total=13)
        )
        assert steps(tree, {"a": "no", "b": "no"}) == [{"a": "yes"}, {"b": "yes"}]
        with pytest.raises(ScoringError, match="no_case"):
            evaluate(tree, Subject({}, {"a": "partial", "b": "no"}))


class TestWordsAndNames:
    def test_a_small_share_of_the_points_is_partly_met(self) -> None:
        tree = rubric({"a": {"choice": {"most": 9, "bit": "1/2", "nothing": 0, "all": 10, "worse": -1}}})
        found = {
            word: evaluate(tree, Subject({}, {"a": word})).findings["a"].outcome for word in ("all", "bit", "nothing")
        }
        assert found == {"all": "met", "bit": "partly_met", "nothing": "not_met"}
        assert evaluate(tree, Subject({}, {"a": "worse"})).findings["a"].outcome == "not_met"

    @pytest.mark.parametrize(("kind", "good"), [("node", "a"), ("ruling", "b"), ("evidence", "b")])
    def test_nodes_are_not_answers(self, kind: str, good: str) -> None:
        test = {"at_least": 1} if kind == "node" else {"answered": "yes"}
        rubric({"a": CHOICE, "c": {"points": 1, "applies": {kind: good, **test}}}, answers={"b": "text"})
        if kind == "node":
            with pytest.raises(RubricError, match="there is no node of this name"):
                rubric({"a": CHOICE, "c": {"points": 1, "applies": {kind: "b", **test}}}, answers={"b": "text"})
