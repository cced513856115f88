"""What is told of a result: whose share it is, the most there was to get, and why, in the rubric's own words."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring import Files, Rubric, Ruling, Scorecard, Subject, evaluate, load_rubric, rehearse
from scoring.__main__ import main
from scoring.loading.criteria import CRITERION_KEYS, DEFAULTS
from scoring.loading.schema import schema

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "no": 0}}


def rubric(criteria: Mapping[str, Any], **more: Any) -> Rubric:
    return load_rubric({"rubric": "told", "defaults": {"unanswered": 0}, "criteria": criteria, **more})


def score(tree: Rubric, answers: Mapping[str, Any], **more: Any) -> Scorecard:
    subject = Subject({}, answers, **more)
    return evaluate(tree, subject)


class TestShares:
    @pytest.mark.parametrize(("combine", "decides"), [("lowest", "a"), ("highest", "b")])
    def test_the_child_that_decides_gives_all(self, combine: str, decides: str) -> None:
        groups = {"g": {"combine": combine, "of": ["a", "b"], "times": 3}}
        card = score(rubric({"a": {"linear": {}}, "b": {"linear": {}}}, groups=groups), {"a": 2, "b": 5})
        assert card.contributions("g") == {"a": 0, "b": 0, decides: card.nodes["g"].value}
        assert card.nodes["g"].decided_by == (decides,)

    @pytest.mark.parametrize("combine", ["lowest", "highest"])
    def test_of_equal_children_the_first_by_name_decides(self, combine: str) -> None:
        criteria = {name: {"linear": {}} for name in ("b", "c", "a")}
        tree = rubric(criteria, groups={"g": {"combine": combine, "of": list(criteria)}})
        assert score(tree, dict.fromkeys(criteria, 4)).nodes["g"].decided_by == ("a",)

    def test_a_geometric_mean_of_the_best_answers_is_the_most_it_can_be(self) -> None:
        criteria = {"a": {"choice": {"yes": 3, "no": 1}}, "b": {"choice": {"yes": 24, "no": 1}}}
        groups = {"g": {"combine": "geometric_mean", "of": {"a": 2, "b": 1}, "times": 3}}
        tree = rubric(criteria, groups=groups)
        assert (
            score(tree, {"a": "no", "b": "no"}).nodes["g"].attainable
            == score(tree, {"a": "yes", "b": "yes"}).nodes["g"].value
            == 18
        )


class TestWords:
    def test_options_by_their_titles(self) -> None:
        options = {"yes": {"km": "បាទ", "en": "Always"}, "no": {"km": "ទេ", "en": "Never"}}
        card = score(rubric({"a": {**CHOICE, "options": options}}), {"a": "yes"})
        assert card.nodes["a"].because("en") == "The answer “Always” is worth 10 of 10 points."
        assert "បាទ" in card.nodes["a"].because("km")

    def test_the_case_by_its_condition(self) -> None:
        cases = [{"when": {"answer": "n", "above": 5}, "points": 2}, {"points": 1}]
        tree = rubric({"a": {"cases": cases}}, answers={"n": "number"})
        assert score(tree, {"n": 6}).nodes["a"].because("en") == "Because “n” is above 5: it earns 2 of 2 points."
        assert score(tree, {"n": 5}).nodes["a"].because("en") == "Because no other case holds: it earns 1 of 2 points."

    def test_a_scorecard_is_utf_8_as_people_type_it(self) -> None:
        card = score(rubric({"a": CHOICE}), {"a": "yes"}, id="ក្រុមហ៊ុន")
        assert "ក្រុមហ៊ុន".encode() in card.canonical_json()
        assert list(json.loads(card.canonical_json())) == sorted(json.loads(card.canonical_json()))

    def test_a_part_that_stands_alone_needs_no_brackets(self) -> None:
        one, two = {"node": "a", "above": 1}, {"node": "a", "below": 9}
        rung = {"id": "in", "conditions": [{"all": [{"any": [one]}, {"any": [one, two]}]}]}
        tree = rubric({"a": {"linear": {}}}, levels={"l": {"rungs": [rung]}})
        (condition,) = score(tree, {"a": 5}).levels["l"].rungs[0].held
        assert (
            condition.says("en")
            == "The result of “a” is above 1, and (the result of “a” is above 1, or the result of “a” is below 9)"
        )

    def test_the_form_of_a_scorecard_has_a_number(self) -> None:
        assert json.loads(score(rubric({"a": CHOICE}), {}).canonical_json())["format"] == 1

    def test_rungs_are_the_same_when_the_same_conditions_hold(self) -> None:
        tree = rubric({"a": CHOICE}, levels={"l": {"of": "a", "rungs": [{"id": "in", "total": 5}]}})
        first, same, other = (score(tree, {"a": word}).levels["l"].rungs[0] for word in ("yes", "yes", "no"))
        assert (first == same, first == other, first == "in") == (True, False, False)
        assert (hash(first) == hash(same), first != other) == (True, True)


class TestRehearsal:
    def test_each_rubric_keeps_its_own_ladder(self) -> None:
        def with_rungs(*names: str) -> Rubric:
            rungs = [{"id": name, "total": number} for number, name in enumerate(names)]
            return rubric({"a": CHOICE}, levels={"l": {"of": "a", "rungs": rungs}})

        found = rehearse(with_rungs("x", "y"), with_rungs("y", "z"), [Subject({}, {"a": "yes"})] * 2)
        assert (found.rungs_before, found.rungs_after) == (("x", "y"), ("y", "z"))
        assert (found.matrix, found.scored) == ({("y", "z"): 2}, 2)
        assert [move.rises for move in found.moves] == [False, False]


class TestSupport:
    @pytest.mark.parametrize(
        ("evidence", "ruling", "state"),
        [
            ({}, None, None),
            ({"a": Files(1)}, None, "given"),
            ({"a": Files(1, 1)}, None, "accepted"),
            ({"a": "given"}, None, "given"),
            ({"a": "refused"}, None, "refused"),
            ({}, Ruling(evidence="refused"), "refused"),
            ({"a": "accepted"}, Ruling(evidence="refused"), "refused"),
            ({"a": "refused"}, Ruling(evidence="accepted"), "accepted"),
        ],
    )
    def test_what_a_condition_finds_of_evidence(self, evidence: Any, ruling: Ruling | None, state: str | None) -> None:
        seen = ("given", "accepted", "refused")
        looking = {word: {"points": 1, "applies": {"evidence": "a", "is": word}} for word in seen}
        rulings = {"a": ruling} if ruling else {}
        card = evaluate(rubric({"a": CHOICE, **looking}), Subject({}, {}, evidence, rulings), basis="verified")
        assert [word for word in seen if card.nodes[word].value == 1] == ([state] if state else [])

    @pytest.mark.parametrize(("files", "state"), [(Files(1, 1), "value"), (Files(1, 0), "unsupported")])
    def test_one_accepted_file_supports_an_answer(self, files: Files, state: str) -> None:
        subject = Subject({}, {"a": "yes"}, {"a": files})
        assert evaluate(rubric({"a": CHOICE}), subject, basis="verified").findings["a"].state == state

    def test_a_decision_counts_where_it_was_written(self) -> None:
        """A reviewer may write a discretionary decision at the criterion or at the answer it reads."""
        essential = {"met_by": ["yes"], "discretionary": ["no"]}
        tree = rubric(
            {"b": {"answer": "a", **CHOICE, "essential": essential}},
            answers={"a": {"type": "choice", "options": ["yes", "no"]}},
        )
        for at in ("a", "b"):
            rulings = {"a": Ruling("confirm")} | {at: Ruling("confirm", essential="pass", reason="seen")}
            card = evaluate(tree, Subject({}, {"a": "no"}, rulings=rulings), basis="verified")
            assert card.essentials["b"].code == "decided_pass"


class TestCommand:
    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        tree = {
            "rubric": "told",
            "defaults": {"unanswered": 0},
            "criteria": {"a": CHOICE},
            "levels": {"l": {"of": "a", "rungs": [{"id": "in", "total": 5}]}},
        }
        (tmp_path / "r.json").write_text(json.dumps(tree), "utf-8")
        monkeypatch.chdir(tmp_path)
        return tmp_path

    @pytest.mark.parametrize(
        ("line", "code"),
        [('{"answers": {"a": "yes"}}', 0), ('{"answers": {"a": "maybe"}}', 1), ('{"answers": 5}', 1)],
    )
    def test_a_rehearsal_tells_by_its_code_whether_all_were_scored(self, line: str, code: int, place: Path) -> None:
        (place / "s.jsonl").write_text(line + "\n")
        assert main(["rehearse", "r.json", "r.json", "s.jsonl"]) == code

    def test_the_schema_is_printed_for_people(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["schema"]) == 0
        assert capsys.readouterr().out == json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"

    def test_the_schema_knows_what_may_stand_where(self) -> None:
        parts: Any = schema()["properties"]
        assert set(parts["defaults"]["properties"]) == set(DEFAULTS)
        criterion = parts["criteria"]["additionalProperties"]["anyOf"][1]["properties"]
        assert set(criterion) == {*CRITERION_KEYS, "for_each", "where", "tags"}
        assert criterion["round"]["properties"]["digits"]["minimum"] == 0
        assert criterion["cases"]["anyOf"][0]["minItems"] == 1

    def test_a_command_is_needed(self) -> None:
        with pytest.raises(SystemExit):
            main([])


def test_shares_of_a_mean_are_exact() -> None:
    tree = rubric({"a": {"linear": {}}, "b": {"linear": {}}}, groups={"g": {"combine": "mean", "of": {"a": 1, "b": 2}}})
    assert score(tree, {"a": 1, "b": 1}).contributions("g") == {"a": Fraction(1, 3), "b": Fraction(2, 3)}
