"""Paths to the next level: what a rung asks for, how far is searched, and what is said of the result."""

import json
from pathlib import Path as File
from typing import Any

import pytest

from scoring import NoPath, Path, Rubric, RubricError, Subject, cheapest_path, evaluate, load_rubric
from scoring.__main__ import main
from scoring.loading.reader import read_rubric

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}
SIDES: dict[str, Any] = {"g": {"combine": "sum", "of": ["a"]}, "h": {"combine": "sum", "of": ["b"]}}
BOTH: dict[str, Any] = {"t": {"combine": "sum", "of": ["a", "b"]}}


def rubric(criteria: dict[str, Any], groups: dict[str, Any] | None = None, **more: Any) -> Rubric:
    defaults = {"unanswered": 0, "not_applicable": "excluded", **more.pop("defaults", {})}
    return load_rubric({"rubric": "ways", "defaults": defaults, "criteria": criteria, "groups": groups or {}, **more})


def award(rung: dict[str, Any], **scale: Any) -> dict[str, Any]:
    return {"award": {"rungs": [{"id": "in", **rung}], **scale}}


def changes(path: Path | NoPath) -> dict[str, Any] | None:
    """All answers a path changes; the rung has to be reached by the scorecard of its own."""
    if isinstance(path, NoPath):
        return None
    assert path.scorecard.levels["award"].reached == path.reaches
    return {answer: value for step in path.steps for answer, value in step.answers.items()}


class TestRungs:
    @pytest.mark.parametrize(("free", "changed"), [({"h": "none"}, ["a"]), ({"h": 5}, ["a", "b"])])
    def test_a_section_that_is_free_is_left_alone(self, free: dict[str, Any], changed: list[str]) -> None:
        groups = {**SIDES, "t": {"combine": "sum", "of": ["g", "h"]}}
        each = {"at_least": 5, "except": free}
        levels = award({"each_section": each}, of="t", sections=["g", "h"])
        path = cheapest_path(rubric({"a": CHOICE, "b": CHOICE}, groups, levels=levels), Subject({}, {}), "award")
        assert changes(path) == dict.fromkeys(changed, "partial")

    def test_a_level_without_a_total(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE}, SIDES, levels=award({"each_section": 5}, sections=["g", "h"]))
        path = cheapest_path(tree, Subject({}, {"a": "no", "b": "no"}), "award")
        assert changes(path) == {"a": "partial", "b": "partial"}
        assert isinstance(path, Path)
        assert (path.effort, path.new_score) == (2, None)
        # A section of nothing asks for nothing.
        assert changes(cheapest_path(tree, Subject({}, {"a": "no"}, not_applicable={"b"}), "award")) == {"a": "partial"}

    def test_a_demand_beside_the_total_that_no_answer_meets(self) -> None:
        demand = {"met_by": ["yes"], "not_applicable": "fail"}
        levels = award({"total": 5, "criteria": {"b": demand}}, of="g")
        tree = rubric({"a": CHOICE, "b": CHOICE}, {"g": SIDES["g"]}, levels=levels)
        path = cheapest_path(tree, Subject({}, {"a": "no"}, not_applicable={"b"}), "award")
        assert isinstance(path, NoPath)
        assert path.why == "none"
        assert changes(cheapest_path(tree, Subject({}, {"a": "no"}), "award")) == {"a": "partial", "b": "yes"}

    def test_limits_of_single_nodes_are_solved_node_by_node(self) -> None:
        """A ladder of badges: each rung needs its worst criterion met, and 70 criteria more are no reason to guess."""
        names = [f"q{number}" for number in range(140)]
        groups = {"first": {"combine": "lowest", "of": names[:70]}, "second": {"combine": "lowest", "of": names[70:]}}
        rungs = [{"id": name, "conditions": [{"node": name, "at_least": 10}]} for name in groups]
        tree = rubric(dict.fromkeys(names, CHOICE), groups, levels={"award": {"series": "yes", "rungs": rungs}})
        answers = {name: "yes" if number % 2 else "partial" for number, name in enumerate(names)}
        path = cheapest_path(tree, Subject({}, answers), "award")
        assert changes(path) == dict.fromkeys(names[:70:2], "yes")
        assert isinstance(path, Path)
        assert path.proved

    def test_conditions_on_files_that_are_given_already(self) -> None:
        gated = {**CHOICE, "evidence": {"at_most": 3, "files": 1}}
        rung = {"total": 9, "conditions": [{"evidence": "a", "is": "given"}]}
        tree = rubric({"a": gated}, {"t": {"combine": "sum", "of": ["a"]}}, levels=award(rung, of="t"))
        assert changes(cheapest_path(tree, Subject({}, {"a": "partial"}, {"a": "given"}), "award")) == {"a": "yes"}


