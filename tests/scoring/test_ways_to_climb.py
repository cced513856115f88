"""When a level is climbed node by node and when by trying; least effort for each value; how long is tried."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from scoring import Rubric, ScoringError, Subject, cheapest_path, load_rubric
from scoring.path import cheapest, climb
from scoring.path.frontier import Best, join, prune
from scoring.path.separable import is_separable

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}
GROUP: dict[str, Any] = {"combine": "sum", "of": ["a", "b"]}
LOW, HIGH = {"id": "low", "total": 5}, {"id": "high", "total": 15}


def rubric(*rungs: dict[str, Any], level: Mapping[str, Any] | None = None, **parts: Any) -> Rubric:
    return load_rubric(
        {
            "rubric": "climb",
            "facts": {"big": {"type": "yes_no", "default": "no"}},
            "defaults": {"unanswered": 0},
            "criteria": {"a": CHOICE, "b": CHOICE},
            "groups": {"t": GROUP},
            "levels": {"l": {"of": "t", "rungs": list(rungs or (LOW, HIGH)), **(level or {})}},
            **parts,
        }
    )


def apart(tree: Rubric, target: int = 0) -> bool:
    return is_separable(tree, tree.levels["l"], target)


FREE = {"free": "yes_no", "other": {"type": "yes_no", "asked": {"fact": "big", "is": "yes"}}}
BEHIND = {"free": {"type": "yes_no", "asked": {"answer": "a", "is": "yes"}}}


def condition(**test: Any) -> dict[str, Any]:
    return {**LOW, "conditions": [test]}


class TestNodeByNode:
    @pytest.mark.parametrize(
        "tree",
        [
            rubric(),
            rubric(groups={"t": {**GROUP, "of": {"a": 0, "b": 2}, "times": 0}}),
            rubric({"id": "low", "total": {"above": 4}}),
            rubric({"id": "low", "total": {"below": 4}}, level={"better": "low"}),
            rubric({"id": "low", "total": 4, "criteria": {"a": {"met_by": ["yes"]}}}, level={"better": "low"}),
            rubric({"id": "low", "total": 4, "criteria": {"a": {"points": 5}}}),
            rubric({**LOW, "each_section": 5}, level={"sections": ["t"]}),
            rubric(condition(fact="big", **{"is": "yes"})),
            rubric(condition(answer="free", **{"is": "yes"}), answers=FREE),
            rubric(condition(answer="other", **{"is": "yes"}), answers=FREE),
            rubric(LOW, {**HIGH, "total": {"at_most": 20}}),
            rubric(LOW, {**HIGH, "conditions": [{"node": "a", "above": 1}]}),
        ],
    )
    def test_a_tree_whose_values_only_rise(self, tree: Rubric) -> None:
        assert apart(tree)

    @pytest.mark.parametrize(
        "tree",
        [
            rubric(groups={"t": {**GROUP, "of": {"a": -1, "b": 2}}}),
            rubric(groups={"t": {**GROUP, "times": -1}}),
            rubric({"id": "low", "total": {"at_most": 4}}),
            rubric({"id": "low", "total": {"at_least": 4}}, level={"better": "low"}),
            rubric({"id": "low", "total": 4, "criteria": {"a": {"points": 5}}}, level={"better": "low"}),
            rubric({**LOW, "each_section": {"at_most": 5}}, level={"sections": ["t"]}),
            rubric({**LOW, "each_section": {"at_least": 5, "except": {"t": {"below": 1}}}}, level={"sections": ["t"]}),
            rubric(condition(node="a", above=1)),
            rubric(condition(answer="a", **{"is": "yes"})),
            rubric(condition(answer="free", **{"is": "yes"}), answers=BEHIND),
            rubric(criteria={"a": CHOICE, "b": {"answer": "a", **CHOICE}}),
            rubric(criteria={"a": CHOICE, "b": {"input": {"node": "a"}, "linear": {}}}),
            rubric(criteria={"a": CHOICE, "b": {**CHOICE, "applies": {"node": "a", "above": 1}}}),
            rubric(groups={"u": GROUP, "t": {"combine": "sum", "of": ["a", "u"]}}),
        ],
    )
    def test_anything_else_is_tried(self, tree: Rubric) -> None:
        assert not apart(tree)

    @pytest.mark.parametrize("rung", [{**HIGH, "total": {"at_most": 20}}, {**HIGH, **condition(node="a", above=1)}])
    def test_only_rungs_up_to_the_wanted_one_count(self, rung: dict[str, Any]) -> None:
        tree = rubric(LOW, {**rung, "id": "high"})
        assert (apart(tree, 0), apart(tree, 1)) == (True, False)


def best(*pairs: tuple[int, int]) -> list[Best]:
    return [Best(Fraction(effort), Fraction(value), None) for effort, value in pairs]


class TestFrontiers:
    @pytest.mark.parametrize(("sign", "kept"), [(1, [(0, 5), (2, 7), (4, 8)]), (-1, [(0, 5), (2, 3), (4, 2)])])
    def test_only_what_nothing_cheaper_equals_is_kept(self, sign: int, kept: list[tuple[int, int]]) -> None:
        states = best((0, 5), (1, 5), (2, 7), (2, 3), (2, 6), (2, 4), (3, 7), (3, 3), (4, 8), (4, 2))
        assert [(one.effort, one.value) for one in prune(states, sign)] == kept

    @pytest.mark.parametrize(("sign", "kept"), [(1, [(0, 0), (1, 4), (2, 7)]), (-1, [(0, 0), (1, -4), (2, -7)])])
    def test_pairs(self, sign: int, kept: list[tuple[int, int]]) -> None:
        left = best((0, 0), (1, 3 * sign))
        right = best((0, 0), (1, 4 * sign))
        for one, other in ((left, right), (right, left)):
            found = join(one, other, sign, lambda a, b: a + b)
            assert [(state.effort, state.value) for state in found] == kept

    def test_weights_and_points_may_be_fractions(self) -> None:
        half = {"choice": {"yes": "1/2", "no": 0}}
        for total, reached in (("1/2", True), ("0.51", False)):
            tree = rubric(
                {"id": "low", "total": total},
                criteria={"a": half, "b": half},
                groups={"t": {"combine": "sum", "of": {"a": "1/2", "b": "1/2"}}},
            )
            assert (cheapest_path(tree, Subject({}, {"a": "no", "b": "no"}), "l") is not None) == reached


class TestSteps:
    def test_a_group_without_parts_keeps_what_it_counts_as(self) -> None:
        tree = rubric(
            {"id": "low", "total": 10},
            criteria={"a": CHOICE, "b": {**CHOICE, "asked": {"fact": "big", "is": "yes"}}},
            groups={
                "empty": {"combine": "sum", "of": ["b"], "when_empty": 5},
                "t": {"combine": "sum", "of": ["a", "empty"]},
            },
        )
        path = cheapest_path(tree, Subject({}, {"a": "no"}), "l")
        assert path is not None
        assert (path.steps[0].answers, path.effort) == ({"a": "partial"}, 1)

    def test_of_two_answers_one_may_stay(self) -> None:
        factors = [{"input": name, "choice": {"yes": 2, "no": 1}} for name in "qr"]
        options = {"type": "choice", "options": ["yes", "no"]}
        tree = rubric(
            {"id": "low", "total": 2},
            criteria={"a": {"product": factors}},
            groups={"t": {"combine": "sum", "of": ["a"]}},
            answers={"q": options, "r": options},
        )
        path = cheapest_path(tree, Subject({}, {"q": "no", "r": "no"}), "l")
        assert path is not None
        assert (len(path.steps[0].answers), path.effort) == (1, 1)

    @pytest.mark.parametrize(("trials", "enough"), [(2, False), (3, True)])
    def test_how_many_combinations_are_tried(self, trials: int, enough: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        """As it is, with the nearer answer, with the better one."""
        monkeypatch.setattr(cheapest, "MAX_TRIALS", trials)
        tree = rubric(condition(node="a", above=5), criteria={"a": CHOICE, "b": {"points": 5}})
        if enough:
            path = cheapest_path(tree, Subject({}, {"a": "no"}), "l")
            assert path is not None
            assert path.effort == 2
        else:
            with pytest.raises(ScoringError, match="path_too_long"):
                cheapest_path(tree, Subject({}, {"a": "no"}), "l")

    def test_a_condition_on_files_that_are_given(self) -> None:
        gated = {**CHOICE, "evidence": {"at_most": 3, "files": 1}}
        rung = {"id": "high", "total": 9, "conditions": [{"evidence": "a", "is": "given"}]}
        tree = rubric(LOW, rung, criteria={"a": gated}, groups={"t": {"combine": "sum", "of": ["a"]}})
        path = cheapest_path(tree, Subject({}, {"a": "partial"}, {"a": "given"}), "l")
        assert path is not None
        assert path.scorecard.levels["l"].reached == path.reaches == "high"

    @pytest.mark.parametrize(("limit", "enough"), [(64, True), (63, False)])
    def test_ways_to_ask_are_told_apart_up_to_a_limit(
        self, limit: int, enough: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Six answers that each ask one more question are asked in 64 ways; trying them all would take too long."""
        monkeypatch.setattr(climb, "MAX_SCENARIOS", limit)
        asking = {f"c{at}": {"choice": {"yes": 1, "no": 0}} for at in range(6)}
        asked = {f"d{at}": {**asking["c0"], "asked": {"answer": f"c{at}", "is": "yes"}} for at in range(6)}
        tree = rubric(
            {"id": "low", "total": 0},
            {"id": "high", "total": 12},
            criteria=asking | asked,
            groups={"t": {"combine": "sum", "of": list(asking | asked)}},
        )
        if enough:
            path = cheapest_path(tree, Subject(), "l")
            assert path is not None
            assert path.new_score == 12
        else:
            with pytest.raises(ScoringError, match="path_too_long"):
                cheapest_path(tree, Subject(), "l")
