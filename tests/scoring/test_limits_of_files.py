"""Exactly as much as a rubric file may hold, and one more; where each mistake stands."""

import json
from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from scoring import RubricError, load_rubric
from scoring.errors import Problem, ScoringError
from scoring.loading.reader import MAX_BYTES, parse_json, parse_yaml, read_rubric
from scoring.loading.reading import MAX_PROBLEMS, suggest
from scoring.loading.tree import MAX_DEPTH, MAX_PARTS, MAX_TEXT, from_plain, plain

A: dict[str, Any] = {"a": {"choice": {"yes": 1, "no": 0}}}
N: dict[str, Any] = {"n": {"linear": {}}}


def refused(data: Mapping[str, Any]) -> tuple[Problem, ...]:
    with pytest.raises(RubricError) as caught:
        load_rubric({"rubric": "limits", **data})
    return caught.value.problems


def refused_text(text: str) -> str:
    with pytest.raises(RubricError) as caught:
        parse_json(text) if text.startswith(("{", "[")) and '"' in text else parse_yaml(text)
    return str(caught.value)


class TestHowMuch:
    def test_values(self) -> None:
        fits = [1] * (MAX_PARTS - 3)
        assert load_rubric({"rubric": "x", "about": fits}).id == "x"
        assert plain(parse_json(json.dumps({"about": fits}))) == plain(parse_yaml(json.dumps({"about": fits})))
        assert "too large" in refused({"about": [*fits, 1]})[0].reason
        assert "too many values" in refused_text(json.dumps({"about": [*fits, 1]}))
        with pytest.raises(RubricError, match="too many values"):
            parse_yaml("about: [" + "1," * (MAX_PARTS - 2) + "]")

    @pytest.mark.parametrize("fits", [True, False])
    def test_depth(self, fits: bool) -> None:
        deep = MAX_DEPTH + (0 if fits else 1)
        text = "[" * deep + "]" * deep
        data: Any = []
        for _ in range(deep - 1):
            data = [data]
        # The outermost mapping is one level of its own.
        inner = data[0] if fits else data
        if fits:
            assert plain(parse_json(text)) == plain(parse_yaml(text)) == data
            assert load_rubric({"rubric": "x", "about": inner}).id == "x"
            return
        for parse in (parse_yaml, lambda text: parse_json(text + " ")):
            with pytest.raises(RubricError, match="nested too deeply"):
                parse("[" + text + "]")
        with pytest.raises(RubricError, match="too deep"):
            load_rubric({"rubric": "x", "about": [[inner]]})

    def test_nothing_may_lie_deeper_however_empty(self) -> None:
        for deep, (start, end) in product((MAX_DEPTH + 1, MAX_DEPTH + 2), (("[", "]"), ('{"a":', "}"))):
            text = start * (deep - 1) + start[0] + end * deep
            with pytest.raises(RubricError, match="nested too deeply"):
                parse_json(text)
            if deep > MAX_DEPTH + 1:
                with pytest.raises(RubricError, match="too deep"):
                    from_plain(json.loads(text))
            else:
                assert plain(from_plain(json.loads(text))) == json.loads(text)

    def test_a_repeated_part_counts_with_its_whole_size(self) -> None:
        part = "[" + "1," * 999 + "]"
        fits = (MAX_PARTS - 10) // 1000
        assert plain(parse_yaml("a: &a " + part + "\nb: [" + "*a," * (fits - 1) + "]")) is not None
        with pytest.raises(RubricError, match="too many values"):
            parse_yaml("a: &a " + part + "\nb: [" + "*a," * fits + "]")

    def test_bytes(self, tmp_path: Path) -> None:
        path, head = tmp_path / "r.yaml", "rubric: x\n#"
        path.write_text(head + "x" * (MAX_BYTES - len(head)), "utf-8")
        assert read_rubric(path).id == "x"
        path.write_text(head + "x" * (MAX_BYTES - len(head) + 1), "utf-8")
        with pytest.raises(RubricError, match=r"too large.*below 4 MB"):
            read_rubric(path)

    def test_texts_and_names(self) -> None:
        assert load_rubric({"rubric": "x" * 120, "title": "x" * MAX_TEXT}).title.en == "x" * MAX_TEXT
        assert "cannot be a name" in refused({"rubric": "x" * 121})[0].reason
        assert "too long" in refused({"title": "x" * (MAX_TEXT + 1)})[0].reason

    def test_a_number_of_the_rubric(self) -> None:
        assert load_rubric({"rubric": "x", "criteria": {"a": {"points": "1e30"}}}).criteria["a"].attainable == 10**30
        assert "a number is needed" in refused({"criteria": {"a": {"points": Decimal(10**80)}}})[0].reason

    def test_mistakes(self) -> None:
        criteria = {f"c{number:03}": {"linear": {"bse": 1}} for number in range(MAX_PROBLEMS - 1)}
        assert len(refused({"criteria": criteria})) == MAX_PROBLEMS - 1
        assert len(refused({"criteria": {**criteria, **{f"d{n}": {"linear": {"bse": 1}} for n in range(9)}}})) == 100

    @pytest.mark.parametrize(("high", "said"), [(200, ""), (201, "too high a root")])
    def test_roots(self, high: int, said: str) -> None:
        tree = {"criteria": {**A, **N}, "groups": {"g": {"combine": "geometric_mean", "of": {"a": 1, "n": high - 1}}}}
        if said:
            assert said in refused(tree)[0].reason
        else:
            assert load_rubric({"rubric": "x", **tree}).groups["g"].digits == 30

    @pytest.mark.parametrize(("key", "low", "high"), [("needs", 1, 10_000), ("digits", 1, 60)])
    def test_whole_numbers_of_a_group(self, key: str, low: int, high: int) -> None:
        def tree(number: int) -> dict[str, Any]:
            return {"criteria": A, "groups": {"g": {"combine": "sum", "of": ["a"], key: number}}}

        for number in (low, high):
            assert getattr(load_rubric({"rubric": "x", **tree(number)}).groups["g"], key) == number
        for number in (low - 1, high + 1):
            assert f"from {low} to {high}" in refused(tree(number))[0].fix


