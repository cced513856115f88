"""Sheets: what does not fit on one is refused, what they cannot decide is left to the plain code."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bench.scoring_data import subjects
from questionnaires import current
from scoring import Files, Rubric, Ruling, Subject, load_rubric
from scoring.many.reached import reached
from scoring.many.sheets import Layout, NoSheetError, Sheets

ON = date(2026, 11, 20)


def rubric(**changed: Any) -> Rubric:
    tree: dict[str, Any] = {
        "rubric": "small",
        "version": "1",
        "words": {"unanswered": ["-"]},
        "facts": {"kinds": {"type": "choices", "options": ["isp", "shop"], "default": ["shop"]}},
        "answers": {
            "reach": "number",
            "since": {"type": "date"},
            "sites": {"type": "choices", "options": ["a", "b"]},
        },
        "defaults": {"unanswered": "0", "not_applicable": "excluded"},
        "criteria": {"policy": {"choice": {"yes": "10", "no": "0", "unknown": "void"}}, "link": {"presence": "10"}},
        "groups": {"total": {"combine": "mean", "of": ["policy", "link"], "when_void": "error"}},
        "levels": {"award": {"of": "total", "rungs": [{"id": "low", "total": "5"}, {"id": "high", "total": "10"}]}},
    }
    return load_rubric({**tree, **changed})


@pytest.mark.parametrize(
    "said",
    [
        {"answers": {"policy": "perhaps"}},
        {"answers": {"policy": "-"}},
        {"answers": {"nobody asked": "yes"}},
        {"answers": {"since": date(1800, 1, 1)}},
        {"answers": {"sites": ";"}},
        {"facts": {"kinds": ()}},
        {"evidence": {"policy": Files(99)}},
        {"evidence": {"policy": "perhaps"}},
        {"not_applicable": frozenset({"nobody asked"})},
    ],
)
def test_what_does_not_fit_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(NoSheetError):
        Layout(rubric()).write(Subject(**said))


def test_everything_that_fits_comes_back() -> None:
    layout = Layout(rubric(), ruled=True)
    subject = Subject(
        {"kinds": ("isp", "shop")},
        {"policy": "no", "since": ON, "sites": ("b",), "reach": 5, "link": "https://example.org"},
        {"policy": Files(3, 1), "link": "refused"},
        {
            "policy": Ruling("adjust", "yes", "accepted", "refused", "pass", "seen"),
            "link": Ruling(essential="fail"),
        },
        frozenset({"link"}),
        "x",
    )
    back = layout.read(layout.write(subject), "x")
    assert back == replace(
        subject,
        answers={**subject.answers, "reach": 1, "link": "given"},
        rulings={**subject.rulings, "policy": replace(subject.rulings["policy"], reason="given")},
    )


def test_a_rubric_that_reads_content_needs_more_than_sheets() -> None:
    for criteria in (
        {"policy": {"choice": {"yes": "1"}}, "link": {"input": "reach", "linear": {}}},
        {"policy": {"choice": {"yes": "1"}, "asked": {"answer": "reach", "at_least": "5"}}, "link": {"presence": "1"}},
    ):
        wants = rubric(criteria=criteria)
        layout = Layout(wants)
        with pytest.raises(NoSheetError, match="reach"):
            reached(wants, Sheets(layout, layout.write(Subject())), "award")


@pytest.mark.parametrize(
    "group",
    [{"combine": "lowest", "of": ["policy", "link"]}, {"combine": "mean", "of": ["policy", "link"], "cap": "5"}],
)
def test_rules_that_go_one_by_one_are_refused(group: dict[str, Any]) -> None:
    wants = rubric(groups={"total": group})
    layout = Layout(wants)
    with pytest.raises(NoSheetError, match="one by one"):
        reached(wants, Sheets(layout, layout.write(Subject())), "award")


def test_who_cannot_be_scored_is_named_and_nobody_else() -> None:
    wants = rubric()
    layout = Layout(wants)
    given = [Subject(answers={"policy": word, "link": "x"}) for word in ("yes", "unknown", "no")]
    found = reached(wants, Sheets(layout, b"".join(map(layout.write, given))), "award")
    assert found.codes[0] == 2
    assert found.codes[2] == 1
    assert {at: error.code for at, error in found.failures.items()} == {1: "void_child"}
    assert reached(wants, Sheets(layout, b""), "award").codes == b""


def test_another_rubric_reads_what_it_knows() -> None:
    old = current().rubric
    layout = Layout(old)
    given = subjects(50, seed=2)
    total = {"only": {"combine": "sum", "of": ["gov_policy", "brand_new"]}}
    new = load_rubric(
        {
            "rubric": "draft",
            "criteria": {
                "gov_policy": {
                    "choice": {option: str(at) for at, option in enumerate(old.answers["gov_policy"].options)}
                },
                "brand_new": {"choice": {"yes": "1"}},
            },
            "defaults": {"unanswered": "0", "not_applicable": "0"},
            "groups": total,
            "levels": {"award": {"of": "only", "rungs": [{"id": "some", "total": {"above": "0"}}]}},
        }
    )
    found = reached(new, Sheets(layout, b"".join(map(layout.write, given))), "award")
    options = list(old.answers["gov_policy"].options)
    for subject, code in zip(given, found.codes, strict=True):
        said = subject.answers.get("gov_policy", options[0])
        assert code == (said != options[0] and "gov_policy" not in subject.not_applicable)
