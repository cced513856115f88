"""What a rubric or a row may say and what not: conditions, options, claims, rulings, and one mistake told once."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scoring import Rubric, RubricError, Ruling, Subject, evaluate, load_rubric
from scoring.errors import ReadingError
from scoring.files.subjects import Layout, Row, read_subjects, subject_from_tree
from scoring.headers import known

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "no": 0}}
A = {"a": CHOICE, "n": {"linear": {}}}


def rubric(**parts: Any) -> Rubric:
    return load_rubric({"rubric": "read", "defaults": {"unanswered": 0}, "criteria": A, **parts})


def told(**parts: Any) -> list[str]:
    with pytest.raises(RubricError) as caught:
        rubric(**parts)
    return [problem.reason for problem in caught.value.problems]


def when(condition: Mapping[str, Any]) -> dict[str, Any]:
    return {"criteria": {**A, "x": {"points": 1, "applies": condition}}}


def holds(condition: Mapping[str, Any], given: Mapping[str, Any], **parts: Any) -> bool:
    tree, subject = rubric(**when(condition), **parts), Subject({}, given)
    card = evaluate(tree, subject)
    return card.nodes["x"].value == 1


class TestConditions:
    @pytest.mark.parametrize(
        "condition",
        [
            {"answer": "a"},
            {"is": "yes"},
            {"answer": "a", "node": "a", "is": "yes"},
            {"answer": "n", "at_least": 1, "at_most": 2},
            {"answer": "a", "is": "yes", "unless": "no"},
            {"answer": "a", "node": "a"},
            {"all": [{"answer": "a", "is": "yes"}], "any": [{"answer": "a", "is": "yes"}]},
        ],
    )
    def test_one_thing_looked_at_and_one_test(self, condition: dict[str, Any]) -> None:
        assert told(**when(condition)) == ["this is not a condition"]

    @pytest.mark.parametrize(
        ("condition", "reason"),
        [
            ({"answer": "a", "is": ["yes"]}, "a text is needed here"),
            ({"answer": "a", "in": ["yes", "maybe"]}, "there is no such option"),
            ({"answer": "n", "any_of": [1]}, "'any_of' does not fit 'n'"),
            ({"level": "l", "in": ["low"]}, "a text is needed here"),
            ({"level": "l", "any_of": "low"}, "this does not fit a level"),
            ({"level": "l", "at_least": "top"}, "this does not fit a level"),
        ],
    )
    def test_mistakes(self, condition: dict[str, Any], reason: str) -> None:
        levels = {"l": {"of": "n", "rungs": [{"id": "low", "total": 1}]}}
        assert reason in told(**when(condition), levels=levels)

    @pytest.mark.parametrize(
        ("condition", "held"),
        [
            ({"answer": "a", "is": "yes"}, "y"),
            ({"answer": "a", "in": "yes"}, "y"),
            ({"answer": "a", "in": ["yes", "no"]}, "yn"),
            ({"answer": "a", "answered": "yes"}, "yn"),
            ({"answer": "a", "answered": "no"}, "-"),
            ({"not": {"answer": "a", "is": "yes"}}, "n-"),
            ({"any": [{"answer": "a", "is": "yes"}, {"answer": "a", "is": "no"}]}, "yn"),
            ({"all": [{"answer": "a", "is": "yes"}, {"answer": "a", "is": "no"}]}, ""),
            ({"state": "a", "is": "unanswered"}, "-"),
        ],
    )
    def test_for_which_answers_they_hold(self, condition: dict[str, Any], held: str) -> None:
        answers: dict[str, dict[str, Any]] = {"y": {"a": "yes"}, "n": {"a": "no"}, "-": {}}
        assert "".join(sign for sign, given in answers.items() if holds(condition, given)) == held

    @pytest.mark.parametrize(
        ("text", "held"),
        [("see https://a.kh/x", True), ("http://abcde", False), ("https://abcd", False), ("www.example.kh", False)],
    )
    def test_a_link_has_an_address(self, text: str, held: bool) -> None:
        link = {"answer": "t", "has_link": "yes"}
        assert holds(link, {"t": text}, answers={"t": "text"}) is held
        assert holds({**link, "has_link": "no"}, {"t": text}, answers={"t": "text"}) is not held

    @pytest.mark.parametrize(
        ("op", "held"), [("is", [2]), ("at_least", [2, 3]), ("above", [3]), ("at_most", [1, 2]), ("below", [1])]
    )
    def test_a_rung_of_another_level(self, op: str, held: list[int]) -> None:
        levels = {"l": {"of": "n", "rungs": [{"id": f"r{number}", "total": number} for number in (1, 2, 3)]}}
        condition = {"level": "l", op: "r2"}
        assert [number for number in (0, 1, 2, 3) if holds(condition, {"n": number}, levels=levels)] == held


class TestCriteria:
    def test_options_that_stand_alone_come_with_the_answer(self) -> None:
        answers = {
            name: {"type": "choices", "options": ["x", "none"], "exclusive": exclusive}
            for name, exclusive in (("q", ["none"]), ("r", []))
        }
        table = {"choices": {"x": 1, "none": 5}}
        tree = rubric(criteria={name: {"answer": name.lower(), **table} for name in "QR"}, answers=answers)
        assert [tree.criteria[name].attainable for name in "QR"] == [5, 6]
        assert [tree.criteria[name].rule.exclusive for name in "QR"] == [("none",), ()]  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("criterion", "most"),
        [
            ({"linear": {"highest": 7}}, 7),
            ({"linear": {"highest": 7}, "cap": 5}, 5),
            ({"linear": {"highest": 7}, "cap": 9}, 7),
            ({"linear": {}, "cap": 9}, 9),
            ({"linear": {}, "attainable": 4, "cap": 9}, 4),
            ({"linear": {"highest": 7}, "floor": 8}, 8),
            ({"linear": {"highest": 7}, "floor": 6}, 7),
            ({"linear": {}, "floor": 6}, None),
            ({"presence": -3}, 0),
            ({"bands": [{"at_least": 5, "points": 1}, {"otherwise": 9}]}, 9),
            ({"cases": [{"when": {"answer": "n", "is": 1}, "linear": {"highest": 4}}, {"points": 2}]}, 4),
            ({"cases": [{"when": {"answer": "n", "is": 1}, "linear": {}}, {"points": 2}]}, None),
            ({"product": [{"input": "n", "linear": {"lowest": 0}}, {"input": "n", "points": 2}]}, None),
            ({"product": [{"input": "n", "linear": {"highest": 0}}, {"input": "n", "points": 2}]}, None),
            ({"choice": {"a": "void", "b": "excluded"}}, 0),
        ],
    )
    def test_the_most_there_is_to_get(self, criterion: dict[str, Any], most: int | None) -> None:
        assert rubric(criteria={"a": criterion}, answers={"n": "number"}).criteria["a"].attainable == most

    @pytest.mark.parametrize(
        ("criterion", "points"),
        [
            ({"choice": {"x": 5, "y": 2}}, 0),
            ({"choice": {"x": 5, "y": -2}}, -2),
            ({"choice": {"x": 5, "y": -2}, "floor": -1}, -1),
            ({"linear": {}}, 0),
            ({"linear": {"lowest": -4}}, -4),
            ({"cases": [{"when": {"answer": "n", "is": 1}, "linear": {"lowest": -4}}, {"points": 2}]}, -4),
        ],
    )
    def test_a_claim_that_nothing_supports_does_no_better_than_the_worst_answer(
        self, criterion: dict[str, Any], points: int
    ) -> None:
        tree = rubric(criteria={"a": criterion}, answers={"n": "number"})
        assert tree.criteria["a"].policies.unsupported == points

    @pytest.mark.parametrize(
        ("evidence", "at_most", "files"),
        [
            (None, None, 1), ("none", None, 1), ("full", 0, 1), ("half", 5, 1),
            ({"at_most": 3}, 3, 1), ({"gate": "half", "files": 2}, 5, 2),
        ],
    )  # fmt: skip
    def test_what_evidence_holds_back(self, evidence: Any, at_most: int | None, files: int) -> None:
        gate = rubric(criteria={"a": {**CHOICE, **({"evidence": evidence} if evidence else {})}}).criteria["a"].evidence
        assert (gate.at_most, gate.files) == (at_most, files)

    def test_what_is_not_said(self) -> None:
        criterion = rubric(criteria={"a": CHOICE}, defaults={}).criteria["a"]
        policies = criterion.policies
        assert (policies.unanswered, policies.not_applicable) == ("error", "error")
        assert (policies.void, policies.not_asked, policies.unsupported) == ("void", "excluded", 0)
        assert (criterion.effort, criterion.finish.cap, criterion.finish.overrides) == (1, None, ())
        group = rubric(groups={"g": {"combine": "mean", "of": ["a"]}}).groups["g"]
        assert (group.times, group.needs, group.digits, group.when_void, group.when_empty) == (1, 1, 30, "void", None)
        (child,) = group.children
        assert [case.weight for case in child.weights] == [1]


def rows(text: str, tree: Rubric) -> list[Row]:
    return list(read_subjects(Path("s.csv"), io.StringIO(text, newline=""), known(tree), Layout()))


class TestRows:
    @pytest.mark.parametrize(
        ("word", "claimed", "ruling"),
        [
            ("yes", True, None), ("TRUE", True, None), ("1", True, None), ("claimed", True, None), ("no", False, None),
            ("", False, None), ("accepted", True, "accepted"), ("refused", True, "refused"),
        ],
    )  # fmt: skip
    def test_a_claim_that_something_is_not_applicable(self, word: str, claimed: bool, ruling: str | None) -> None:
        (row,) = rows(f"id,n,a.not_applicable\nx,1,{word}\n", rubric())
        rulings = {"a": Ruling(not_applicable=ruling)} if ruling else {}  # type: ignore[arg-type]
        assert row.subject == Subject({}, {"n": "1"}, {}, rulings, frozenset("a" if claimed else ""), "x")

    def test_what_a_ruling_may_be(self) -> None:
        assert subject_from_tree({"rulings": {"a": "confirm"}}).rulings == {"a": Ruling("confirm")}
        with pytest.raises(ReadingError, match="verdict is one of confirm, adjust, not_supported"):
            subject_from_tree({"rulings": {"a": "perhaps"}})
        with pytest.raises(ReadingError, match="evidence is one of accepted, refused"):
            subject_from_tree({"rulings": {"a": {"evidence": "given"}}})


def test_an_answer_may_be_called_by_a_number() -> None:
    for answers, points in (({"5": "number"}, 7), ({"six": "number"}, 5)):
        tree = rubric(criteria={"a": {"input": {"add": ["5", 0]}, "linear": {}}}, answers=answers)
        given = dict.fromkeys(answers, 7)
        assert evaluate(tree, Subject({}, given)).nodes["a"].value == points


def test_only_days_are_suggested_for_an_age() -> None:
    age = {"a": {"input": {"age": "days", "on": "dat"}, "linear": {}}}
    with pytest.raises(RubricError, match="Did you mean 'data'"):
        rubric(criteria=age, facts={"data": "date", "date": "number"})


def test_a_level_waits_for_what_it_looks_at() -> None:
    levels = {"first": {"of": "t", "rungs": [{"id": "in", "total": 5}]}, "second": {"rungs": [{"id": "x"}]}}
    tree = rubric(
        criteria={"a": {"points": 1, "applies": {"level": "first", "at_least": "in"}}, "z": {"linear": {}}},
        groups={"t": {"combine": "sum", "of": ["z"]}},
        levels=levels,
    )
    assert [evaluate(tree, Subject({}, {"z": number})).nodes["a"].value for number in (4, 5)] == [None, 1]
