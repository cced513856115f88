"""`check` reads a rubric back, and tells what is well-formed but looks wrong."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import load_rubric
from scoring.__main__ import LOOK, OK, UNUSABLE, main
from scoring.checking.bounds import bounds
from scoring.checking.constant import constant
from scoring.checking.remarks import Remark, remarks
from scoring.checking.standing import conditions
from scoring.checking.words import REMARKS
from scoring.evaluate import run
from scoring.loading.load import written_out
from scoring.loading.reader import parse_yaml
from scoring.loading.reading import Reading
from tests.scoring.laws.strategies import rubrics, subjects
from tests.scoring.laws.test_sentences import TESTS, meaning, ref_of, rubric_with, trees
from tests.scoring.laws.trying import law, scored

REPEATED = """\
rubric: repeated
lists:
  page: [{id: policy}, {id: website}]
  place: [here, there]
criteria:
  <id> <place>: {for_each: [page, place], where: {id: [policy, website]}, choice: {yes: 10, no: 0}}
groups:
  total: {combine: sum, of: {matching: "* *"}}
"""
SOUND = """\
rubric: sound
words: {not_applicable: [N/A]}
maps: {ynp: {yes: 10, no: 0}}
facts: {kind: {type: choice, options: [a, b]}, visit: {type: yes_no, default: no}}
answers: {age: number}
criteria:
  policy: {choice: ynp, essential: {met_by: [yes]}}
  years: {answer: age, bands: [{at_least: 10, points: 10}, {otherwise: 0}], applies: {fact: kind, is: a}}
groups:
  total: {combine: mean, of: {policy: 1, years: 3}}
levels:
  award:
    of: total
    rungs:
      - {id: low, essentials: required}
      - {id: mid, total: 5, conditions: [{fact: visit, is: yes}]}
      - {id: top, total: 10}
