"""One slip is told once, where it stands, and with the word that was meant."""

from typing import Any

import pytest

from scoring import RubricError, load_rubric
from scoring.loading.reader import parse_yaml
from scoring.loading.tree import plain as as_plain_data

STATES = "excluded, void, not_applicable, unanswered"
CRITERIA = "criteria: {a: {choice: m, evidence: none}, b: m, c: m}\n"


def problems(text: str, *, plain: bool) -> list[str]:
    """From a file, and from the same as plain data, which has no places."""
    tree: Any = parse_yaml(text)
    if plain:
        tree = as_plain_data(tree)
    with pytest.raises(RubricError) as caught:
        load_rubric(tree)
    return [f"{one.node}: {one.reason} ({one.value}). {one.fix}" for one in caught.value.problems]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "rubric: x\nmaps: {m: {yes: 1}}\ndefaults: {unanswered: exclude}\n" + CRITERIA,
            "defaults: a number is needed here (exclude). Did you mean 'excluded'?",
        ),
        (
            "rubric: x\nmaps: {m: {yes: 1}}\ndefaults: {evidence: hlf}\n" + CRITERIA,
            "defaults: this value is not known (hlf). Did you mean 'half'?",
        ),
        (
            "rubric: x\nmaps: {m: {yes: 1}}\ndefaults: {effort: big}\n" + CRITERIA,
            "defaults: a number is needed here (big). Write a number such as 12, -3, 0.5 or 1/3",
        ),
        (
            "rubric: x\nmaps: {m: {yes: ten}}\n" + CRITERIA,
            f"maps.m: a number is needed here (ten). Write a number, or one of: {STATES}",
        ),
    ],
)
def test_told_once_where_it_stands(text: str, told: str, plain: bool) -> None:
    assert problems(text, plain=plain) == [told]


@pytest.mark.parametrize(
    ("part", "meant"),
    [
        ("applies: {fact: size, atleast: 5}", "at_least"),
        ("applies: {fakt: size, at_least: 5}", "fact"),
        ("applies: {al: [{fact: size, at_least: 5}]}", "all"),
        ("input: {multipy: [b, 2]}", "multiply"),
        ("not_applicable: exclud", "excluded"),
        ("void: voyd", "void"),
        ("evidence: {gate: ful}", "full"),
        ("round: {digits: 1, how: halfup}", "half_up"),
        ("overrides: [{wen: {fact: size, at_least: 5}, set: 0}]", "when"),
    ],
)
def test_the_word_that_was_meant(part: str, meant: str) -> None:
    text = f"rubric: x\nfacts: {{size: number}}\nanswers: {{b: number}}\ncriteria:\n  a: {{linear: {{}}, {part}}}\n"
    assert any(problem.endswith(f"Did you mean {meant!r}?") for problem in problems(text, plain=False))


@pytest.mark.parametrize(
    ("groups", "meant"), [("when_empty: nono", "none"), ("when_void: exclude", "excluded"), ("combine: meen", "mean")]
)
def test_the_word_that_was_meant_in_a_group(groups: str, meant: str) -> None:
    combine = "" if "combine" in groups else "combine: sum, "
    text = f"rubric: x\ncriteria: {{a: {{points: 1}}}}\ngroups: {{g: {{{combine}of: [a], {groups}}}}}\n"
    assert any(problem.endswith(f"Did you mean {meant!r}?") for problem in problems(text, plain=False))
