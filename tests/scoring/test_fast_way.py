"""The fast way by examples: however a value is written, whatever is kept, it gives the plain scorecard or its error."""

import pickle
from copy import copy
from typing import Any

import pytest

from scoring import Rubric, Scorecard, ScoringError, Subject, evaluate, load_rubric
from scoring.compiled import cells, explaining
from scoring.compiled.compile import compiled, score

CHOICE: dict[str, Any] = {"choice": {"yes": 10, "partial": 5, "no": 0}}


def rubric(criteria: dict[str, Any], **more: Any) -> Rubric:
    tree = {
        "rubric": "fast",
        "defaults": {"unanswered": 0, "not_applicable": "excluded"},
        "criteria": criteria,
        "groups": {"t": {"combine": "mean", "of": list(criteria)}},
        "levels": {"award": {"of": "t", "rungs": [{"id": "low"}, {"id": "high", "total": 5}]}},
    }
    return load_rubric({**tree, **more})


def both(tree: Rubric, subject: Subject) -> Scorecard:
    """The scorecard of the fast way, which has to be the plain one."""
    found, plain = score(tree, subject), evaluate(tree, subject)
    assert found == plain
    assert found.canonical_json() == plain.canonical_json()
    return found


def error(tree: Rubric, subject: Subject) -> str:
    """The error of the fast way, which has to be the plain one."""
    with pytest.raises(ScoringError) as plain:
        evaluate(tree, subject)
    with pytest.raises(ScoringError) as found:
        score(tree, subject)
    assert str(found.value) == str(plain.value)
    return found.value.code


class TestWritten:
    """A value means the same however it is written."""

    @pytest.mark.parametrize(
        "raw", [["1", "2"], ["2", "1"], ("1", "2"), {"1", "2"}, frozenset({"1", "2"}), "1;2", [1, 2], ["1", 2]]
    )
    def test_several_options(self, raw: Any) -> None:
        tree = rubric({"a": {"choices": {"1": 2, "2": 3, "3": 5}}})
        assert both(tree, Subject({}, {"a": raw})).nodes["t"].value == 5

    @pytest.mark.parametrize(
        ("raw", "state", "said"),
        [
            (5, "value", "5"),
            ("12", "value", "12"),
            (" 12 ", "value", "12"),
            ("1.50", "value", "3/2"),
            (None, "unanswered", None),
            ([], "unanswered", None),
            ("-", "unanswered", None),
        ],
    )
    def test_a_number_that_only_has_to_be_given(self, raw: Any, state: str, said: str | None) -> None:
        tree = rubric({"a": {"answer": "n", "presence": 7}}, answers={"n": "number"}, words={"unanswered": ["-"]})
        found = both(tree, Subject({}, {"n": raw})).findings["a"]
        assert (found.state, found.answer, found.points) == (state, said, 7 if said else 0)

    def test_what_is_no_number_is_refused_even_where_nothing_looks_at_it(self) -> None:
        tree = rubric({"a": {"answer": "n", "presence": 7}}, answers={"n": "number"})
        assert error(tree, Subject({}, {"n": "many"})) == "wrong_type"


class TestPlainly:
    """What the program does not know is left to the plain code: a subject, or the whole rubric."""

    def test_a_fact_that_is_needed_and_missing_stops_that_subject(self) -> None:
        tree = rubric({"a": {**CHOICE, "applies": {"fact": "big", "is": "yes"}}}, facts={"big": "yes_no"})
        assert both(tree, Subject({"big": "yes"}, {"a": "yes"})).levels["award"].reached == "high"
        assert error(tree, Subject({}, {"a": "yes"})) == "missing_fact"

    def test_a_condition_on_a_node(self) -> None:
        tree = rubric({"a": CHOICE, "b": {**CHOICE, "applies": {"node": "a", "at_least": 5}}})
        assert "a condition looks at nodes" in compiled(tree).reason
        found = [both(tree, Subject({}, {"a": word, "b": "no"})).nodes["t"].value for word in ("yes", "no")]
        assert found == [5, 0]

    def test_a_demand_of_a_rung_that_depends_on_a_node(self) -> None:
        demand = {"met_by": ["yes"], "when": {"node": "b", "at_least": 10}}
        levels = {"award": {"of": "t", "rungs": [{"id": "low", "criteria": {"a": demand}}]}}
        tree = rubric({"a": CHOICE, "b": CHOICE}, levels=levels)
        assert "a gate looks at nodes" in compiled(tree).reason
        reached = [both(tree, Subject({}, {"a": "no", "b": word})).levels["award"].reached for word in ("yes", "no")]
        assert reached == [None, "low"]

    def test_a_section_that_a_rung_leaves_free(self) -> None:
        each = {"at_least": 5, "except": {"h": "none"}}
        tree = rubric(
            {"a": CHOICE, "b": CHOICE},
            groups={"g": {"combine": "sum", "of": ["a"]}, "h": {"combine": "sum", "of": ["b"]}},
            levels={"award": {"sections": ["g", "h"], "rungs": [{"id": "low"}, {"id": "in", "each_section": each}]}},
        )
        assert compiled(tree).program.sums
        found = [
            both(tree, Subject({}, {"a": a, "b": b})).levels["award"] for a, b in (("partial", "no"), ("no", "yes"))
        ]
        assert [level.reached for level in found] == ["in", "low"]


