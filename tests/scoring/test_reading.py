"""Rubric files that must be refused: all at once, in plain words, in less than a second and 200 MB."""

import subprocess
import sys
from pathlib import Path

import pytest

from scoring import RubricError, load_rubric
from scoring.loading.reader import read_rubric

LIMITED = """
import resource, sys, time
from pathlib import Path
from scoring import RubricError
from scoring.loading.reader import read_rubric
resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000))
start = time.process_time()
try:
    read_rubric(Path(sys.argv[1]))
except RubricError as error:
    # Processor time, so that a busy machine does not decide.
    print(time.process_time() - start, error)
    sys.exit(3)
"""

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MANY = "rubric: x\ncriteria:\n" + "".join(f"  c{number}: {{linear: {{bse: 1}}}}\n" for number in range(40_000))
FEWER = "rubric: x\ncriteria:\n" + "".join(f"  c{number}: {{linear: {{bse: 1}}}}\n" for number in range(9_000))
TIMES = 4
HOSTILE = {
    "alias bomb.yaml": BOMB,
    "deep list.yaml": "rubric: " + "[" * 100_000,
    "deep map.yaml": "\n".join(" " * depth + "a:" for depth in range(3000)),
    "deep.json": '{"a":' * 100_000,
    "large.yaml": "rubric: x\n" + "# filler\n" * 1_200_000,
    "many values.yaml": "rubric: x\nwords: {void: [" + "a, " * 400_000 + "]}\n",
    "many values.json": '{"rubric": [' + "1," * 400_000 + "1]}",
    "too many mistakes.yaml": MANY,
    "many mistakes.yaml": FEWER,
    "large number.yaml": "rubric: x\ncriteria: {a: {points: " + "9" * 1_000_000 + "}}\n",
    "exponent.yaml": "rubric: x\ncriteria: {a: {points: 1e999999999}}\n",
    "long name.yaml": "rubric: " + "x" * 1_000_000 + "\n",
    "object.yaml": "rubric: !!python/object/apply:os.system [echo]\n",
    "self.yaml": "rubric: x\ngroups: &g {a: {combine: sum, of: *g}}\n",
    "circle.yaml": "rubric: x\ngroups:\n"
    + "".join(f"  g{number}: {{combine: sum, of: [g{(number + 1) % 5000}]}}\n" for number in range(5000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_quickly_in_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE[name], encoding="utf-8")
    call = [sys.executable, "-c", LIMITED, str(path)]
    # What else runs on the machine makes a reading slower, never faster.
    for _ in range(TIMES):
        run = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
        assert run.returncode == 3, run.stderr[-500:]
        spent, said = run.stdout.split(maxsplit=1)
        assert name in said
        if float(spent) < 1:
            return
    pytest.fail(f"{spent} seconds to refuse it")


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_said_of_a_hostile_file_is_short_and_has_a_remedy(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(HOSTILE[name], encoding="utf-8")
    with pytest.raises(RubricError) as refused:
        read_rubric(path)
    for problem in refused.value.problems:
        assert problem.file == str(path)
        assert problem.fix
        assert len(str(problem)) < 400 + len(str(path))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "rubric: x\nrubric: y\n", "a.yaml:2:1: rubric: this key is there twice (found: rubric)"),
        ("a.yaml", "a: b: c\n", "a.yaml:1:5: rubric: this is not YAML"),
        ("a.yaml", "", "the file is empty"),
        ("a.yaml", "rubric: x\n---\nrubric: y\n", "there is a second document"),
        ("a.yaml", "? [a]\n: b\n", "a key must be a single text"),
        ("a.yaml", "rubric: *nowhere\n", "nothing called"),
        ("a.yaml", "rubric: !!str x\n", "tags are not read"),
        ("a.yaml", "rubric: &a x\ntitle: *a\n", ""),
        ("a.yaml", "rubric: x\nabout: \x00\n", "this is not YAML"),
        ("a.yaml", "- rubric\n", "a mapping (name: value) is needed here"),
        ("a.json", '{"rubric": "x", "rubric": "y"}', "a.json:1:17: rubric: this key is there twice (found: rubric)"),
        ("a.json", '{"rubric": NaN}', "this is not JSON"),
        ("a.json", '{"rubric": "x"} 1', "a.json:1:17: rubric: this is not JSON: Extra data. Check commas"),
        ("a.json", '{"a": [1 2]}', "this is not JSON: Expecting ',' delimiter"),
        ("a.json", '{\n  "rubric": "x",\n  "titel": true}', "a.json:3:3: rubric: this key is not known (found: titel)"),
        ("a.json", '{"rubric": "x", "about": null, "criteria": {}, "words": {"void": []}}', ""),
        ("missing.yaml", None, "the file cannot be read"),
    ],
)
def test_files_that_are_not_a_tree(name: str, text: str | None, said: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    if not said:
        assert read_rubric(tmp_path / name).id == "x"
        return
    with pytest.raises(RubricError) as caught:
        read_rubric(tmp_path / name)
    assert said in str(caught.value)


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"rubric: \xff\xfe")
    with pytest.raises(RubricError, match="not UTF-8"):
        read_rubric(tmp_path / "a.yaml")


def test_yaml_and_json_give_the_same_rubric(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "groups: {t: {of: [a], combine: sum}}\n# a comment\ncriteria:\n  a: {choice: {no: 0, yes: 1.5}}\nrubric: x\n"
    )
    (tmp_path / "a.json").write_text(
        '{"rubric": "x", "criteria": {"a": {"choice": {"yes": 1.5, "no": 0}}},'
        ' "groups": {"t": {"combine": "sum", "of": ["a"]}}}'
    )
    first, second = read_rubric(tmp_path / "a.yaml"), read_rubric(tmp_path / "a.json")
    assert first.sha256 == second.sha256
    assert load_rubric(first.source) == first


@pytest.mark.parametrize("value", [1.5, object(), {1.5: "x"}, {None: 1}])
def test_plain_data_that_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(RubricError):
        load_rubric({"rubric": "x", "about": value})


def test_plain_data_that_contains_itself_is_refused() -> None:
    tree: dict[str, object] = {"rubric": "x"}
    tree["about"] = tree
    with pytest.raises(RubricError, match="too deep"):
        load_rubric(tree)