class TestScope:
    """A subject for which nothing can count is not searched."""

    @pytest.mark.parametrize(
        "level", [award({"total": 5}, of="t", better="low"), award({"total": 0}, of="t"), award({}, of="t")]
    )
    @pytest.mark.parametrize("policy", ["excluded", "void"])
    def test_a_total_of_nothing_is_never_reached(self, level: dict[str, Any], policy: str) -> None:
        groups = {"t": {"combine": "sum", "of": ["a"]}}
        tree = rubric({"a": CHOICE}, groups, levels=level, defaults={"not_applicable": policy})
        subject = Subject({}, {"a": "no"}, not_applicable={"a"})
        assert evaluate(tree, subject).levels["award"].reached is None
        assert cheapest_path(tree, subject, "award") == NoPath("award", "in", "out_of_scope")

    @pytest.mark.parametrize("where", ["group", "criterion", "answer"])
    def test_what_a_fact_leaves_out(self, where: str) -> None:
        big = {"fact": "big", "is": "yes"}
        choice = {
            **CHOICE,
            **({"applies": big} if where == "criterion" else {"asked": big} if where == "answer" else {}),
        }
        groups = {"t": {"combine": "sum", "of": ["a"], **({"applies": big} if where == "group" else {})}}
        tree = rubric({"a": choice}, groups, facts={"big": "yes_no"}, levels=award({"total": 5}, of="t"))
        assert cheapest_path(tree, Subject({"big": "no"}), "award") == NoPath("award", "in", "out_of_scope")
        assert changes(cheapest_path(tree, Subject({"big": "yes"}), "award")) == {"a": "partial"}

    def test_what_an_answer_may_still_open_is_in_scope(self) -> None:
        hidden = {**CHOICE, "asked": {"answer": "a", "is": "yes"}}
        tree = rubric({"a": CHOICE, "b": hidden}, {"h": SIDES["h"]}, levels=award({"total": 5}, of="h"))
        assert changes(cheapest_path(tree, Subject(), "award")) == {"a": "yes", "b": "partial"}

    def test_what_is_only_unanswered_is_in_scope(self) -> None:
        tree = rubric(
            {"a": CHOICE}, {"g": SIDES["g"]}, levels=award({"total": 5}, of="g"), defaults={"unanswered": "void"}
        )
        assert changes(cheapest_path(tree, Subject(), "award")) == {"a": "partial"}

    def test_an_empty_total_that_counts_as_a_number_is_what_it_counts_as(self) -> None:
        groups = {"t": {"combine": "sum", "of": ["a"], "when_empty": 3}}
        path = cheapest_path(
            rubric({"a": CHOICE}, groups, levels=award({"total": 5}, of="t")), Subject(not_applicable={"a"}), "award"
        )
        assert path == NoPath("award", "in", "none")


