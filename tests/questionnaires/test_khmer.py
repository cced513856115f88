"""What is wrong in an edition's files is told in Khmer as well."""

from pathlib import Path

import pytest

import questionnaires
from questionnaires import loader
from questionnaires.errors import EditionError
from questionnaires.khmer import KHMER, in_words
from tests.scoring.test_khmer import is_khmer, sentences

ROOT = Path(questionnaires.__file__).parent
SAYING = {"_wrong", "_stop", "_note", "_error", "_warning", "EditionError"}


def test_every_sentence_is_there_in_khmer() -> None:
    found = {text: place for place, text in sentences(ROOT, SAYING)}
    found |= {text.format(**dict.fromkeys(("pattern", "expected", "min_length", "ge", "le"), "x")): "loader.py"
              for text in loader._REASONS.values()}  # fmt: skip
    assert len(found) > 30
    unknown = {text: place for text, place in found.items() if not is_khmer(KHMER.said(text.replace("{}", "x")) or "")}
    assert not unknown


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("there is no option called yess; did you mean yes?", "គ្មាន option ឈ្មោះ yess ទេ។ តើអ្នកចង់សរសេរ yes មែនទេ?"),
        ("this key is there twice (found: a). Remove one of them", "ឈ្មោះនេះមានពីរដង (មាន៖ a)។ សូមដកមួយចេញ"),
        ("a number is needed here. Write a single value", "នៅទីនេះត្រូវការលេខ។ សូមសរសេរតម្លៃតែមួយ"),
        ("Value error, nobody knows", "Value error, nobody knows"),
    ],
)
def test_errors_in_khmer(reason: str, said: str) -> None:
    """The rubric language's own sentences are known too; what nobody has put into words stays as it is."""
    error = EditionError("rules.yaml", 3, 7, "checks.one", reason)
    assert in_words(error, "km") == f"rules.yaml:3:7: checks.one៖ {said}"
    assert in_words(error, "en") == str(error)
