"""What a diligent company types into the form of each question."""

from collections.abc import Callable
from typing import Any

from questionnaires import Question
from questionnaires.model import Edition

SCOPE = "យើងខ្ញុំផ្តល់សេវាអ៊ីនធឺណិតដល់គ្រួសារ និងសាលារៀន។ " * 3

BY_KIND: dict[str, Callable[[Question], Any]] = {
    "single_choice": lambda question: (question.good or question.options)[0].value,
    "yes_partial_no": lambda question: (question.good or question.options)[0].value,
    "multiple_choice": lambda question: [one.value for one in question.good or question.options if not one.exclusive],
    "date": lambda _question: ["1", "6", "2026"],
    "number": lambda _question: "3",
    "url": lambda _question: "https://www.example.com.kh/policy",
    "text": lambda _question: SCOPE,
    "file": lambda _question: [],
}


def typed(question: Question, code: Edition) -> dict[str, Any]:
    """The form's data for one question."""
    chosen = BY_KIND[question.kind](question)
    return {question.id: chosen[:2] if question.id == code.texts.features_question else chosen}
