"""What is wrong in an edition's files is told in Khmer as well."""

import pytest

from questionnaires import loader
from questionnaires.errors import EditionError
from questionnaires.khmer import in_words
from scoring import Problem
from scoring.phrases import khmer


@pytest.mark.parametrize("reason", sorted(set(loader._REASONS.values())))
def test_what_a_model_refuses(reason: str) -> None:
    filled = reason.format(**dict.fromkeys(("pattern", "expected", "min_length", "ge", "le"), "x"))
    assert khmer("questionnaires").said(filled)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("there is no option called yess; did you mean yes?", "គ្មាន option ឈ្មោះ yess ទេ។ តើអ្នកចង់សរសេរ yes មែនទេ?"),
        ("gov_x is read as text; a file question needs the type given",
         "gov_x ត្រូវបានអានជា text តែសំណួរប្រភេទ file ត្រូវការប្រភេទ given"),
        ("Value error, nobody knows", "Value error, nobody knows"),
    ],
)  # fmt: skip
def test_errors_in_khmer(reason: str, said: str) -> None:
    """What nobody has put into words stays as it is."""
    error = EditionError("rules.yaml", 3, 7, "checks.one", reason)
    assert in_words(error, "km") == f"rules.yaml:3:7: checks.one៖ {said}"
    assert in_words(error, "en") == str(error)


def test_problems_of_the_rubric_language_in_khmer() -> None:
    error = EditionError.of(Problem("rules.yaml", 3, 7, "x", "a", "this key is there twice", "Remove one of them"))
    assert in_words(error, "km") == "rules.yaml:3:7: x៖ ឈ្មោះនេះមានពីរដង (មាន៖ a)។ សូមដកមួយចេញ"
    assert in_words(error, "en") == "rules.yaml:3:7: x: this key is there twice (found: a). Remove one of them"
