"""What is wrong in a rubric file, and what to do, in the reader's language; words of the file stay as written."""

from scoring.errors import Problem
from scoring.phrases import khmer


def in_words(problem: Problem, lang: str) -> str:
    """The place, what is wrong and what to do, in the reader's language."""
    if lang == "en":
        return str(problem)
    return f"{problem.place}: {problem.node or 'rubric'}៖ {in_khmer(problem)}"


def in_khmer(problem: Problem) -> str:
    """What is wrong and what to do; a sentence that the catalogue does not know stays English."""
    shown = f" (មាន៖ {problem.value})" if problem.value else ""
    reason, fix = (khmer().said(text) or text for text in (problem.reason, problem.fix))
    return f"{reason}{shown}។ {fix}"