"""
WRONG = {
    "empty": (1, "rubric: x\n", "", ""),
    "unused_fact": (4, SOUND, "visit: {", "size: number, visit: {"),
    "unused_answer": (5, SOUND, "{age: number}", "{age: number, other: date}"),
    "unused_map": (3, SOUND, "maps: {", "maps: {old: {yes: 1}, "),
    "outside": (9, SOUND, "groups:\n", "  lonely: ynp\ngroups:\n"),
    "essential_unasked": (7, SOUND, "essentials: required", "total: 0"),
    "no_lower_end": (8, SOUND, ", {otherwise: 0}]", ", {at_least: 5, points: 1}]"),
    "no_upper_end": (8, SOUND, "[{at_least: 10, points: 10}, {otherwise: 0}]",
                     "[{at_most: 9, points: 0}, {below: 3, points: 10}]"),
    "no_last": (7, SOUND, "choice: ynp, ", "cases: [{when: {fact: kind, is: a}, choice: ynp}], "),
    "option_is_word": (7, SOUND, "{yes: 10, no: 0}", "{yes: 10, no: 0, N/A: 5}"),
    "weighs_nothing": (10, SOUND, "policy: 1, years: 3", "policy: 0, years: 0"),
    "child_weighs_nothing": (10, SOUND, "policy: 1, ", "policy: 0, "),
    "best_first": (14, SOUND.replace("top, total: 10", "top, total: 4"), "low, ", "low, total: 6, "),
    "easier": (17, SOUND, "top, total: 10", "top, total: 4"),
    "same": (17, SOUND, "- {id: top, total: 10}", "- {id: top, total: 5, conditions: [{fact: visit, is: yes}]}"),
    "beyond": (17, SOUND, "top, total: 10", "top, total: 10.01"),
    "unused_list": (3, REPEATED, "lists:\n", "lists:\n  other: [a, b]\n"),
    "unused_column": (3, REPEATED, "{id: policy}, {id: website}", "{id: policy, x: 1}, {id: website, x: 2}"),
    "always_true": (8, SOUND, "{fact: kind, is: a}", "{fact: kind, in: [a, b]}"),
    "always_false": (8, SOUND, "{fact: kind, is: a}", "{all: [{fact: kind, is: a}, {fact: kind, is: b}]}"),
    "alike": (10, SOUND, "total: {combine", "total: {title: policy, combine"),
}  # fmt: skip
# Tests on facts of which every way to come out can be listed.
PLAIN = tuple(place for place, test in enumerate(TESTS) if test.get("fact") not in {None, "words"})


def told(text: str) -> tuple[Remark, ...]:
    tree = parse_yaml(text)
    return remarks(load_rubric(tree), written_out(Reading(), tree), tree)


def test_a_sound_rubric_has_no_remark() -> None:
    assert told(SOUND) == ()
    assert told(REPEATED) == ()


def test_every_remark_is_tried() -> None:
    assert WRONG.keys() == REMARKS.keys()


@pytest.mark.parametrize("code", WRONG)
def test_a_remark_tells_its_place_and_what_to_do(code: str) -> None:
    line, text, old, new = WRONG[code]
    changed = text.replace(old, new, 1) if old else text
    assert changed != text or not old
    found = [remark for remark in told(changed) if remark.code == code]
    assert found
    assert found[0].place.line == line
    for lang in ("km", "en"):
        said = found[0].says(lang, "r.yaml")
        assert said.startswith(f"r.yaml:{line}:{found[0].place.column}: ")
        assert "{name}" not in said
        assert any("\u1780" <= sign <= "\u17ff" for sign in said) == (lang == "km")


def test_rungs_written_best_first_are_told_once() -> None:
    """Ninety points earn bronze there."""
    rungs = "[{id: gold, total: 85}, {id: silver, total: 70}, {id: bronze, total: 50}]"
    text = f"rubric: x\ncriteria: {{a: {{linear: {{}}}}}}\nlevels: {{award: {{of: a, rungs: {rungs}}}}}\n"
    assert [remark.code for remark in told(text)] == ["best_first"]
    assert (
        told(text.replace("gold, total: 85", "gold, total: 5").replace("bronze, total: 50", "bronze, total: 95")) == ()
    )
    low = text.replace("of: a", "of: a, better: low")
    assert told(low) == ()


def test_bands_of_ages_and_counts_need_no_lower_end() -> None:
    text = "rubric: x\ncriteria: {a: {bands: [{at_least: 0, points: 1}, {at_least: 5, points: 2}]}}\n"
    assert told(text) == ()
    assert [one.code for one in told(text.replace("at_least: 0", "above: 0"))] == ["no_lower_end"]


class TestCommand:
    def test_what_is_printed(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "sound.yaml"
        path.write_text(SOUND)
        assert main(["check", str(path)]) == OK
        out = capsys.readouterr().out.splitlines()
        assert out[1:] == [
            "award, from the worst to the best:",
            "  1. low: all essentials (1)",
            "  2. mid: “total” needs at least 5; “visit” is “yes”",
            "  3. top: “total” needs at least 10",
            "total = mean of 2, weights 4 together: policy 1, years 3",
        ]
        assert main(["check", str(path), "--lang", "km"]) == OK
        assert "  3. top៖ «total» ត្រូវការយ៉ាងតិច ១០" in capsys.readouterr().out.splitlines()

    def test_something_to_look_at_ends_with_1(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "r.yaml"
        path.write_text(SOUND.replace("visit: {", "size: number, visit: {", 1))
        assert main(["check", str(path)]) == LOOK
        line = "facts.size: nothing looks at this fact. Use it in a condition, or remove it"
        assert capsys.readouterr().out.splitlines()[-1] == f"{path}:4:48: {line}"
        path.write_text("rubric: [")
        assert main(["check", str(path)]) == UNUSABLE

    def test_what_is_repeated_is_told_a_few_times(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "r.yaml"
        facts = ", ".join(f"f{number}: number" for number in range(30))
        path.write_text(SOUND.replace("visit: {", facts + ", visit: {", 1))
        assert main(["check", str(path)]) == LOOK
        out = capsys.readouterr().out.splitlines()
        assert out[-1] == "and 20 more like this: nothing looks at this fact"
        assert sum("nothing looks at this fact" in line for line in out) == 11


class TestLaws:
    """What a remark claims is so: nobody is outside the bounds, and a constant condition never changes."""

    @law
    @given(st.data(), st.sampled_from(("claimed", "verified")))
    def test_nobody_is_outside_the_bounds(self, data: st.DataObject, basis: Any) -> None:
        rubric = load_rubric(data.draw(rubrics()))
        subject = data.draw(subjects(rubric))
        scored(rubric, subject, basis)
        reached = bounds(rubric)
        work = run(rubric, subject, basis)
        for name, node in work.nodes.items():
            low, high = reached[name]
            if node.value is not None:
                assert low is None or low <= node.value
                assert high is None or node.value <= high
        for _, condition in conditions(rubric):
            always = constant(rubric, condition, reached)
            assert always is None or work.asks(condition) == always or work.grants(condition) == always

    def test_a_child_that_drops_out_adds_nothing(self) -> None:
        a = "{points: 5, unsupported: 5, applies: {fact: f, is: yes}}"
        text = f"rubric: x\nfacts: {{f: yes_no}}\ncriteria: {{a: {a}, b: {{points: 2}}}}\n"
        rubric = load_rubric(parse_yaml(text + "groups: {t: {combine: sum, of: [a, b]}}\n"))
        assert bounds(rubric)["t"] == (0, 7)

    @pytest.mark.parametrize(
        ("condition", "always"),
        [
            ({"all": [{"fact": "size", "above": 1}, {"fact": "size", "below": 2}]}, None),
            ({"any": [{"fact": "size", "at_most": 1}, {"fact": "size", "at_least": 2}]}, None),
            ({"all": [{"fact": "size", "above": 2}, {"fact": "size", "below": 1}]}, False),
            ({"any": [{"fact": "size", "above": 1}, {"not": {"fact": "size", "above": 1}}]}, True),
        ],
    )
    def test_between_two_limits(self, condition: dict[str, Any], always: bool | None) -> None:
        rubric = rubric_with(condition)
        (read,) = rubric.levels["other"].rungs[0].conditions
        assert constant(rubric, read, bounds(rubric)) is always

    @law
    @given(st.data())
    def test_constant_conditions(self, data: st.DataObject) -> None:
        leaves = tuple(data.draw(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=3, unique=True)))
        rubric = rubric_with(data.draw(trees(leaves)))
        (condition,) = rubric.levels["other"].rungs[0].conditions
        refs = tuple(sorted({ref_of(leaf) for leaf in leaves}, key=str))
        seen = set(meaning(condition, refs))
        assert constant(rubric, condition, bounds(rubric)) == (seen.pop() if len(seen) == 1 else None)
