"""What is wrong in a rubric file, or stops a subject, is told in Khmer as well.

That every sentence has its Khmer and none is left over is checked with the other catalogues (house_rules/test_words).
"""

import pickle
from pathlib import Path

import pytest

from scoring import ScoringError, Subject, evaluate, load_rubric, phrases
from scoring.__main__ import UNUSABLE, main
from scoring.phrases import Phrases, khmer

SIGNS = range(0x1780, 0x1800)


def test_every_sentence_of_the_catalogue_is_khmer() -> None:
    assert len(khmer().table) > 200
    assert all(any(ord(sign) in SIGNS for sign in text) for text in khmer().table.values())


def test_without_catalogues_all_stays_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(phrases, "CATALOGUES", tmp_path)
    assert khmer.__wrapped__("scoring").said("this is not JSON: x") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "rubric: x\ncritera: {}\n",
            "a.yaml:2:1: rubric៖ មិនស្គាល់ឈ្មោះនេះទេ (មាន៖ critera)។ តើអ្នក",
        ),
        ("rubric: x\nrubric: y\n", "a.yaml:2:1: rubric៖ ឈ្មោះនេះមានពីរដង (មាន៖ rubric)។ សូមដក"),
        ("rubric: x\ncriteria: {a: {presence: many}}\n", "(មាន៖ many)។ សូមសរសេរលេខ ដូចជា 12, -3, 0.5 ឬ 1/3"),
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
