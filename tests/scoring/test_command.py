"""`python -m scoring`: exit codes, forms of output, subjects apart, progress, streaming."""

import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from scoring import Files, load_rubric
from scoring.__main__ import LOOK, main
from scoring.errors import ReadingError
from scoring.files.layout import Layout
from scoring.files.progress import Progress
from scoring.files.subjects import read_subjects, subject_from_tree
from scoring.headers import known
from scoring.loading.schema import schema
from scoring.options import parser

TREE = {
    "rubric": "x",
    "defaults": {"unanswered": 0, "not_applicable": "excluded"},
    "facts": {"a": "number", "kind": {"type": "yes_no", "default": "no"}},
    "criteria": {
        "a": {"choice": {"yes": 10, "no": 0}, "essential": {"met_by": ["yes"], "discretionary": ["no"]}},
        "b": {"linear": {}},
    },
    "groups": {"t": {"combine": "sum", "of": ["a", "b"]}},
    "levels": {"l": {"of": "t", "rungs": [{"id": "low", "total": 5}, {"id": "high", "total": 15}]}},
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "r.json").write_text(json.dumps(TREE))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    found = capsys.readouterr()
    return found.out, found.err


def test_every_form_of_output(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s.jsonl").write_text(
        '{"id": "=x", "answers": {"a": "yes", "b": 2.5}}\n\n{"answers": {"a": "no", "b": -3}}\n'
    )
    assert main(["evaluate", "r.json", "s.jsonl"]) == 0
    first = json.loads(said(capsys)[0].splitlines()[0])
    assert first["nodes"]["t"] == {"value": "25/2", "decimal": "12.5", "code": "sum"}
    assert (first["levels"], first["essentials"]) == ({"l": "low"}, {"a": "pass"})
    main(["evaluate", "r.json", "s.jsonl", "--format", "csv"])
    assert said(capsys)[0] == "id,t,l\n'=x,12.5,low\nline 3,-3,\n"
    main(["evaluate", "r.json", "s.jsonl", "--format", "table", "--places", "0"])
    assert said(capsys)[0].splitlines()[1].split() == ["=x", "13", "low"]
    main(["evaluate", "r.json", "s.jsonl", "--full"])
    assert json.loads(said(capsys)[0].splitlines()[0])["rubric"] == "x"


@pytest.mark.parametrize("lang", ["km", "en"])
def test_one_subject_explained(place: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    (place / "s.jsonl").write_text('{"id": "p", "answers": {"a": "no", "b": 6}}\n{"id": "q"}\n')
    assert main(["evaluate", "r.json", "s.jsonl", "--explain", "p", "--lang", lang]) == 0
    out = said(capsys)[0]
    assert "a 0 + b 6" in out
    assert "b → 15 (1)" in out
    assert ("cheapest path" in out) == (lang == "en")
    assert main(["evaluate", "r.json", "s.jsonl", "--explain", "nobody"]) == 2


def test_failures_are_told_apart(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s.jsonl").write_text(
        '{"id": "ok", "answers": {"a": "yes"}}\n{"id": "bad", "answers": {"a": "maybe"}}\nnonsense\n[]\n'
        '{"answers": {"a": NaN}}\n{"answers": {"a": "yes", "a": "no"}}\n{"colour": 1}\n{"answers": []}\n'
        '{"not_applicable": "a"}\n{"evidence": {"a": {"given": "1"}}}\n{"rulings": {"a": {"verdict": "maybe"}}}\n'
        '{"rulings": {"a": 5}}\n{"rulings": {"a": {"colour": 1}}}\n' + "[" * 5000 + "\n"
    )
    assert main(["evaluate", "r.json", "s.jsonl"]) == 1
    out, err = said(capsys)
    assert len(out.splitlines()) == 1
    assert "13 of 14 subjects could not be scored" in err
    assert "bad: x: a: no such option" in err


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (["check", "nowhere.json"], "cannot be read"),
        (["evaluate", "r.json", "nowhere.csv"], "there is no file 'nowhere.csv'. Check its name"),
        (["evaluate", "r.json", "r.txt"], "subjects are read from"),
        (["evaluate", "r.json", "r.json", "--node", "z"], "no criterion or group 'z'"),
        (["evaluate", "r.json", "twice.csv"], "is there twice"),
        (["evaluate", "r.json", "both.csv"], "is a fact and an answer"),
        (["evaluate", "r.json", "apart.csv"], "do not stand together"),
        (["evaluate", "r.json", "quote.csv"], "line 2"),
        (["evaluate", "r.json", "long.jsonl"], "a line is longer"),
        (["rehearse", "r.json", "empty.json", "twice.csv"], "both rubrics need a level of the same name"),
    ],
)
def test_what_cannot_be_used_ends_with_2(
    place: Path, capsys: pytest.CaptureFixture[str], call: list[str], reason: str
) -> None:
    (place / "r.txt").write_text("")
    (place / "empty.json").write_text('{"rubric": "y", "criteria": {"b": {"points": 1}}}')
    (place / "twice.csv").write_text("id,b,b\n")
    (place / "both.csv").write_text("id,a\n")
    (place / "apart.csv").write_text("id,criterion,value\nx,b,1\ny,b,1\nx,answer:a,yes\n")
    (place / "quote.csv").write_text('id,b\nx,"1\n')
    (place / "long.jsonl").write_text(" " * 2_100_000)
    assert main(call) == 2
    assert reason in said(capsys)[1]


