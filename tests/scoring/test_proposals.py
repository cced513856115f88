"""What a path proposes: the nearest answer in a better band, the last day of an age, options added, and its effort."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from scoring import NoPath, Path, Rubric, Ruling, Subject, cheapest_path, load_rubric

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}


def rubric(criteria: Mapping[str, Any], total: object, better: str = "high", **more: Any) -> Rubric:
    levels = {"l": {"of": "t", "better": better, "rungs": [{"id": "in", "total": total, **more.pop("rung", {})}]}}
    return load_rubric(
        {
            "rubric": "proposals",
            "facts": {"today": {"type": "date", "default": more.pop("today", "2026-03-31")}},
            "defaults": {"unanswered": 0},
            "criteria": criteria,
            "groups": {"t": {"combine": "sum", "of": list(criteria)}},
            "levels": levels,
            **more,
        }
    )


def proposed(tree: Rubric, answers: Mapping[str, Any], **more: Any) -> tuple[dict[str, Any], Fraction] | None:
    """All answers that change, and the effort."""
    path = cheapest_path(tree, Subject({}, answers, **more), "l", basis="verified" if "rulings" in more else "claimed")
    if isinstance(path, NoPath):
        return None
    return {name: value for step in path.steps for name, value in step.answers.items()}, path.effort


class TestBands:
    @pytest.mark.parametrize(
        ("edges", "total", "answer", "value", "effort"),
        [
            ({"at_least 10": 1, "at_least 20": 2}, 1, 5, 10, 1),
            ({"at_least 10": 1, "at_least 20": 2}, 2, 5, 20, 2),
            ({"at_least 10": 1, "at_least 20": 2}, 2, 10, 20, 1),
            ({"above 10": 1, "above 20": 2}, 1, 5, 15, 1),
            ({"above 10": 1, "above 20": 2}, 2, 5, 21, 2),
            ({"at_most 20": 1, "at_most 10": 2}, 1, 25, 20, 1),
            ({"at_most 20": 1, "at_most 10": 2}, 2, 25, 10, 2),
            ({"above 10": 1, "above 20": 2, "above 40": 3}, 1, 5, 15, 1),
            ({"above 10": 1, "above 20": 2, "above 40": 3}, 2, 5, 30, 2),
            ({"below 40": 1, "below 20": 2, "below 10": 3}, 1, 50, 30, 1),
            ({"below 20": 1, "below 10": 2}, 1, 25, 15, 1),
            ({"below 20": 1, "below 10": 2}, 2, 20, 9, 2),
            ({"at_least 10": 1, "at_least 20": 2}, 2, None, 20, 2),
        ],
    )
    def test_the_nearest_number_that_is_enough(
        self, edges: dict[str, int], total: int, answer: object, value: object, effort: int
    ) -> None:
        bands = [{edge.split()[0]: edge.split()[1], "points": points} for edge, points in edges.items()]
        tree = rubric({"n": {"bands": [*bands, {"otherwise": 0}]}}, total)
        assert proposed(tree, {} if answer is None else {"n": answer}) == ({"n": value}, effort)

    @pytest.mark.parametrize(
        ("unit", "edge", "day"),
        [
            ("days", {"at_least": 10}, date(2026, 3, 21)),
            ("days", {"above": "9.5"}, date(2026, 3, 21)),
            ("months", {"at_least": 18}, date(2024, 9, 28)),
            ("months", {"above": 18}, date(2024, 8, 28)),
            ("months", {"at_least": 3}, date(2025, 12, 28)),
            ("years", {"at_least": 2}, date(2024, 3, 28)),
            ("years", {"at_least": "1.5"}, date(2024, 3, 28)),
            ("years", {"at_most": "1.5"}, date(2025, 3, 28)),
            ("years", {"at_most": 0}, date(2026, 3, 28)),
            ("years", {"below": 3}, date(2024, 3, 28)),
            ("years", {"below": "2.5"}, date(2024, 3, 28)),
        ],
    )
    def test_the_last_day_of_an_age(self, unit: str, edge: dict[str, Any], day: date) -> None:
        bands = [{**edge, "points": 5}, {"otherwise": 0}]
        tree = rubric({"born": {"input": {"age": unit, "on": "today"}, "bands": bands}}, 5)
        young = next(iter(edge)) in {"at_least", "above"}
        found = proposed(tree, {"born": "2026-03-30" if young else "2000-01-01"})
        assert found == ({"born": day}, 1)

    def test_months_go_over_the_turn_of_the_year(self) -> None:
        bands = [{"at_least": 1, "points": 5}, {"otherwise": 0}]
        tree = rubric({"born": {"input": {"age": "months", "on": "today"}, "bands": bands}}, 5, today="2026-01-15")
        assert proposed(tree, {"born": "2026-01-10"}) == ({"born": date(2025, 12, 15)}, 1)

    def test_nobody_is_born_after_today(self) -> None:
        bands = [{"at_most": -1, "points": 5}, {"otherwise": 0}]
        tree = rubric({"born": {"input": {"age": "months", "on": "today"}, "bands": bands}}, 5)
        assert proposed(tree, {"born": "2026-01-10"}) is None


class TestNumbers:
    """Any number is one step away; it goes as far as the rung needs, in round figures."""

    @pytest.mark.parametrize(
        ("rule", "total", "answer", "value", "better"),
        [
            ({"linear": {}}, 10, 6, 10, "high"),
            ({"linear": {}}, 10, None, 10, "high"),
            ({"linear": {"factor": "0.01", "highest": 1}}, "0.655", 30, 66, "high"),
            ({"linear": {"base": 20, "factor": -1}}, 15, 12, 5, "high"),
            ({"linear": {"base": 20, "factor": -1}}, 5, 12, 15, "low"),
            ({"linear": {}}, {"at_most": 5}, 12, 5, "low"),
            ({"linear": {"factor": 0, "base": 3}}, 10, 6, None, "high"),
            ({"linear": {"highest": 9}}, 10, 6, None, "high"),
            ({"goalposts": {"from": 20, "to": 85}}, "0.7", "60.5", "65.5", "high"),
            ({"goalposts": {"from": 0, "to": 1}}, "0.7", "0.25", "0.7", "high"),
            ({"goalposts": {"from": 100, "to": 75000, "scale": "log"}}, "0.7", 1200, 10300, "high"),
            ({"goalposts": {"from": 50, "to": 5}}, "0.7", 40, 18, "high"),
            ({"goalposts": {"from": 50, "to": 5}}, "0.7", None, 18, "high"),
        ],
    )
    def test_the_nearest_round_number_that_is_enough(
        self, rule: dict[str, Any], total: object, answer: object, value: object, better: str
    ) -> None:
        found = proposed(rubric({"n": rule}, total, better), {} if answer is None else {"n": answer})
        assert found == (None if value is None else ({"n": Fraction(str(value))}, 1))

    def test_beside_another_answer_the_number_goes_less_far(self) -> None:
        tree = rubric({"n": {"linear": {"highest": 8}}, "a": {"choice": {"yes": 5, "no": 0}}}, 12)
        assert proposed(tree, {"n": "6.5", "a": "no"}) == ({"n": 7, "a": "yes"}, 2)

    def test_an_age_goes_by_whole_months(self) -> None:
        age = {"input": {"age": "months", "on": "today"}, "goalposts": {"from": 0, "to": 24}}
        assert proposed(rubric({"d": age}, "0.5"), {"d": "2026-01-31"}) == ({"d": date(2025, 3, 28)}, 1)

    def test_a_goalpost_that_is_a_fact(self) -> None:
        tree = rubric({"n": {"goalposts": {"from": 0, "to": {"fact": "size"}}}}, "0.5", facts={"size": "number"})
        path = cheapest_path(tree, Subject({"size": 80}, {"n": 10}), "l")
        assert isinstance(path, Path)
        assert path.steps[0].answers == {"n": 40}

    def test_a_factor_of_a_product(self) -> None:
        factors = [
            {"input": "q", "linear": {}},
            {"input": "r", "bands": [{"at_least": 3, "points": 2}, {"otherwise": 1}]},
        ]
        tree = rubric({"p": {"product": factors}}, 12, answers={"q": "number", "r": "number"})
        assert proposed(tree, {"q": 2, "r": 1}) == ({"q": 12}, 1)

    @pytest.mark.parametrize("also", [{}, {"a": CHOICE}])
    def test_a_number_worked_out_from_several_answers_is_named_as_not_tried(self, also: dict[str, Any]) -> None:
        share = {"input": {"divide": ["x", "y"]}, "linear": {}}
        tree = rubric({"share": share, **also}, 5, answers={"x": "number", "y": "number"})
        path = cheapest_path(tree, Subject({}, {"x": 1, "y": 4, **dict.fromkeys(also, "no")}), "l")
        assert path.untried == ("share",)
        assert path.why == "not_found" if isinstance(path, NoPath) else not path.proved


class TestOptions:
    @pytest.mark.parametrize(
        ("now", "total", "answers", "effort"),
        [
            (["x"], 3, {"c": ("w", "x")}, 1),
            ([], 6, {"c": ("w", "x", "y")}, 3),
            (["z"], 3, {"c": ("w",)}, 1),
            (["none"], 5, {"c": ("w", "y")}, 2),
            (["o", "x"], 6, {"c": ("o", "w", "x", "y")}, 2),
        ],
    )
    def test_options_are_added_and_what_costs_points_is_dropped(
        self, now: list[str], total: int, answers: dict[str, Any], effort: int
    ) -> None:
        rule = {"choices": {"w": 3, "x": 1, "y": 2, "z": -3, "o": 0, "none": 0}, "exclusive": ["none"]}
        assert proposed(rubric({"c": rule}, total), {"c": now}) == (answers, effort)

    def test_where_low_is_good_options_that_cost_points_are_added(self) -> None:
        rule = {"choices": {"x": -2, "y": 3, "z": -1}}
        assert proposed(rubric({"c": rule}, -2, "low"), {"c": ["y"]}) == ({"c": ("x",)}, 1)
        assert proposed(rubric({"c": rule}, -3, "low"), {"c": ["z"]}) == ({"c": ("x", "z")}, 1)

    def test_an_option_that_earns_the_same_costs_one_step(self) -> None:
        rule = {"choice": {"no": 0, "other": 0, "yes": 10}}
        tree = rubric({"a": rule}, {"at_least": 0}, rung={"criteria": {"a": {"met_by": ["other"]}}})
        assert proposed(tree, {"a": "no"}) == ({"a": "other"}, 1)

    @pytest.mark.parametrize(
        ("effort", "now", "paid"),
        [
            (1, "no", 2), (1, "partial", 1), (1, None, 3), (3, "no", 6), (0, "no", 0),
            ({"no": 1, "partial": 4, "yes": 9}, "no", 8),
            ({"no": 1, "partial": 4, "yes": 9}, "partial", 5),
            ({"no": 1, "partial": 4, "yes": 9}, None, 9),
            ({"no": 5, "partial": 4, "yes": 3}, "no", 0),
        ],
    )  # fmt: skip
    def test_effort_in_steps_or_in_the_rubrics_own_figures(self, effort: object, now: str | None, paid: int) -> None:
        tree = rubric({"a": {**CHOICE, "effort": effort}}, 10)
        assert proposed(tree, {"a": now} if now else {}) == ({"a": "yes"}, paid)

    def test_where_low_is_good_the_answer_with_fewer_points_is_better(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, 5, "low")
        assert proposed(tree, {"a": "yes", "b": "no"}) == ({"a": "partial"}, 1)
        assert proposed(rubric({"a": CHOICE}, 0, "low"), {"a": "yes"}) == ({"a": "no"}, 2)

    def test_something_is_given(self) -> None:
        assert proposed(rubric({"a": {"presence": 3, "effort": 4}}, 3), {}) == ({"a": "given"}, 4)
        assert proposed(rubric({"a": {"presence": 3}, "b": {"presence": 1}}, 4), {"a": "x"}) == ({"b": "given"}, 1)


class TestEvidence:
    def test_files_alone_cost_one_step(self) -> None:
        for effort in (1, 3):
            tree = rubric({"a": {**CHOICE, "evidence": "full", "effort": effort}}, 10)
            assert proposed(tree, {"a": "yes"}) == ({}, effort)
            assert proposed(tree, {"a": "yes"}, evidence={"a": "given"}) is None

    def test_files_that_change_nothing_are_not_proposed(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, 15)
        assert proposed(tree, {"a": "yes", "b": "no"}) == ({"b": "partial"}, 1)

    def test_a_confirmation_alone_costs_one_step(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, 20)
        rulings = {"a": Ruling("confirm"), "b": Ruling("not_supported")}
        assert proposed(tree, {"a": "yes", "b": "yes"}, rulings=rulings) == ({}, 1)

    def test_what_is_not_asked_or_not_applicable_stays(self) -> None:
        hidden = {**CHOICE, "asked": {"fact": "today", "below": "2026-01-01"}}
        tree = rubric({"a": CHOICE, "b": {**hidden, "not_asked": 0}}, 15)
        assert proposed(tree, {"a": "no", "b": "no"}) is None
        skipped = rubric({"a": CHOICE, "b": {**CHOICE, "not_applicable": 0}}, 15)
        assert proposed(skipped, {"a": "no"}, not_applicable={"b"}) is None


def test_no_day_lies_before_the_first_year() -> None:
    for years, day in ((2025, date(1, 3, 28)), (2026, None)):
        bands = [{"at_least": years, "points": 5}, {"otherwise": 0}]
        tree = rubric({"born": {"input": {"age": "years", "on": "today"}, "bands": bands}}, 5)
        assert proposed(tree, {"born": "2020-01-01"}) == (({"born": day}, 1) if day else None)