class TestCases:
    """Which table holds decides what is better."""

    @pytest.mark.parametrize(
        ("kind", "now", "changed"),
        [
            ("old", "no", {"a": "yes"}),
            ("old", "yes", None),
            ("new", "yes", {"a": "no"}),
            ("new", "no", None),
            ("other", None, {"b": "yes"}),
        ],
    )
    def test_by_a_fact(self, kind: str, now: str | None, changed: dict[str, str] | None) -> None:
        """A kind without a table has no way but another question."""
        cases = [
            {"when": {"fact": "kind", "is": "old"}, "choice": {"yes": 10, "no": 0}},
            {"when": {"fact": "kind", "is": "new"}, "choice": {"yes": 0, "no": 10}},
        ]
        tree = rubric(
            {"a": {"cases": cases, "unanswered": "excluded"}, "b": {"choice": {"yes": 10, "no": 0}, "effort": 5}},
            BOTH,
            facts={"kind": {"type": "choice", "options": ["old", "new", "other"]}},
            levels=award({"total": 10}, of="t"),
        )
        answers = {"a": now, "b": "no"} if now else {"b": "no"}
        assert changes(cheapest_path(tree, Subject({"kind": kind}, answers), "award")) == changed

    @pytest.mark.parametrize(("now", "wanted"), [("far", ["near", "here"]), ("near", ["here"]), ("here", [])])
    def test_an_answer_that_chooses_its_own_case_has_no_order(self, now: str, wanted: list[str]) -> None:
        """Each way of answering has a table of its own, so any other answer is a step away."""
        cases = [
            {"when": {"answer": "a", "is": "far"}, "points": 1},
            {"when": {"answer": "a", "is": "near"}, "points": 5},
            {"points": 9},
        ]
        options = {"a": {"type": "choice", "options": ["far", "near", "here"]}}
        levels = {"award": {"of": "a", "rungs": [{"id": "some", "total": 5}, {"id": "all", "total": 9}]}}
        path = cheapest_path(
            rubric({"a": {"answer": "a", "cases": cases}}, answers=options, levels=levels),
            Subject({}, {"a": now}),
            "award",
        )
        assert path.steps[0].answers["a"] in wanted if isinstance(path, Path) else wanted == []

    @pytest.mark.parametrize(
        ("kind", "test", "value"),
        [
            ("yes_no", {"is": "yes"}, "yes"),
            ("text", {"length": 5}, "given"),
            ("text", {"has_link": "yes"}, "https://example.org/given"),
            ("number", {"at_least": 5}, None),
        ],
    )
    def test_answers_that_only_the_conditions_of_cases_read(self, kind: str, test: Any, value: str | None) -> None:
        """An answer of another kind is said to be untried."""
        cases = [{"when": {"answer": "said", **test}, "points": 1}, {"points": 0}]
        tree = rubric({"a": {"cases": cases}}, answers={"said": kind}, levels=award({"total": 1}, of="a"))
        path = cheapest_path(tree, Subject(), "award")
        assert changes(path) == ({"said": value} if value else None)
        assert path.untried == (() if value else ("a",))

    def test_the_badge_of_145_criteria(self) -> None:
        """67 criteria of the first badge, eight of which need a text as well: each is met, and no other is touched."""
        tree = read_rubric(File(__file__).parents[2] / "docs" / "rubrics" / "openssf_badge.yaml")
        path = cheapest_path(tree, Subject(), "badge")
        assert isinstance(path, Path)
        assert (path.reaches, len(path.steps), path.effort, path.untried) == ("passing", 67, 75, ())

    def test_only_other_answers_decide(self) -> None:
        tree = rubric(
            {
                "a": {"answer": "q", "cases": [{"when": {"answer": "q", "is": "y"}, "points": 5}, {"points": 0}]},
                "b": {"answer": "link", "presence": 5},
            },
            BOTH,
            answers={"q": {"type": "choice", "options": ["x", "y"]}, "link": "given"},
            levels=award({"total": 10}, of="t"),
        )
        assert changes(cheapest_path(tree, Subject(answers={"q": "x"}), "award")) == {"q": "y", "link": "given"}

    @pytest.mark.parametrize("of", ["t", "a"])
    def test_void_answers_stay_void_and_unanswered_ones_may_be_answered(self, of: str) -> None:
        choice = {"choice": {**CHOICE["choice"], "broken": "void"}, "unanswered": "excluded"}
        groups = {"t": {**BOTH["t"], "when_void": 3}}
        tree = rubric({"a": choice, "b": {**CHOICE, "effort": 2}}, groups, levels=award({"total": 8}, of=of))
        stuck = {"b": "partial"} if of == "t" else None
        for now, wanted in (("broken", stuck), (None, {"a": "yes"}), ("partial", {"a": "yes"})):
            answers = {"b": "no", **({"a": now} if now else {})}
            assert changes(cheapest_path(tree, Subject({}, answers), "award")) == wanted


def sections(count: int) -> Rubric:
    """Sections and a total over the same questions: what one gains all gain, so that nothing is solved node by node."""
    names = [f"q{number}" for number in range(count)]
    weights = {name: 1 + number % 7 for number, name in enumerate(names)}
    groups = {f"s{at}": {"combine": "share", "of": {name: weights[name] for name in names[at::5]}} for at in range(5)}
    groups["total"] = {"combine": "share", "of": weights}
    rung = {"total": "0.7", "each_section": "0.6"}
    return rubric(dict.fromkeys(names, CHOICE), groups, levels=award(rung, of="total", sections=list(groups)[:5]))


