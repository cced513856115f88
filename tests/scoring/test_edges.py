"""Exactly at the edge: the first and the last value a rule, a limit or a file still takes."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from scoring import RubricError, ScoringError, Subject, evaluate, load_rubric, numbers


def value(criterion: dict[str, Any], answer: object, **parts: Any) -> Fraction | None:
    """The points of one answer under one rule."""
    tree = load_rubric({"rubric": "edge", "defaults": {"unanswered": 0}, "criteria": {"a": criterion}, **parts})
    subject = Subject({"on": "2026-03-01"} if "facts" in parts else {}, {"a": answer})  # type: ignore[dict-item]
    card = evaluate(tree, subject)
    return card.nodes["a"].value


def problems(criterion: dict[str, Any], **parts: Any) -> list[str]:
    with pytest.raises(RubricError) as caught:
        load_rubric({"rubric": "edge", "criteria": {"a": criterion}, **parts})
    return [str(problem) for problem in caught.value.problems]


class TestNumbers:
    @pytest.mark.parametrize("degree", [1, 2, 3, 5])
    def test_a_whole_root_is_the_largest_that_fits(self, degree: int) -> None:
        for number in range(300):
            root = numbers.whole_root(number, degree)
            assert root**degree <= number < (root + 1) ** degree

    def test_a_text_may_have_forty_digits_and_an_exponent_of_thirty(self) -> None:
        assert numbers.parse("9" * 40) == 10**40 - 1
        assert numbers.parse("0." + "9" * 40) == 1 - Fraction(1, 10**40)
        assert (numbers.parse("1e30"), numbers.parse("1e-30")) == (10**30, Fraction(1, 10**30))
        assert [numbers.parse(text) for text in ("9" * 41, "0." + "9" * 41, "1e31", "1e-31")] == [None] * 4

    def test_the_largest_number_is_below_ten_to_the_eighty(self) -> None:
        most = 10**80 - 1
        assert value({"linear": {}}, most) == most
        assert value({"linear": {}}, Fraction(1, most)) == Fraction(1, most)
        for raw in (10**80, -(10**80), Fraction(1, 10**80)):
            with pytest.raises(ScoringError, match="too_large"):
                value({"linear": {}}, raw)

    def test_nothing_has_no_sign(self) -> None:
        assert [numbers.plain(Fraction(text), 2) for text in ("0", "-1/1000", "-1/200")] == ["0.00", "0.00", "-0.01"]

    @pytest.mark.parametrize(
        ("how", "rounded"),
        [
            ("half_up", [0, 0, 1, 1, 1, 1, 2, 2]),
            ("half_even", [0, 0, 0, 1, 1, 1, 2, 2]),
            ("down", [0, 0, 0, 0, 1, 1, 1, 1]),
            ("up", [0, 1, 1, 1, 1, 2, 2, 2]),
        ],
    )
    def test_quarters_rounded(self, how: numbers.Rounding, rounded: list[int]) -> None:
        quarters = [Fraction(quarter, 4) for quarter in range(8)]
        assert [numbers.round_to(one, 0, how) for one in quarters] == rounded
        assert [numbers.round_to(-one, 0, how) for one in quarters] == [-one for one in rounded]
        assert numbers.round_to(Fraction(1, 3), 0, how) == (1 if how == "up" else 0)
        assert numbers.round_to(Fraction(2, 3), 0, how) == (0 if how == "down" else 1)

    def test_people_see_two_decimals_and_never_nothing_where_there_is_something(self) -> None:
        assert [numbers.display(Fraction(text)) for text in ("1/3", "1/800", "100")] == ["0.33", "0.001", "100"]


class TestRules:
    def test_goalposts_end_at_their_posts(self) -> None:
        posts = {"goalposts": {"from": 20, "to": 85}}
        assert [value(posts, answer) for answer in (19, 20, 21, 84, 85, 86)] == [
            0, 0, Fraction(1, 65), Fraction(64, 65), 1, 1,
        ]  # fmt: skip

    def test_a_logarithm_starts_above_nothing(self) -> None:
        posts = {"goalposts": {"from": 1, "to": 100, "scale": "log", "clamp": "none"}}
        assert value(posts, 1) == 0
        below = value(posts, "0.1")
        assert below is not None
        assert numbers.display(below, 20) == "-0.5"
        with pytest.raises(ScoringError, match="not_positive"):
            value(posts, 0)

    def test_a_logarithm_has_thirty_digits_unless_told(self) -> None:
        posts = {"from": 1, "to": 100, "scale": "log"}
        assert value({"goalposts": posts}, 7) == value({"goalposts": {**posts, "digits": 30}}, 7)
        assert value({"goalposts": posts}, 7) != value({"goalposts": {**posts, "digits": 31}}, 7)

    def test_a_year_is_full_on_the_day_itself(self) -> None:
        age = {"input": {"age": "years", "on": "on"}, "linear": {}}
        born = ("2020-02-29", "2020-03-01", "2020-03-02", "2026-03-01")
        assert [value(age, day, facts={"on": "date"}) for day in born] == [6, 6, 5, 0]
        months = {"input": {"age": "months", "on": "on"}, "linear": {}}
        assert [value(months, day, facts={"on": "date"}) for day in ("2026-02-01", "2026-02-02")] == [1, 0]

    @pytest.mark.parametrize(("tight", "loose", "within"), [("above", "at_least", 6), ("below", "at_most", 4)])
    def test_of_two_bands_with_one_edge_the_one_that_leaves_it_out_is_tighter(
        self, tight: str, loose: str, within: int
    ) -> None:
        bands = [{tight: 5, "points": 2}, {loose: 5, "points": 1}, {"otherwise": 0}]
        for written in (bands, bands[::-1]):
            assert [value({"bands": written}, answer) for answer in (5, within)] == [1, 2]

    def test_a_rule_needs_the_fact_it_reads(self) -> None:
        criteria = {"a": {"input": {"fact": "size"}, "linear": {}}}
        tree = load_rubric({"rubric": "edge", "facts": {"size": "number"}, "criteria": criteria})
        with pytest.raises(ScoringError, match="missing_fact"):
            evaluate(tree, Subject())

    def test_a_value_is_told_as_people_write_it(self) -> None:
        tree = load_rubric({"rubric": "edge", "criteria": {"a": {"linear": {}}}, "defaults": {"unanswered": 0}})
        node = evaluate(tree, Subject({}, {"a": "2.5"})).nodes["a"]
        assert node.because("en") == "The value 2.5 earns 2.5 points."
        assert "២.៥" in node.because("km")


class TestMistakes:
    @pytest.mark.parametrize(
        "criterion",
        [
            {"linear": {"lowest": 2, "highest": 2}},
            {"linear": {}, "floor": 2, "cap": 2},
            {"goalposts": {"from": "0.5", "to": "0.25", "scale": "log"}},
            {"goalposts": {"from": 0, "to": 1, "digits": 5}},
            {"goalposts": {"from": 0, "to": 1, "digits": 60}},
            {"linear": {}, "round": {"digits": 0}},
            {"linear": {}, "round": {"digits": 30}},
            {"linear": {}, "evidence": {"at_most": 1, "files": 1}},
            {"linear": {}, "evidence": {"at_most": 1, "files": 100}},
            {"linear": {}, "effort": 0},
        ],
    )
    def test_the_last_that_is_none(self, criterion: dict[str, Any]) -> None:
        assert value(criterion, None) is not None

    @pytest.mark.parametrize(
        ("criterion", "reason"),
        [
            ({"goalposts": {"from": 1, "to": 0, "scale": "log"}}, "a logarithm needs goalposts above 0"),
            ({"goalposts": {"from": 1, "points": 3}}, "'to' is missing"),
            ({"goalposts": {"from": 0, "to": 1, "digits": 4}}, "a whole number from 5 to 60"),
            ({"goalposts": {"from": 0, "to": 1, "digits": 61}}, "a whole number from 5 to 60"),
            ({"linear": {}, "round": {"digits": 31}}, "a whole number from 0 to 30"),
            (
                {"linear": {}, "evidence": {"at_most": 1, "files": 101}},
                "a whole number from 1 to 100",
            ),
            ({"linear": {}, "effort": -1}, "effort is below 0"),
        ],
    )
    def test_the_first_that_is_one_is_told_once(self, criterion: dict[str, Any], reason: str) -> None:
        (said,) = problems(criterion)
        assert reason in said


def test_days_of_an_age_follow_one_another() -> None:
    """Every later birthday gives at most the same age, and whole years never come before whole months."""
    days = [date.fromordinal(date(2022, 1, 1).toordinal() + step) for step in range(0, 1500, 13)]
    for unit in ("days", "months", "years"):
        age = {"input": {"age": unit, "on": "on"}, "linear": {}}
        found = [value(age, day, facts={"on": "date"}) for day in days if day <= date(2026, 3, 1)]
        assert all(one is not None and other is not None and one >= other for one, other in pairwise(found))


class TestValues:
    def test_a_text_may_have_twenty_thousand_characters(self) -> None:
        assert value({"presence": 3}, "x" * 20_000) == 3
        with pytest.raises(ScoringError, match="too_large"):
            value({"presence": 3}, "x" * 20_001)

    @pytest.mark.parametrize("count", [12, 13])
    def test_twelve_options_are_listed(self, count: int) -> None:
        table = {f"option{number:02}": number for number in range(count)}
        with pytest.raises(ScoringError) as caught:
            value({"choice": table}, "other")
        assert caught.value.reason.count("option") == 13
        assert caught.value.reason.endswith(", …") == (count > 12)

    def test_an_exclusive_option_may_stand_alone(self) -> None:
        rule = {"choices": {"x": 1, "y": 2, "none": 5}, "exclusive": ["none"]}
        assert [value(rule, answer) for answer in (["none"], ["x", "y"], "x;;y; ")] == [5, 3, 3]

    def test_an_option_may_be_named_by_its_number_when_only_one_has_it(self) -> None:
        assert value({"choice": {"1": 5, "2": 6}}, "2.0") == 6
        with pytest.raises(ScoringError, match="unknown_option"):
            value({"choice": {"1": 5, "1.0": 6}}, "01")

    def test_yes_and_no_in_many_forms(self) -> None:
        rule = {"a": {"choice": {"yes": 1, "no": 0}, "answer": "q"}}
        tree = load_rubric(
            {"rubric": "edge", "defaults": {"unanswered": 9}, "criteria": rule, "answers": {"q": "yes_no"}}
        )
        forms = (True, False, "TRUE", "false", " Yes ", "no", None, "")
        points = [evaluate(tree, Subject({}, {"q": form})).nodes["a"].value for form in forms]
        assert points == [1, 0, 1, 0, 1, 0, 9, 9]

    def test_nobody_answers_with_an_empty_list(self) -> None:
        tree = {"rubric": "edge", "defaults": {"unanswered": 9}, "criteria": {"a": {"choices": {"x": 1}}}}
        for empty in ([], (), set(), frozenset()):
            assert evaluate(load_rubric(tree), Subject({}, {"a": empty})).nodes["a"].value == 9  # type: ignore[dict-item]