class TestKept:
    """Rows and parts of results are kept up to a limit; nothing depends on which ones are."""

    SUBJECTS = tuple(
        Subject({}, {"a": one, "b": other}, not_applicable={"c"} if other == "no" else frozenset())
        for one in CHOICE["choice"]
        for other in CHOICE["choice"]
    )

    @pytest.mark.parametrize(("where", "name"), [(cells, "FULL"), (explaining, "KEPT")])
    def test_results_are_the_same_with_nothing_kept(
        self, where: Any, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE, "c": CHOICE}, version=f"without {name}")
        monkeypatch.setattr(where, name, 1)
        for _ in range(2):
            for subject in self.SUBJECTS:
                both(tree, subject)
        rows = compiled(tree).rows
        assert rows is not None
        assert name != "FULL" or all(len(table) <= 1 for table in rows.criteria)

    def test_equal_results_are_one_in_a_set(self) -> None:
        tree = rubric({"a": CHOICE, "b": CHOICE, "c": CHOICE})
        levels = [score(tree, one).levels["award"] for one in (*self.SUBJECTS, *self.SUBJECTS)]
        assert len(set(levels)) == len({tuple(rung.held + rung.unmet for rung in level.rungs) for level in levels})
        assert {evaluate(tree, one).levels["award"] for one in self.SUBJECTS} == set(levels)


class TestRead:
    """A scorecard's parts are made when one of them is first read, from what the subject said when it was scored."""

    TREE = rubric({"a": CHOICE, "link": {"presence": "2"}})

    def test_parts_are_made_once(self) -> None:
        card = score(self.TREE, Subject({}, {"a": "yes"}))
        assert card.nodes is card.nodes
        assert card.levels is card.levels

    def test_what_the_subject_says_later_changes_nothing(self) -> None:
        answers: dict[str, Any] = {"a": "yes", "link": "before"}
        card = score(self.TREE, Subject({}, answers))
        answers |= {"a": "no", "link": "after"}
        assert card == evaluate(self.TREE, Subject({}, {"a": "yes", "link": "before"}))
        assert card.findings["link"].answer == "before"

    def test_a_list_that_grows_later_changes_nothing(self) -> None:
        tree = rubric(
            {"a": {"presence": 1, "input": {"answer": "s"}}}, answers={"s": {"type": "choices", "options": ["p", "q"]}}
        )
        chosen = ["p"]
        card = score(tree, Subject({}, {"s": chosen}))
        chosen.append("nothing of the sort")
        assert card == evaluate(tree, Subject({}, {"s": ["p"]}))

    def test_copies_have_every_part(self) -> None:
        card = score(self.TREE, Subject({}, {"a": "yes"}))
        for other in (copy(card), pickle.loads(pickle.dumps(card))):
            assert other == card
            assert other.make is None

    def test_another_name_is_no_part(self) -> None:
        with pytest.raises(AttributeError, match="sections"):
            score(self.TREE, Subject({}, {"a": "yes"})).sections  # noqa: B018

    def test_a_void_answer_alone_in_its_group(self) -> None:
        tree = rubric(
            {"a": {"choice": {"yes": 1, "broken": "void"}}},
            groups={"t": {"combine": "sum", "of": ["a"], "when_void": "void"}},
        )
        assert both(tree, Subject({}, {"a": "broken"})).nodes["t"].state == "void"