def test_csv_says_everything_about_an_answer(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s.csv").write_text(
        "id;kind;answer:a;b;a.ruling;a.essential;a.reason;b.ruling;b.not_applicable;a.evidence\n"
        "p;;no;5;confirm;pass;it is enough;adjust:7;;accepted\n"
        "q;yes;yes;;confirm;;;;accepted;\n"
        "r;;yes;;perhaps;;;;;\n"
        "s;;yes;;;maybe;;;;\n"
        "t;;yes;;confirm;;;;refused;\n"
        "u;;yes\n"
    )
    assert main(["evaluate", "r.json", "s.csv", "--basis", "verified", "--format", "csv"]) == 1
    out, err = said(capsys)
    assert out == "id,t,l\np,7,low\nq,10,low\nt,10,low\n"
    assert "r (s.csv:4): the ruling on 'a'" in err
    assert "s (s.csv:5): the essential decision" in err
    assert "s.csv:7: 3 cells where the header has 10" in err


def test_tabs_and_no_column_of_names(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s.tsv").write_text("answer:a\tb\tmore\nyes\t1\tx\n\n")
    assert main(["evaluate", "r.json", "s.tsv", "--skip-unknown-columns", "--format", "csv"]) == 0
    assert said(capsys)[0] == "id,t,l\nline 2,11,low\n"
    (place / "empty.csv").write_text("")
    assert main(["evaluate", "r.json", "empty.csv", "--skip-unknown-columns", "--format", "csv"]) == 2


def test_rehearsing(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = {
        **TREE,
        "facts": {},
        "levels": {"l": {"of": "t", "rungs": [{"id": "low", "total": 8}, {"id": "high", "total": 12}]}},
    }
    (place / "new.json").write_text(json.dumps(new))
    rows = ['{"id": "up", "answers": {"a": "yes", "b": 3}}', '{"id": "down", "answers": {"b": 6}}', "nonsense"]
    rows += ['{"id": "bad", "answers": {"b": "many"}}', '{"id": "same", "facts": {"a": 1}, "answers": {"a": "yes"}}']
    (place / "s.jsonl").write_text("\n".join(rows))
    assert main(["rehearse", "r.json", "new.json", "s.jsonl"]) == 1
    out, err = said(capsys)
    assert "l: 3 scored, 1 rise, 1 fall" in out
    assert "up: low → high: “t” needs at least 15; it has 13" in out
    assert "down: low → –: “t” needs at least 8; it has 6" in out
    assert "bad: x: b" in err
    assert main(["rehearse", "r.json", "new.json", "s.jsonl", "--level", "z"]) in {1, 2}


def test_a_rehearsal_counts_changed_values(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A draft may move many scores and no level."""
    (place / "new.json").write_text(
        json.dumps({**TREE, "criteria": {**TREE["criteria"], "b": {"linear": {"base": 1}}}})
    )  # type: ignore[dict-item]
    rows = [{"id": f"s{number}", "answers": {"b": number}} for number in range(4)] + [{"id": "same"}]
    (place / "s.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert main(["rehearse", "r.json", "new.json", "s.jsonl"]) == 0
    out = said(capsys)[0].splitlines()
    assert out[0] == "l: 5 scored, 0 rise, 0 fall"
    assert out[5:7] == ["t: 4 values rise, 0 fall, 0 gain or lose a result; the largest:", "    s0: 0 → 1"]


@pytest.mark.parametrize("command", ["check", "evaluate", "rehearse", "schema"])
def test_help_explains_every_argument(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    (commands,) = (action.choices for action in parser()._actions if isinstance(action.choices, dict))
    assert all(action.help for action in commands[command]._actions)
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert "usage: python -m scoring " + command in said(capsys)[0]


def test_what_is_said_of_files_is_said_in_khmer(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s.csv").write_text("id,criterion,value\np,aa,1\n")
    assert main(["evaluate", "r.json", "s.csv", "--lang", "km"]) == 1
    assert "p (s.csv:2): rubric មិនស្គាល់" in said(capsys)[1]
    for text in ("id,b,c\n", "", 'id,b\nx,"1\n', "id,b,b\n", "id,criterion,value\nx,b,1\ny,b,1\nx,b,2\n"):
        (place / "s.csv").write_text(text)
        assert main(["evaluate", "r.json", "s.csv", "--lang", "km"]) == 2
        err = said(capsys)[1]
        assert any("\u1780" <= sign <= "\u17ff" for sign in err)
        assert "the " not in err


def test_the_schema_knows_every_key() -> None:
    found = schema()
    assert found["required"] == ["rubric"]
    assert json.loads(json.dumps(found)) == found


def test_check_says_that_a_rubric_is_usable_and_what_to_look_at(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "r.json"]) == LOOK
    out = said(capsys)[0]
    assert "is usable: 2 criteria, 1 groups, 1 levels" in out
    assert "facts.kind: nothing looks at this fact" in out
    assert main(["schema"]) == 0


def test_a_reader_that_stops_early_is_no_error(place: Path) -> None:
    (place / "s.jsonl").write_text('{"answers": {"a": "yes"}}\n' * 3000)
    call = f"{sys.executable} -m scoring evaluate r.json s.jsonl | head -1"
    root = Path(__file__).parents[2]
    run = subprocess.run(
        ["/bin/sh", "-c", call], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(root)}, cwd=place
    )
    assert run.stdout.count("\n") == 1
    assert run.stderr == ""


def test_a_reader_that_has_stopped_is_told_by_the_exit_code(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "s.jsonl").write_text('{"answers": {"a": "yes"}}\n')
    reading, writing = os.pipe()
    os.close(reading)
    # Closing flushes what is left, which must go nowhere without a word.
    with os.fdopen(writing, "w", buffering=1) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert main(["evaluate", "r.json", "s.jsonl"]) == 2


def test_progress_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    source = io.BytesIO(b"x" * 100)
    source.read(50)
    stream = Terminal()
    progress = Progress(stream, 100, source)
    progress.shown_at -= 10
    for _ in range(128):
        progress.step()
    progress.done()
    assert "64 subjects, 50 %" in stream.getvalue()
    assert stream.getvalue().endswith("128 subjects, 100 %\n")
    quiet = io.StringIO()
    silent = Progress(quiet, 100, source)
    silent.step()
    silent.done()
    assert quiet.getvalue() == ""


def test_memory_does_not_grow_with_the_file() -> None:
    rubric = load_rubric({"rubric": "x", "criteria": {"b": {"linear": {}}}})

    def peak(rows: int) -> int:
        class Rows(io.TextIOBase):
            at = 0

            def readline(self, size: int | None = -1) -> str:  # type: ignore[override]
                self.at += 1
                return "id,b\n" if self.at == 1 else f"{self.at},1\n" if self.at < rows else ""

        tracemalloc.start()
        for _ in read_subjects(Path("s.csv"), Rows(), known(rubric), Layout()):  # type: ignore[arg-type]
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(20_000) < 2 * peak(2_000)


def test_a_subject_from_its_tree() -> None:
    found = subject_from_tree(
        {"evidence": {"a": {"given": 2}}, "rulings": {"a": "confirm"}, "not_applicable": ["b"]}, "n"
    )
    assert (found.evidence["a"], found.not_applicable, found.id) == (Files(2, 0), frozenset({"b"}), "n")
    with pytest.raises(ReadingError):
        subject_from_tree([])
