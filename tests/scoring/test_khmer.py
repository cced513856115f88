"""What is wrong in a rubric file is told in Khmer as well: every sentence that reading may say has its other half."""

import ast
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

import scoring
from scoring import ScoringError, Subject, evaluate, load_rubric, stopped
from scoring.__main__ import UNUSABLE, main
from scoring.loading.khmer import KHMER
from scoring.phrases import Phrases

ROOT = Path(scoring.__file__).parent
SAYING = {"wrong", "refuse", "Problem", "_wrong", "_refuse"}
SIGNS = range(0x1780, 0x1800)


def sentences(folder: Path, saying: set[str]) -> Iterator[tuple[str, str]]:
    """Every text of several words given to what notes a problem, with `{}` for values; and where."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in saying:
                for part in (*node.args, *(one.value for one in node.keywords)):
                    yield from ((f"{path.name}:{node.lineno}", text) for text in _texts(part) if " " in text)


def _texts(node: ast.AST) -> Iterator[str]:
    """The node's own texts; those of other calls are theirs."""
    text = _template(node)
    if text is not None:
        yield text
    elif not isinstance(node, ast.Call):
        for part in ast.iter_child_nodes(node):
            yield from _texts(part)


def _template(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)  # type: ignore[misc]
    return None


def is_khmer(text: str) -> bool:
    return any(ord(sign) in SIGNS for sign in text)


def test_every_sentence_is_there_in_khmer() -> None:
    found = {text: place for place, text in sentences(ROOT / "loading", SAYING)}
    assert len(found) > 100
    unknown = {text: place for text, place in found.items() if not is_khmer(KHMER.said(text.replace("{}", "x")) or "")}
    assert not unknown


def test_no_sentence_is_left_over() -> None:
    """What nothing says any more goes from the table."""
    files = (path for path in sorted((ROOT / "loading").glob("*.py")) if path.name != "khmer.py")
    source = "".join(path.read_text("utf-8") for path in files).replace("{{", "{").replace("}}", "}")
    for sentence in KHMER.table:
        # Which word begins a suggestion is chosen where it is made.
        assert max(sentence.split("{}"), key=len).removeprefix("Use").strip() in source, sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "rubric: x\ncritera: {}\n",
            "a.yaml:2:1: rubric៖ មិនស្គាល់ឈ្មោះនេះទេ (មាន៖ critera)។ តើអ្នក",
        ),
        ("rubric: x\nrubric: y\n", "a.yaml:2:1: rubric៖ ឈ្មោះនេះមានពីរដង (មាន៖ rubric)។ សូមដក"),
        ("rubric: x\ncriteria: {a: {points: many}}\n", "(មាន៖ many)។ សូមសរសេរលេខ ដូចជា 12, -3, 0.5 ឬ 1/3"),
        ("- x\n", "នៅទីនេះត្រូវការគូ (ឈ្មោះ: តម្លៃ)។ សូមសរសេរមួយចំណុចក្នុងមួយបន្ទាត់៖ ឈ្មោះ: តម្លៃ"),
    ],
)
def test_problems_in_khmer(text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    assert main(["check", str(path), "--lang", "km"]) == UNUSABLE
    assert said in capsys.readouterr().err


def test_phrases_carry_values_over() -> None:
    phrases = Phrases({"keep {} of {}": "ទុក {} ក្នុង {}", "keep {}": "ទុក {}", "done": "រួច"})
    assert phrases.said("keep 3 of 5") == "ទុក 3 ក្នុង 5"
    assert phrases.said("keep all") == "ទុក all"
    assert phrases.said("done") == "រួច"
    assert phrases.said("other") is None


class TestStopped:
    """Why a subject cannot be scored."""

    def test_every_sentence_is_there_and_none_is_left_over(self) -> None:
        found = {text for _, text in sentences(ROOT, {"ScoringError", "error", "ValueRefusedError"})}
        assert found == set(stopped.KHMER.table)
        assert all(is_khmer(text) for text in stopped.KHMER.table.values())

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"a": "never"}, "r: a៖ គ្មានជម្រើសនេះទេ។ ដែលមាន៖ yes, no (តម្លៃ៖ 'never', unknown_option)"),
            ({}, "r: a៖ rubric មិនកំណត់ពិន្ទុសម្រាប់ស្ថានភាពនេះទេ (តម្លៃ៖ 'unanswered', unanswered_not_allowed)"),
            ({"b": "yes"}, "r: b៖ rubric មិនស្គាល់ answer ឈ្មោះនេះទេ (តម្លៃ៖ 'b', unknown_answer)"),
        ],
    )
    def test_in_khmer(self, answers: dict[str, str], said: str) -> None:
        rubric = load_rubric({"rubric": "r", "criteria": {"a": {"choice": {"yes": 1, "no": 0}}}})
        with pytest.raises(ScoringError) as stop:
            evaluate(rubric, Subject({}, answers))
        assert stop.value.because("km") == said
        assert stop.value.because("en") == str(stop.value)
        missing = ScoringError("missing_fact", "r", "big", None, "this fact is needed but not given")
        assert missing.because("km") == "r: big៖ ត្រូវការព័ត៌មាននេះ តែមិនបានផ្តល់ (missing_fact)"
        again = pickle.loads(pickle.dumps(stop.value))
        assert (str(again), again.code, again.value) == (str(stop.value), stop.value.code, stop.value.value)