class TestWhatIsSaid:
    def test_a_problem_names_its_place_as_far_as_it_is_known(self) -> None:
        assert str(Problem("r.yaml", 3, 5, "a", "5", "wrong", "Mend it")) == "r.yaml:3:5: a: wrong (found: 5). Mend it"
        assert str(Problem("", 3, 5, "", "", "wrong", "Mend it")) == "rubric:3:5: rubric: wrong. Mend it"
        assert str(Problem("r.yaml", 0, 0, "a", "", "wrong", "Mend it")) == "r.yaml: a: wrong. Mend it"
        assert str(Problem("", 0, 0, "a", "", "wrong", "Mend it")) == "rubric: a: wrong. Mend it"

    def test_long_values_are_cut(self) -> None:
        assert ("x" * 118) + "'" in str(ScoringError("code", "r", "n", "x" * 118, "wrong"))
        assert "'" + "x" * 119 + "… " not in str(ScoringError("code", "r", "n", "x" * 119, "wrong"))
        assert "'" + "x" * 119 + "…" in str(ScoringError("code", "r", "n", "x" * 119, "wrong"))
        (problem,) = refused({"criteria": {"a": {"points": "y" * 100}}})
        assert problem.value == "y" * 80

    @pytest.mark.parametrize("count", [20, 21])
    def test_names_are_listed_up_to_twenty(self, count: int) -> None:
        said = suggest("zzz", [f"name{number}" for number in range(count)])
        assert said.count("name") == 20
        assert said.endswith(", …") == (count > 20)

    @pytest.mark.parametrize(
        ("parse", "text", "place"),
        [
            (parse_json, '{"a": 1,\n "a": 2}', (2, 2)),
            (parse_json, '{"a": {"b": [1,\n\n   x]}}', (3, 4)),
            (parse_json, '{"a": 1}\n\n ?', (3, 2)),
            (parse_json, "", (1, 1)),
            (parse_yaml, "a: 1\na: 2\n", (2, 1)),
            (parse_yaml, "a:\n  - !!str x\n", (2, 5)),
            (parse_yaml, "a:\n  - *b\n", (2, 5)),
            (parse_yaml, "", (1, 1)),
        ],
    )
    def test_where_a_file_is_broken(self, parse: Any, text: str, place: tuple[int, int]) -> None:
        with pytest.raises(RubricError) as caught:
            parse(text)
        (problem,) = caught.value.problems
        assert (problem.line, problem.column) == place

    @pytest.mark.parametrize(
        "text", ["[" + "x" * 30 + "]", '["a\tb"]', "[NaN]", "[-Infinity]", "{'a': 1}", "a: 1", "[1,]"]
    )
    def test_what_is_no_json(self, text: str) -> None:
        with pytest.raises(RubricError, match="this is not JSON"):
            parse_json(text)

    @pytest.mark.parametrize(
        "text",
        ['{"a":\t"\\ud83d\\ude00"}', '{"a":"\\\\ud83d\\\\ude00"}', '["\\u1780\\/\\n\\"\\\\"]',
         '{"a":1,"b":[true,null,-1.50e3]}',
         '{"a":{"b":"c: d # e"},"":"- x"}', '"\\uDBFF\\uDFFF\\u0000"', "[\r\n1\r\n]"],
    )  # fmt: skip
    def test_json_means_what_it_means_elsewhere(self, text: str) -> None:
        said = json.loads(text, parse_int=str, parse_float=str)
        assert plain(parse_json(text)) == plain(from_plain(said))

    def test_empty_words_of_yaml(self) -> None:
        empty = plain(parse_yaml("[~, null, Null, NULL, '', \"null\", 'x', y]"))
        assert empty == [None, None, None, None, "", "null", "x", "y"]
        assert plain(parse_yaml("a:\nb: x\n")) == {"a": None, "b": "x"}
        assert plain(parse_yaml("!  x")) == "x"
