"""An answer as the cells of the offline form say it, and what people type into such cells."""

from typing import Any

from compliance.bounded.form_layout import TICK
from questionnaires import Lang, Question
from questionnaires.answers import NO_CASE, load, typed_form
from questionnaires.errors import AnswerError
from questionnaires.messages import LABELS
from questionnaires.typed import digits, tidy

YES = frozenset({"x", "✓", "✔", "v", "yes", "y", "1", "true", "បាទ", "ចាស", "បាទ/ចាស"})
NO = frozenset({"", "no", "n", "0", "false", "ទេ", "-"})


def plain(text: str) -> str:
    """As two texts are compared: without invisible marks, double spaces and capitals."""
    return " ".join(digits(tidy(text)).split()).casefold()


def is_yes(text: str) -> bool | None:
    """Whether a cell is marked; None for a word that says neither."""
    said = plain(text)
    return True if said in YES else False if said in NO else None


def choices(question: Question, lang: Lang) -> list[str]:
    """What the list of an answer's cell offers."""
    if question.number and question.number.empty_means:
        return [LABELS["no_case"][lang]]
    return [] if question.kind == "multiple_choice" else [option.label[lang] for option in question.options]


def shown(question: Question, value: Any, lang: Lang) -> str:
    """A stored value as its cell says it; of several options each has a row of its own."""
    if value is None or question.kind in {"multiple_choice", "file"}:
        return ""
    if question.options:
        return next((one.label[lang] for one in question.options if one.value == value), str(value))
    if value == NO_CASE:
        return LABELS["no_case"][lang]
    try:
        return "/".join(typed_form(load(question, value)))
    except AnswerError:
        return str(value)


def ticked(option: str, value: Any) -> str:
    """The mark of one option of several."""
    return TICK if isinstance(value, list) and option in value else ""


def sent(question: Question, text: str) -> list[str]:
    """What the page of the question would send for this cell."""
    typed = tidy(text)
    if not typed:
        return []
    if question.options:
        same = (one.value for one in question.options if plain(typed) in _names(one))
        return [next(same, typed)]
    no_case = {plain(LABELS["no_case"][lang]) for lang in ("km", "en")}
    if question.number and question.number.empty_means and plain(typed) in no_case:
        return [""]
    return [typed]


def _names(option: Any) -> set[str]:
    return {plain(option.label.km), plain(option.label.en), option.value}
