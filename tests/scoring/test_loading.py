"""What is wrong with a rubric, in plain words; each line is one mistake somebody could make."""

import pytest

from scoring import RubricError, load_rubric

A = {"a": {"choice": {"yes": 1, "no": 0}}}
N = {"n": {"linear": {}}}
T = {"t": {"combine": "sum", "of": ["a"]}}


def rubric(**parts: object) -> dict[str, object]:
    return {"rubric": "x", **parts}


def rungs(*items: dict[str, object], **more: object) -> dict[str, object]:
    return rubric(criteria=A, groups=T, levels={"l": {"of": "t", "rungs": list(items), **more}})


MISTAKES: list[tuple[dict[str, object], str]] = [
    ({}, "the name of the rubric is missing"),
    ({"rubric": ""}, "this cannot be a name"),
    (rubric(rubirc=1), "Did you mean 'rubric'?"),
    (rubric(title={"km": "ក"}), "the en text is missing"),
    (rubric(title=["x"]), "a mapping"),
    (rubric(criteria=[]), "a mapping"),
    (rubric(criteria={"a": None}), "exactly one rule is needed"),
    (rubric(criteria={" a": {"linear": {}}}), "this cannot be a name"),
    (rubric(criteria={"a\u0007": {"linear": {}}}), "this cannot be a name"),
    (rubric(criteria={"a": "nowhere"}), "there is no map of this name"),
    (rubric(criteria={"a": {"choice": {}}}), "a choice needs options"),
    (rubric(criteria={"a": {"choice": {"yes": "many"}}}), "a number is needed here"),
    (rubric(criteria={"a": {"choice": {"yes": "1/0"}}}), "a number is needed here"),
    (rubric(criteria={"a": {"choice": {"yes": "NaN"}}}), "a number is needed here"),
    (rubric(criteria={"a": {"choice": {"yes": "9" * 41}}}), "a number is needed here"),
    (rubric(criteria={"a": {"choice": {"yes": ["1"]}}}), "a number is needed here"),
    (rubric(criteria={"a": {"choice": {"yes": 1}, "linear": {}}}), "exactly one rule is needed"),
    (rubric(criteria={"a": {"choices": {"x": 1}, "exclusive": ["y"]}}), "there is no such option"),
    (rubric(criteria={"a": {"choices": {"x": 1}, "exclusive": "x"}}), "a list is needed here"),
    (rubric(criteria={"a": {"bands": []}}), "at least one edge"),
    (rubric(criteria={"a": {"bands": [{"at_least": 1}]}}), "this is not a band"),
    (rubric(criteria={"a": {"bands": [{"at_least": 1, "points": 1}, {"at_most": 0, "points": 0}]}}), "are mixed"),
    (rubric(criteria={"a": {"bands": [{"above": 1, "points": 1}, {"above": 1, "points": 0}]}}), "same edge"),
    (rubric(criteria={"a": {"linear": {"lowest": 2, "highest": 1}}}), "lowest is above highest"),
    (rubric(criteria={"a": {"goalposts": {"from": 1}}}), "'to' is missing"),
    (rubric(criteria={"a": {"goalposts": {"from": 1, "to": 1}}}), "both goalposts are the same"),
    (rubric(criteria={"a": {"goalposts": {"from": 0, "to": 1, "scale": "log"}}}), "goalposts above 0"),
    (rubric(criteria={"a": {"goalposts": {"from": 0, "to": 1, "digits": 2}}}), "a whole number from 5 to 60"),
    (rubric(criteria={"a": {"goalposts": {"from": 0, "to": 1, "clamp": "left"}}}), "this value is not known"),
    (rubric(criteria={"a": {"product": [{"input": "b"}]}}), "this is not a factor"),
    (rubric(criteria={**N, "a": {"product": [{"input": "n", "linear": {}}]}}), "a product needs two factors"),
    (rubric(criteria={"a": {"cases": []}}), "at least one case"),
    (rubric(criteria={"a": {"cases": [{"points": 1}, {"points": 2}]}}), "hides those after it"),
    (rubric(criteria={"a": {"cases": [{"when": {}, "points": 1}]}}), "this is not a condition"),
    (rubric(criteria={**N, "a": {"answer": "n", "input": "n", "linear": {}}}), "'answer' and 'input' are both given"),
    (rubric(criteria={"a": {"answer": "n", "linear": {}}}), "there is no answer of this name"),
    (rubric(criteria={"a": {"input": {"node": "n"}, "linear": {}}}), "there is no node of this name"),
    (rubric(criteria={"a": {"input": {"fact": "n"}, "linear": {}}}), "there is no fact of this name"),
    (rubric(criteria={"a": {"input": {"add": ["1"]}, "linear": {}}}), "needs at least two parts"),
    (rubric(criteria={"a": {"input": {"log": ["1"]}, "linear": {}}}), "this is not an input"),
    (rubric(criteria={**A, "b": {"input": {"add": ["a", 1]}, "linear": {}}}), "'a' is not a number"),
    (rubric(criteria={"a": {"input": {"age": "months"}, "linear": {}}}), "'on' must name a fact that is a date"),
    (rubric(facts={"d": "date"}, criteria={"a": {"input": {"age": "weeks", "on": "d"}, "linear": {}}}), "not known"),
    (
        rubric(
            facts={"d": "date"}, criteria={**N, "a": {"input": {"age": "days", "of": "n", "on": "d"}, "linear": {}}}
        ),
        "'n' is not a date",
    ),
    (
        rubric(facts={"d": "date"}, criteria={"a": {"input": {"age": "days", "of": 5, "on": "d"}, "linear": {}}}),
        "counted from one date",
    ),
    (
        rubric(facts={"d": "date"}, criteria={"a": {"input": {"add": [{"age": "days", "on": "d"}, 1]}, "linear": {}}}),
        "'of' is missing",
    ),
    (rubric(criteria={**A, "b": {"answer": "a", "linear": {}}}), "the rule needs a number, but reads a choice"),
    (rubric(criteria={**A, "b": {"answer": "a", "choice": {"yes": 1}}}), "an option has no points"),
    (rubric(criteria={**A, "b": {"answer": "a", "choice": {"yes": 1, "no": 0, "x": 1}}}), "'a' has no such option"),
    (rubric(criteria={"a": {"cases": [{"linear": {}}], "input": {"fact": "f"}}}), "there is no fact of this name"),
    (rubric(criteria={"a": {"points": 1, "asked": {"all": []}}}), "has no answer of its own to ask"),
    (rubric(criteria={"a": {"choice": {"x": 1}, "counts_as_until_confirmed": {"x": "y"}}}), "there is no such option"),
    (rubric(criteria={"a": {"linear": {}, "evidence": "half"}}), "half of what?"),
    (rubric(criteria={"a": {"presence": 1, "evidence": {"at_most": 1, "gate": "full"}}}), "'at_most' belongs to"),
    (rubric(criteria={"a": {"presence": 1, "evidence": {"gate": "full", "files": 0}}}), "a whole number from 1"),
    (rubric(criteria={"a": {"presence": 1, "unanswered": "nothing"}}), "a number is needed here"),
    (rubric(criteria={"a": {"presence": 1, "essential": {}}}), "what meets this essential is missing"),
    (rubric(criteria={"a": {"presence": 1, "essential": {"met_by": ["yes"]}}}), "there are no options to be met by"),
    (rubric(criteria={"a": {"choice": {"x": 1}, "essential": {"met_by": ["y"]}}}), "there is no such option"),
    (
        rubric(criteria={"a": {"choice": {"x": 1}, "essential": {"met_by": "x", "discretionary": ["y"]}}}),
        "no such option",
    ),
    (rubric(criteria={"a": {"presence": 1, "cap": 1, "floor": 2}}), "the floor is above the cap"),
    (rubric(criteria={"a": {"presence": 1, "round": {}}}), "'digits' is missing"),
    (rubric(criteria={"a": {"presence": 1, "round": {"digits": 1, "how": "nearest"}}}), "this value is not known"),
    (rubric(criteria={"a": {"presence": 1, "overrides": [{"set": 1}]}}), "this is not an override"),
    (rubric(criteria={"a": {"choice": {"x": 1}, "effort": {"x": 1, "y": 1}}}), "this key is not known"),
    (rubric(facts={"f": {}}), "'type' is missing"),
    (rubric(facts={"f": "colour"}), "this value is not known"),
    (rubric(facts={"f": "choice"}), "options do not fit"),
    (rubric(facts={"f": {"type": "number", "options": ["a"]}}), "options do not fit"),
    (rubric(facts={"f": {"type": "date", "default": "tomorrow"}}), "a date is written 2026-01-31"),
    (rubric(facts={"f": {"type": "choices", "options": ["a"], "default": ["b"]}}), "no such option"),
    (rubric(answers={"f": {"type": "number", "tittle": "x"}}), "this key is not known"),
    (rubric(criteria=A, groups={"a": {"combine": "sum", "of": ["a"]}}), "a criterion has this name already"),
    (rubric(groups={"g": {}}), "'combine' is missing"),
    (rubric(groups={"g": {"combine": "sum", "of": []}}), "a group needs children"),
    (rubric(groups={"g": {"combine": "sum", "of": ["a"]}}), "there is no criterion or group of this name"),
    (rubric(criteria=A, groups={"g": {"combine": "sum", "of": ["a", "a"]}}), "this child is listed twice"),
    (rubric(criteria=A, groups={"g": {"combine": "mean", "of": {"a": -1}}}), "cannot have weights below 0"),
    (rubric(criteria=A, groups={"g": {"combine": "lowest", "of": {"a": 2}}}), "takes no weights"),
    (rubric(criteria=A, groups={"g": {"combine": "geometric_mean", "of": {"a": 0}}}), "weights above 0"),
    (
        rubric(criteria={**A, **N}, groups={"g": {"combine": "geometric_mean", "of": {"a": 1, "n": 300}}}),
        "too high a root",
    ),
    (rubric(criteria=N, groups={"g": {"combine": "share", "of": ["n"]}}), "the most points of each child"),
    (rubric(criteria=A, groups={"g": {"combine": "sum", "of": {"a": {"weight": []}}}}), "stands only at the end"),
    (rubric(criteria=A, groups={"g": {"combine": "sum", "of": {"a": {"weight": [{}]}}}}), "'weight' is missing"),
    (rungs(), "a level needs rungs"),
    (rungs({"total": 1}), "a rung needs an id"),
    (rungs({"id": "r"}, {"id": "r"}), "two rungs have the same id"),
    (rungs({"id": "r", "total": {"at_least": 1, "below": 2}}), "exactly one limit is needed"),
    (rungs({"id": "r", "each_section": 1}), "'each_section' has no sections"),
    (rungs({"id": "r", "each_section": {"at_least": 1, "except": {"u": 1}}}, sections=["t"]), "not known"),
    (rungs({"id": "r"}, sections=["u"]), "there is no criterion or group"),
    (rungs({"id": "r", "criteria": {"b": {}}}), "there is no criterion of this name"),
    (rungs({"id": "r", "criteria": {"a": {}}}), "what meets this demand is missing"),
    (rungs({"id": "r", "conditions": [{"fact": "f", "is": 1}]}), "there is no fact of this name"),
    (rungs({"id": "r", "conditions": [{"answer": "a", "at_least": 1}]}), "'at_least' does not fit 'a'"),
    (rungs({"id": "r", "conditions": [{"answer": "a", "is": "maybe"}]}), "there is no such option"),
    (rungs({"id": "r", "conditions": [{"answer": "a", "in": []}]}), "at least one value is needed"),
    (rungs({"id": "r", "conditions": [{"answer": "a", "in": {"x": 1}}]}), "a list is needed here"),
    (rungs({"id": "r", "conditions": [{"all": []}]}), "'all' needs at least one condition"),
    (rungs({"id": "r", "conditions": [{"level": "l", "is": "x"}]}), "this does not fit a level"),
    (rungs({"id": "r", "conditions": [{"level": "l", "is": "r"}]}), "in a circle"),
    (rubric(criteria=A, levels={"l": {"rungs": [{"id": "r", "total": 1}]}}), "'total' has no node to look at"),
    (
        rubric(facts={"d": "date"}, criteria={"a": {"points": 1, "applies": {"fact": "d", "is": "soon"}}}),
        "a date is written",
    ),
    (rubric(words={"void": ["x"], "unanswered": "x"}), "this text stands for two states"),
    (rubric(words={"void": [["x"]]}), "a text is needed here"),
    (rubric(title="x" * 30_000), "the text is too long"),
    (rubric(criteria={"a": {"choice": {"x": 1}, "asked": {"answer": "a", "is": "x"}}}), "in a circle"),
    (rubric(criteria={"a": {"input": {"node": "a"}, "linear": {}}}), "in a circle"),
]