class TestBounds:
    def test_a_large_rubric_gets_the_best_found_within_its_budget(self) -> None:
        """What is spent is counted, not timed: the answer is the same on every machine."""
        tree, subject = sections(145), Subject({}, {f"q{number}": "no" for number in range(145)})
        path = cheapest_path(tree, subject, "award", budget=20_000)
        assert isinstance(path, Path)
        assert (path.proved, path.scorecard.levels["award"].reached) == (False, "in")
        assert path == cheapest_path(tree, subject, "award", budget=20_000)
        # Every question takes two steps, and those worth most come first: 84 of 145 carry 70 % of the weight.
        assert path.effort < 2 * 100

    def test_with_next_to_no_budget_nothing_is_claimed(self) -> None:
        tree = sections(20)
        path = cheapest_path(tree, Subject({}, {f"q{number}": "no" for number in range(20)}), "award", budget=10)
        assert path == NoPath("award", "in", "not_found")

    def test_small_rubrics_that_share_parts_are_proved(self) -> None:
        path = cheapest_path(sections(5), Subject({}, {f"q{number}": "partial" for number in range(5)}), "award")
        assert isinstance(path, Path)
        assert (path.proved, path.effort) == (True, 5)

    def test_of_many_options_not_every_set_is_tried(self) -> None:
        rule = {"choices": {f"o{number}": 1 for number in range(12)}}
        tree = rubric({"a": rule}, levels=award({"total": 12}, of="a"))
        path = cheapest_path(tree, Subject({}, {"a": []}), "award")
        assert isinstance(path, Path)
        assert (path.effort, path.proved) == (12, False)

    def test_more_ways_to_ask_than_can_be_told_apart(self) -> None:
        names = [f"q{number}" for number in range(7)]
        asked = {"all": [{"answer": name, "is": "yes"} for name in names]}
        points = {"choice": {"yes": 1, "no": 0}}
        groups = {"t": {"combine": "sum", "of": [*names, "last"]}}
        criteria = {**dict.fromkeys(names, points), "last": {**points, "asked": asked}}
        tree = rubric(criteria, groups, levels=award({"total": 8}, of="t"))
        path = cheapest_path(tree, Subject({}, dict.fromkeys(names, "no")), "award")
        assert changes(path) == dict.fromkeys([*names, "last"], "yes")
        assert isinstance(path, Path)
        # From "no" each question is one step, from nothing at all to the best of two options it is two.
        assert path.effort == 7 + 2


class TestPrinted:
    @pytest.mark.parametrize(
        ("answers", "en", "km"),
        [
            ({"a": "no"}, "award: cheapest path to in (effort 1 → 5)", "ផ្លូវងាយបំផុតទៅ in"),
            ({"a": "yes"}, "", ""),
            ({"b": "x"}, "award: no path to in: no change of answers leads there", "គ្មានការកែចម្លើយណា"),
        ],
    )
    def test_what_the_command_says(
        self, answers: dict[str, str], en: str, km: str, tmp_path: File, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "s.jsonl").write_text(json.dumps({"id": "s", "answers": answers}))
        total = 5 if "a" in answers else 50
        tree = {"rubric": "r", "defaults": {"unanswered": 0}, "answers": {"b": "text"}, "criteria": {"a": CHOICE}}
        (tmp_path / "r.json").write_text(json.dumps({**tree, "levels": award({"total": total}, of="a")}))
        for lang, words in (("en", en), ("km", km)):
            call = ["evaluate", str(tmp_path / "r.json"), str(tmp_path / "s.jsonl"), "--explain", "s", "--lang", lang]
            assert main(call) == 0
            printed = capsys.readouterr().out
            assert words in printed
            assert ("path" in printed or "ផ្លូវ" in printed) == bool(words)


def test_effort_must_fit() -> None:
    for effort in ({"yes": 1}, -1, {"yes": -1, "no": 0}):
        with pytest.raises(RubricError):
            rubric({"a": {"choice": {"yes": 1, "no": 0}, "effort": effort}})
