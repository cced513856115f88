"""Answers for a whole assessment, as a person would type them into the pages."""

from typing import Any

from questionnaires import Question
from questionnaires.model import Edition


def typed(question: Question, code: Edition) -> dict[str, Any]:
    """What a diligent company types into the form of one question."""
    name = question.id
    if name == code.texts.features_question:
        return {name: [option.value for option in question.options if not option.exclusive][:2]}
    if question.kind in ("single_choice", "yes_partial_no"):
        best = question.good[0] if question.good else question.options[0]
        return {name: best.value}
    if question.kind == "multiple_choice":
        chosen = [option.value for option in (question.good or question.options) if not option.exclusive]
        return {name: chosen}
    if question.kind == "date":
        return {name: ["1", "6", "2026"]}
    if question.kind == "number":
        return {name: "3"}
    if question.kind == "url":
        return {name: "https://www.example.com.kh/policy"}
    return {name: "យើងខ្ញុំផ្តល់សេវាអ៊ីនធឺណិតដល់គ្រួសារ និងសាលារៀន។ " * 3}