@pytest.mark.parametrize(("tree", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_told_in_plain_words(tree: dict[str, object], said: str) -> None:
    with pytest.raises(RubricError) as caught:
        load_rubric(tree, file="x.yaml")
    assert said in str(caught.value)
    assert all(problem.fix and problem.file == "x.yaml" for problem in caught.value.problems)


def test_all_mistakes_are_told_at_once() -> None:
    tree = rubric(
        criteria={"a": {"choise": {}}, "b": {"choice": {"x": "y"}}},
        groups={"g": {"combine": "average", "of": ["c"]}},
        levels={"l": {"of": "gg", "rungs": []}},
    )
    with pytest.raises(RubricError) as caught:
        load_rubric(tree)
    assert len(caught.value.problems) >= 6


def test_mistakes_without_end_stop_at_a_hundred() -> None:
    tree = rubric(criteria={f"c{number}": {"linear": {"bse": 1}} for number in range(500)})
    with pytest.raises(RubricError) as caught:
        load_rubric(tree)
    assert 50 <= len(caught.value.problems) <= 100


def test_the_order_of_entries_makes_no_difference() -> None:
    tree = rubric(criteria={**A, **N}, groups={"g": {"combine": "sum", "of": {"a": 1, "n": 2}}})
    turned = rubric(groups={"g": {"of": {"n": 2, "a": 1}, "combine": "sum"}}, criteria={**N, **A})
    assert load_rubric(tree).sha256 == load_rubric(turned).sha256
    assert load_rubric(tree) == load_rubric(load_rubric(tree).source)
